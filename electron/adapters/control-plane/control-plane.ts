import { resolve } from 'node:path';
import type { z } from 'zod';
import { AppError, errorInfo, throwIfAborted } from '../../../shared/errors';
import { BUSY_EXIT, HOWDAH_API } from '../../../shared/model/control-plane';
import type { ControlPlaneState } from '../../../shared/model/instance';
import { LOCAL_PLANE } from '../../../shared/model/plane';
import type { Logger } from '../../log';
import type { CallPlane, Plane, PlaneCall } from './plane';
import { anyResponse } from './responses';
import { SERVICE_VERSIONS } from './service-versions';
import { callApi } from './signed-call';
import { wasRefused } from './transport';
import { findDaemon, type TrustedDaemon } from './trust';

export interface ControlPlaneOptions {
  /** State folder of the daemon; a relative one is taken from the current folder, as the daemon runs in another. */
  readonly state: string;
  /** Starts the daemon on the state folder, detached from us, and resolves when it has said that it is ready. */
  readonly launch: (state: string) => Promise<unknown>;
  readonly log: Logger;
}

/** The local control plane as the app sees it. Every call starts the daemon when it does not run. */
export interface ControlPlane {
  state(): ControlPlaneState;
  /** Finds or starts the daemon. Fails with `control-plane` and the daemon's own words. */
  connect(signal?: AbortSignal): Promise<void>;
  /** An action of a public service. */
  readonly call: CallPlane;
  /** An action of our own service. */
  readonly callOwn: CallPlane;
  /** Whether a daemon runs, without starting one. */
  find(signal?: AbortSignal): Promise<boolean>;
  /** Ends the daemon; instances and gateway go on. */
  shutdown(signal?: AbortSignal): Promise<void>;
}

const AFTER_LAUNCH_MS = 15_000;
/** Waits between attempts to start a daemon that fails, so that polling views don't start it over and over. */
const BACK_OFF_MS = [0, 500, 1_000, 2_000, 3_000] as const;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export function createControlPlane({ launch, log, ...options }: ControlPlaneOptions): ControlPlane {
  const state = resolve(options.state);
  let daemon: TrustedDaemon | null = null;
  let connecting: Promise<TrustedDaemon> | null = null;
  let problem: AppError | null = null;
  let failures = 0;
  let notBefore = 0;

  /** Another app may start the daemon in the same moment: whoever comes second waits for the first one's. */
  const startAndFind = async (): Promise<TrustedDaemon> => {
    let refusal: unknown = null;
    await launch(state).catch((error: unknown) => (refusal = error));
    const second = refusal instanceof AppError && refusal.info.exitCode === BUSY_EXIT;
    const wait = refusal === null || second ? AFTER_LAUNCH_MS : 0;
    for (const deadline = Date.now() + wait; ; await pause(50)) {
      const found = await findDaemon(state);
      if (found) return found;
      if (Date.now() >= deadline) break;
    }
    const info = refusal === null ? null : errorInfo(refusal);
    throw new AppError({
      code: 'control-plane',
      message: info ? `The control plane could not be started: ${info.message}` : 'The control plane did not start',
      ...(info?.detail === undefined ? {} : { detail: info.detail }),
      hint: `Its state and its log are in ${state}`,
      retry: true,
    });
  };

  const establish = async (): Promise<TrustedDaemon> => {
    const found = await findDaemon(state);
    if (found) return found;
    if (problem && Date.now() < notBefore) throw problem;
    log.write('info', 'starting the control plane', { state });
    return startAndFind();
  };

  const connected = (): Promise<TrustedDaemon> => {
    if (daemon) return Promise.resolve(daemon);
    connecting ??= establish()
      .then(
        (found) => {
          daemon = found;
          problem = null;
          failures = 0;
          log.write('info', 'control plane found', { endpoint: found.endpoint, pid: found.pid });
          return found;
        },
        (error: unknown) => {
          problem = error instanceof AppError ? error : new AppError(errorInfo(error), { cause: error });
          notBefore = Date.now() + (BACK_OFF_MS[failures] ?? 5_000);
          failures += 1;
          throw problem;
        },
      )
      .finally(() => (connecting = null));
    return connecting;
  };

  const call = async <Schema extends z.ZodType>(
    version: string,
    wanted: PlaneCall<Schema>,
  ): Promise<z.output<Schema>> => {
    throwIfAborted(wanted.signal);
    const used = await connected();
    try {
      return await callApi(used, { ...wanted, version });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unreachable') throw error;
      if (daemon === used) daemon = null;
      // The daemon may have ended or moved since it was found. What was refused at connect was not done, so asking again is safe.
      const reads = wanted.action.startsWith('Describe');
      if (!wasRefused(error) && !reads) throw error;
      return callApi(await connected(), { ...wanted, version });
    }
  };

  return {
    state() {
      if (daemon) {
        return { state: 'running', endpoint: daemon.endpoint, version: daemon.version, pid: daemon.pid };
      }
      if (connecting) return { state: 'starting' };
      return problem ? { state: 'failed', problem: problem.message } : { state: 'stopped' };
    },
    async connect(signal) {
      throwIfAborted(signal);
      if (daemon && !(await findDaemon(state, signal))) daemon = null;
      await connected();
    },
    call: (wanted) => call(SERVICE_VERSIONS[wanted.service ?? 'postgres'], wanted),
    callOwn: (wanted) => call(HOWDAH_API, wanted),
    async find(signal) {
      return (await findDaemon(state, signal)) !== null;
    },
    async shutdown(signal) {
      const found = await findDaemon(state, signal);
      if (!found) return;
      await callApi(found, {
        action: 'ShutdownDaemon',
        version: HOWDAH_API,
        body: {},
        response: anyResponse,
        signal,
      });
      daemon = null;
    },
  };
}

/** The local daemon as a plane like any other: it answers for all regions, and has our own service. */
export const localPlane = ({ call, callOwn }: ControlPlane): Plane => ({
  id: LOCAL_PLANE,
  local: true,
  region: '',
  call,
  callOwn,
});
