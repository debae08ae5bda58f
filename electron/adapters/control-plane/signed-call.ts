import { createHash, createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError, throwIfAborted } from '../../../shared/errors';
import { authorizationHeader, tc3Signature, type Tc3Crypto, type Tc3Request } from '../../../shared/model/tc3';
import { apiFailure } from './errors';
import type { PlaneService } from './plane';
import { post } from './transport';

/** Where requests go and who signs them. */
export interface ApiAccess {
  /** `host[:port]`. */
  readonly endpoint: string;
  /** `http` when it is left out: the daemon on loopback. */
  readonly protocol?: 'http' | 'https';
  readonly secretId: string;
  readonly secretKey: string;
}

export interface ApiCall<Schema extends z.ZodType> {
  readonly action: string;
  readonly version: string;
  /** The name in the signature's scope; `postgres` when it is left out. */
  readonly service?: PlaneService;
  readonly body: object;
  readonly response: Schema;
  readonly region?: string;
  readonly signal?: AbortSignal | undefined;
}

const tc3Crypto: Tc3Crypto = {
  sha256Hex: (data) => createHash('sha256').update(data).digest('hex'),
  hmacSha256: (key, text) => createHmac('sha256', key).update(text, 'utf8').digest(),
  hex: (bytes) => Buffer.from(bytes).toString('hex'),
};

const SIGNED = ['content-type', 'host', 'x-tc-action', 'x-tc-traceid', 'x-tc-version'] as const;
const envelope = z.object({
  Response: z.looseObject({
    RequestId: z.string().default(''),
    Error: z.object({ Code: z.string(), Message: z.string() }).optional(),
  }),
});

/**
 * Calls one action, signed with TC3-HMAC-SHA256; action, version and a trace id are signed too, so that no two requests share a signature.
 * Fails with `control-plane` (with `apiCode` when the API said no), `unreachable` when nobody answers, `tls`, or `cancelled`.
 */
export async function callApi<Schema extends z.ZodType>(
  access: ApiAccess,
  { action, version, service = 'postgres', body, response, region, signal }: ApiCall<Schema>,
): Promise<z.output<Schema>> {
  throwIfAborted(signal);
  const text = JSON.stringify(body);
  const timestamp = Math.floor(Date.now() / 1000);
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    host: access.endpoint,
    'x-tc-action': action,
    'x-tc-traceid': randomUUID(),
    'x-tc-version': version,
    'x-tc-timestamp': String(timestamp),
    ...(region === undefined || region === '' ? {} : { 'x-tc-region': region }),
  };
  const signed: Tc3Request = {
    method: 'POST',
    path: '/',
    query: '',
    headers,
    signedHeaders: SIGNED,
    body: text,
    timestamp,
    service,
  };
  headers['authorization'] = authorizationHeader(
    access.secretId,
    signed,
    tc3Signature(signed, access.secretKey, tc3Crypto),
  );
  const answer = await post({
    protocol: access.protocol ?? 'http',
    endpoint: access.endpoint,
    headers,
    body: text,
    signal,
  });
  return parseAnswer(answer, response, action);
}

function parseAnswer<Schema extends z.ZodType>(answer: string, schema: Schema, action: string): z.output<Schema> {
  const notUnderstood = (why: string): AppError =>
    new AppError({
      code: 'control-plane',
      message: `The control plane's answer to ${action} was not understood`,
      detail: why,
    });
  let json: unknown;
  try {
    json = JSON.parse(answer);
  } catch {
    throw notUnderstood(answer.slice(0, 200));
  }
  const outer = envelope.safeParse(json);
  if (!outer.success) throw notUnderstood(z.prettifyError(outer.error));
  const { Error: failure, RequestId, ...content } = outer.data.Response;
  if (failure) throw apiFailure(failure.Code, failure.Message, RequestId);
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw notUnderstood(z.prettifyError(parsed.error));
  return parsed.data;
}
