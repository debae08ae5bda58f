import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { parseAuthorization, tc3Signature } from '../../shared/model/tc3';

/** One request as the fake got it, its signature already checked. */
export interface FakeRequest {
  readonly action: string;
  readonly version: string;
  readonly region: string | undefined;
  /** From the scope of the signature. */
  readonly service: string;
  readonly host: string;
  readonly body: Record<string, unknown>;
}

/** What it says: a result, an error with a code, or `cut`: the connection ends without an answer. */
export type FakeAnswer = { readonly result: object } | { readonly error: string } | 'cut';

export interface FakePlane {
  /** `127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly requests: FakeRequest[];
  close(): Promise<void>;
}

export const FAKE_KEY = { secretId: 'AKIDfakefakefake', secretKey: 'fake-secret-key-0123456789' };

const tc3 = {
  sha256Hex: (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex'),
  hmacSha256: (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text, 'utf8').digest(),
  hex: (bytes: Uint8Array) => Buffer.from(bytes).toString('hex'),
};

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** Checks as a cloud does, not as our daemon does: written anew from the public description. */
function failureOf(request: IncomingMessage, body: string): string | null {
  const authorization = parseAuthorization(request.headers.authorization ?? '');
  if (!authorization) return 'AuthFailure.InvalidAuthorization';
  if (authorization.secretId !== FAKE_KEY.secretId) return 'AuthFailure.SecretIdNotFound';
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value).trim().toLowerCase()]),
  );
  const expected = tc3Signature(
    {
      method: 'POST',
      path: '/',
      query: '',
      headers,
      signedHeaders: authorization.signedHeaders,
      body,
      timestamp: Number(request.headers['x-tc-timestamp']),
      service: authorization.service,
    },
    FAKE_KEY.secretKey,
    tc3,
  );
  return expected === authorization.signature ? null : 'AuthFailure.SignatureFailure';
}

/** A cloud that says what the test wants; over TLS with the certificate that it is given. */
export async function startFakePlane(
  answer: (request: FakeRequest, index: number) => FakeAnswer,
  tls?: { readonly cert: string; readonly key: string },
): Promise<FakePlane> {
  const requests: FakeRequest[] = [];
  const listener: Parameters<typeof createServer>[1] = (request, response) => {
    void (async () => {
      const text = await read(request);
      const failure = failureOf(request, text);
      const seen: FakeRequest = {
        action: String(request.headers['x-tc-action']),
        version: String(request.headers['x-tc-version']),
        region: request.headers['x-tc-region']?.toString(),
        service: parseAuthorization(request.headers.authorization ?? '')?.service ?? '',
        host: request.headers.host ?? '',
        body: JSON.parse(text) as Record<string, unknown>,
      };
      requests.push(seen);
      const said: FakeAnswer = failure === null ? answer(seen, requests.length - 1) : { error: failure };
      if (said === 'cut') {
        request.socket.destroy();
        return;
      }
      const content = 'result' in said ? said.result : { Error: { Code: said.error, Message: `says ${said.error}` } };
      response.end(JSON.stringify({ Response: { ...content, RequestId: 'request-1' } }));
    })();
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    endpoint: `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
