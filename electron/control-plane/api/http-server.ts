import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { HOWDAH_API, POSTGRES_API } from '../../../shared/model/control-plane';
import type { Logger } from '../../log';
import type { ActionTable, ApiDeps } from './action';
import { CATALOGUE_ACTIONS } from './catalogue-actions';
import { DESCRIBE_ACTIONS } from './describe-actions';
import { ApiError, asApiError } from './errors';
import { HOWDAH_ACTIONS } from './howdah-actions';
import { LIFECYCLE_ACTIONS } from './lifecycle-actions';
import { parseRequest } from './parse';
import { PUBLIC_ACTIONS } from './public-actions';
import { createVerifier, type RawRequest } from './verify';

const BODY_MAX = 1024 * 1024;
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;

const SERVICES: Readonly<Record<string, ActionTable>> = {
  [POSTGRES_API]: { ...CATALOGUE_ACTIONS, ...DESCRIBE_ACTIONS, ...LIFECYCLE_ACTIONS },
  [HOWDAH_API]: HOWDAH_ACTIONS,
};

const isChange = (name: string): boolean => Object.values(SERVICES).some((table) => table[name]?.change === true);

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > BODY_MAX) {
        reject(new ApiError('RequestSizeLimitExceeded', 'The request is larger than 1 MiB'));
        request.pause();
        return;
      }
      chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('aborted', () => reject(new ApiError('InvalidParameter', 'The request was cut off')));
  });
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new ApiError('InvalidParameter', 'The body is not JSON');
  }
  // The SDK sends an empty text for a request without parameters.
  return value === '' || value === null ? {} : value;
}

function findAction(name: string, version: string) {
  if (name === '') throw new ApiError('MissingParameter', 'The header X-TC-Action is missing');
  const table = SERVICES[version];
  if (!table) throw new ApiError('NoSuchVersion', `The version ${version || '(none)'} is not known`);
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found) return found;
  if (version === POSTGRES_API && PUBLIC_ACTIONS.has(name)) {
    throw new ApiError('UnsupportedOperation', `${name} is not available on a local control plane`);
  }
  throw new ApiError('InvalidAction', `The action ${name} is not known`);
}

export interface ApiServer {
  readonly server: Server;
  /** `127.0.0.1:PORT`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

export interface ApiServerOptions {
  readonly key: { readonly secretId: string; readonly secretKey: string };
  readonly log: Logger;
  readonly deps: (endpoint: string) => ApiDeps;
  readonly port?: number;
}

/** Serves the API on 127.0.0.1. Answers as the cloud does: HTTP 200 and a `Response` with either the result or `Error`. */
export async function serveApi({ key, log, deps, port = 0 }: ApiServerOptions): Promise<ApiServer> {
  const verify = createVerifier(key, isChange);
  let endpoint = '';

  const answer = async (request: IncomingMessage): Promise<object> => {
    // Threat: a page in a browser reaches this port by a name that resolves to 127.0.0.1; its Host header tells.
    if (request.headers.host !== endpoint)
      throw new ApiError('InvalidParameter', 'The header Host is not this endpoint');
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    if (request.method !== 'POST' || path !== '/') {
      throw new ApiError('InvalidRequest', 'Requests are POST /');
    }
    const raw: RawRequest = {
      method: request.method,
      path,
      query,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(',') : (value ?? ''),
        ]),
      ),
      body: await readBody(request),
    };
    const name = raw.headers['x-tc-action'] ?? '';
    const refused = verify(raw, name);
    try {
      const found = findAction(name, raw.headers['x-tc-version'] ?? '');
      const parsed = parseRequest(found.request, parseBody(raw.body));
      return await found.handle(parsed, { deps: api, region: raw.headers['x-tc-region'] ?? '' });
    } catch (error) {
      // What failed in a way that nobody foresaw may have changed something: it must not come again.
      if (asApiError(error)) refused();
      throw error;
    }
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const RequestId = randomUUID();
    let content: object;
    try {
      content = { ...(await answer(request)), RequestId };
    } catch (error) {
      const known = asApiError(error);
      const Error = known
        ? { Code: known.apiCode, Message: known.message }
        : { Code: 'InternalError', Message: `A fault of the control plane; log id ${log.bug('api', error)}` };
      content = { Error, RequestId };
      if (!request.complete) response.setHeader('Connection', 'close');
    }
    const text = JSON.stringify({ Response: content });
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
    response.end(text);
  };

  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS }, (request, response) => {
    void respond(request, response);
  });
  server.maxConnections = 256;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  endpoint = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const api = deps(endpoint);
  return {
    server,
    endpoint,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
