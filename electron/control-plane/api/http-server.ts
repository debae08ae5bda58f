import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from '../../log';
import type { ApiDeps } from './action';
import { asApiError } from './errors';
import { NotServed, receive } from './incoming';
import { mustRegion } from './place';
import { parseRequest, readForm, withoutNulls } from './parse';
import { findAction, isChange } from './services';
import { tellTrouble } from './tell-trouble';
import { createVerifier } from './verify';

const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;

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
    const { action, version, region, body, isForm, refused } = await receive(request, endpoint, verify);
    let family: Parameters<typeof asApiError>[1];
    try {
      const found = findAction(action, version);
      family = found.family;
      mustRegion(region);
      const given = withoutNulls(body);
      const read = isForm && typeof given === 'object' && given !== null ? readForm(found.request, given) : given;
      const parsed = parseRequest(found.request, read, family);
      return await found.handle(parsed, { deps: api, region });
    } catch (error) {
      const known = asApiError(error, family);
      // What failed in a way that nobody foresaw may have changed something: it must not come again.
      if (known) refused();
      throw known ?? error;
    }
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const RequestId = randomUUID();
    let content: object;
    let status = 200;
    try {
      content = { ...(await answer(request)), RequestId };
    } catch (error) {
      const known = asApiError(error);
      const Error = known
        ? { Code: known.apiCode, Message: known.message }
        : { Code: 'InternalError', Message: `A fault of the control plane; log id ${log.bug('api', error)}` };
      content = { Error, RequestId };
      if (error instanceof NotServed) status = error.status;
      if (!request.complete) response.setHeader('Connection', 'close');
    }
    const text = JSON.stringify({ Response: content });
    response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
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
  await tellTrouble(api, log);
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
