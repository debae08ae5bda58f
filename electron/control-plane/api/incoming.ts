import type { IncomingMessage } from 'node:http';
import { HOWDAH_API } from '../../../shared/model/control-plane';
import { ApiError } from './errors';
import { nested, readParameters } from './form';
import type { RawRequest, Verifier } from './verify';

const MEBIBYTE = 1024 * 1024;
/** A choice of fifty thousand tables is told by an action of our own service. */
const bodyMax = (request: IncomingMessage): number =>
  request.headers['x-tc-version'] === HOWDAH_API ? 16 * MEBIBYTE : MEBIBYTE;
const FORM = 'application/x-www-form-urlencoded';

/** Parameters that every request of the older kind has beside those of its action. */
const COMMON = [
  'Action',
  'Version',
  'Region',
  'Timestamp',
  'Nonce',
  'SecretId',
  'Signature',
  'SignatureMethod',
  'RequestClient',
  'Token',
  'Language',
];

/** A request whose signature was verified. */
export interface Incoming {
  readonly action: string;
  readonly version: string;
  readonly region: string;
  readonly body: unknown;
  /** Whether every value of the body is text, because it came as a query or a form. */
  readonly isForm: boolean;
  /** To be called when the action was refused and changed nothing. */
  readonly refused: () => void;
}

/** A request that is not for this interface at all; answered with an HTTP status of its own. */
export class NotServed extends ApiError {
  readonly status: number;
  constructor(status: number, message: string) {
    super('InvalidRequest', message);
    this.status = status;
  }
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const max = bodyMax(request);
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > max) {
        reject(new ApiError('RequestSizeLimitExceeded', `The request is larger than ${max / MEBIBYTE} MiB`));
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

function parseJson(body: Buffer): unknown {
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

async function readRaw(request: IncomingMessage, endpoint: string): Promise<RawRequest> {
  // Threat: a page in a browser reaches this port by a name that resolves to 127.0.0.1; its Host header tells.
  if (request.headers.host !== endpoint) throw new ApiError('InvalidParameter', 'The header Host is not this endpoint');
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  const { method = '' } = request;
  if (path !== '/') throw new NotServed(404, 'There is nothing here: requests go to /');
  if (method !== 'POST' && method !== 'GET') throw new NotServed(405, 'Requests are POST / or GET /');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
  return { method, path, query, headers, body: await readBody(request) };
}

/** Reads a request and verifies its signature, of whichever kind. */
export async function receive(request: IncomingMessage, endpoint: string, verify: Verifier): Promise<Incoming> {
  const raw = await readRaw(request, endpoint);
  const isGet = raw.method === 'GET';
  if (isGet && raw.body.length > 0) throw new ApiError('InvalidParameter', 'A GET has its parameters in the query');
  const isForm = isGet || (raw.headers['content-type'] ?? '').toLowerCase().startsWith(FORM);
  const hasHeader = raw.headers['authorization'] !== undefined;
  if (!hasHeader && isGet && raw.query === '')
    throw new ApiError('InvalidRequest', 'Requests are signed: POST /, or GET / with parameters');
  if (!hasHeader && isForm) {
    const parameters = readParameters(isGet ? raw.query : raw.body.toString('utf8'));
    const refused = verify.parameters(raw, parameters);
    const own = Object.entries(parameters).filter(([name]) => !COMMON.includes(name));
    const { Action: action = '', Version: version = '', Region: region = '' } = parameters;
    return { action, version, region, body: after(refused, () => nested(Object.fromEntries(own))), isForm, refused };
  }
  const action = raw.headers['x-tc-action'] ?? '';
  const refused = verify(raw, action);
  return {
    action,
    version: raw.headers['x-tc-version'] ?? '',
    region: raw.headers['x-tc-region'] ?? '',
    body: after(refused, () => (isGet ? nested(readParameters(raw.query)) : parseJson(raw.body))),
    isForm: isGet,
    refused,
  };
}

/** Reads the body of a verified request; one that cannot be read has changed nothing. */
function after(refused: () => void, read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    refused();
    throw error;
  }
}
