import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { AppError, cancelled } from '../../../shared/errors';

export interface SentRequest {
  readonly protocol: 'http' | 'https';
  /** `host[:port]`; an IPv6 address stands in brackets. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal | undefined;
}

const ANSWER_MAX = 16 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const agents = {
  http: new HttpAgent({ keepAlive: true, maxSockets: 16 }),
  // Certificates are verified against the authorities of the system's Node: its default, never switched off.
  https: new HttpsAgent({ keepAlive: true, maxSockets: 16 }),
};

/** Errors of Node's TLS that speak of the certificate or of the handshake. */
const TLS_CODES =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_|EPROTO$)/;

function failure(endpoint: string, error: unknown): AppError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const detail = error instanceof Error ? error.message : String(error);
  if (TLS_CODES.test(code)) {
    return new AppError(
      {
        code: 'tls',
        message: `The certificate of ${endpoint} was not accepted`,
        detail: `${code}: ${detail}`,
        hint: 'Check the endpoint and the clock of this machine.',
      },
      { cause: error },
    );
  }
  return new AppError(
    { code: 'unreachable', message: `The control plane at ${endpoint} does not answer`, detail, retry: true },
    { cause: error },
  );
}

/** Whether the request surely never reached the other side, so that any action may be sent again. */
export const wasRefused = (error: unknown): boolean =>
  error instanceof AppError &&
  error.code === 'unreachable' &&
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(error.info.detail ?? '');

/** Posts a text and resolves with the answer's. Fails with `unreachable`, `tls` or `cancelled`. */
export function post({ protocol, endpoint, headers, body, signal }: SentRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const url = new URL(`${protocol}://${endpoint}/`);
    const options = {
      method: 'POST',
      agent: agents[protocol],
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      timeout: TIMEOUT_MS,
    };
    const read = (response: IncomingMessage): void => {
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
    };
    const sent = protocol === 'https' ? httpsRequest(url, options, read) : httpRequest(url, options, read);
    // Not by the request's own `signal`: with connections that are kept, its listener stays on a signal that outlives many requests.
    const abort = (): void => void sent.destroy(cancelled());
    const fail = (error: Error): void => {
      signal?.removeEventListener('abort', abort);
      reject(signal?.aborted ? cancelled() : failure(endpoint, error));
    };
    signal?.addEventListener('abort', abort, { once: true });
    sent.once('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.once('error', fail);
    sent.end(body);
  });
}
