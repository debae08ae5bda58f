import { AppError, cancelled, throwIfAborted } from '../../../shared/errors';
import { SERVICE_VERSIONS } from './service-versions';
import type { CallPlane, Plane, PlaneService } from './plane';
import { callApi } from './signed-call';
import { wasRefused } from './transport';

export interface CloudPlaneOptions {
  readonly id: string;
  /** `host[:port]` of the `postgres` service. */
  readonly endpoint: string;
  /** `http` is for endpoints on this machine; whoever registers a plane sees to that. */
  readonly protocol: 'https' | 'http';
  /** Goes with every request; empty only where the other side answers for all regions. */
  readonly region: string;
  readonly secretId: string;
  /** Asked for every call, so that it is held nowhere else. Fails with `secrets-locked`. */
  readonly secretKey: () => Promise<string>;
}

/** Waits before the same request is sent again because the cloud said that there were too many. */
const WAITS_MS = [500, 1_000, 2_000, 4_000] as const;
/** Requests of one plane that run at the same time: a cloud counts them per second and action. */
const AT_ONCE = 8;

/**
 * The address of one service. Clouds have a host per product, `postgres.tencentcloudapi.com` beside `vpc.tencentcloudapi.com`, also with a
 * region or `intl` between; any other endpoint answers for all services.
 */
export function serviceEndpoint(endpoint: string, service: PlaneService): string {
  const [host = '', port] = endpoint.split(':');
  const found = /^(?:postgres\.)?((?:[a-z0-9-]+\.)*tencentcloudapi\.(?:com|cn|woa\.com))$/i.exec(host);
  if (!found) return endpoint;
  return `${service}.${found[1] ?? ''}${port === undefined ? '' : `:${port}`}`;
}

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(cancelled());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });

/** Lets so many through at a time, in order. */
function createTurnstile(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = places;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

const tooMany = (error: unknown): boolean =>
  error instanceof AppError && (error.info.apiCode ?? '').startsWith('RequestLimitExceeded');

/** A kept connection that the other side closed in the moment of use; what only reads may be asked again. */
const mayReadAgain = (action: string, error: unknown): boolean =>
  /^(?:Describe|InquiryPrice)/.test(action) && error instanceof AppError && error.code === 'unreachable';

/** An account of a cloud, or of another daemon that plays one: the public services only, signed with its key pair. */
export function openCloudPlane(options: CloudPlaneOptions): Plane {
  const { id, protocol, region, secretId } = options;
  const turn = createTurnstile(AT_ONCE);
  /** All calls of the plane wait together: the limit belongs to the account. */
  let notBefore = 0;

  const call: CallPlane = async (wanted) => {
    const { service = 'postgres', action, body, response, signal } = wanted;
    const access = {
      endpoint: serviceEndpoint(options.endpoint, service),
      protocol,
      secretId,
      secretKey: await options.secretKey(),
    };
    const send = () =>
      callApi(access, { action, version: SERVICE_VERSIONS[service], service, body, response, region, signal });
    let readAgain = true;
    for (let failures = 0; ;) {
      throwIfAborted(signal);
      if (notBefore > Date.now()) await pause(notBefore - Date.now(), signal);
      try {
        return await turn(send);
      } catch (error) {
        const wait = WAITS_MS[failures];
        if (tooMany(error) && wait !== undefined) {
          failures += 1;
          // Not all at the same moment again.
          notBefore = Math.max(notBefore, Date.now() + wait * (0.75 + Math.random() / 2));
        } else if (readAgain && !wasRefused(error) && mayReadAgain(action, error)) readAgain = false;
        else throw error;
      }
    }
  };

  return { id, local: false, region, call, callOwn: null };
}
