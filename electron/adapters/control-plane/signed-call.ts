import { createHash, createHmac, randomUUID } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { z } from 'zod';
import { AppError, cancelled, throwIfAborted } from '../../../shared/errors';
import { authorizationHeader, tc3Signature, type Tc3Crypto, type Tc3Request } from '../../../shared/model/tc3';
import { apiFailure } from './errors';

/** Where requests go and who signs them. */
export interface ApiAccess {
  /** `127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly secretId: string;
  readonly secretKey: string;
}

export interface ApiCall<Schema extends z.ZodType> {
  readonly action: string;
  readonly version: string;
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
const ANSWER_MAX = 16 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

const envelope = z.object({
  Response: z.looseObject({
    RequestId: z.string().default(''),
    Error: z.object({ Code: z.string(), Message: z.string() }).optional(),
  }),
});

function send(access: ApiAccess, headers: Record<string, string>, body: string, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const [host = '', port = ''] = access.endpoint.split(':');
    const sent = httpRequest(
      {
        host,
        port,
        method: 'POST',
        path: '/',
        agent,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        timeout: TIMEOUT_MS,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > ANSWER_MAX) response.destroy(new Error('the answer is too long'));
        });
        response.once('end', () => {
          signal?.removeEventListener('abort', abort);
          resolve(text);
        });
        response.once('error', fail);
      },
    );
    // Not by the request's own `signal`: with connections that are kept, its listener stays on a signal that outlives many requests.
    const abort = (): void => void sent.destroy(cancelled());
    const fail = (error: Error): void => {
      signal?.removeEventListener('abort', abort);
      reject(error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    sent.once('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.once('error', fail);
    sent.end(body);
  });
}

/**
 * Calls one action, signed with TC3-HMAC-SHA256; action, version and a trace id are signed too, so that no two requests share a signature.
 * Fails with `control-plane` (with `apiCode` when the API said no), `unreachable` when nobody answers, or `cancelled`.
 */
export async function callApi<Schema extends z.ZodType>(
  access: ApiAccess,
  { action, version, body, response, region, signal }: ApiCall<Schema>,
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
    ...(region === undefined ? {} : { 'x-tc-region': region }),
  };
  const signed: Tc3Request = {
    method: 'POST',
    path: '/',
    query: '',
    headers,
    signedHeaders: SIGNED,
    body: text,
    timestamp,
    service: 'postgres',
  };
  headers['authorization'] = authorizationHeader(
    access.secretId,
    signed,
    tc3Signature(signed, access.secretKey, tc3Crypto),
  );
  let answer: string;
  try {
    answer = await send(access, headers, text, signal);
  } catch (error) {
    if (signal?.aborted) throw cancelled();
    throw new AppError(
      {
        code: 'unreachable',
        message: `The control plane at ${access.endpoint} does not answer`,
        detail: error instanceof Error ? error.message : String(error),
        retry: true,
      },
      { cause: error },
    );
  }
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
