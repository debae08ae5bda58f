import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parseAuthorization, tc3Date, tc3Signature, type Tc3Crypto } from '../../../shared/model/tc3';
import { HMAC_METHODS, hmacText, type HmacMethod } from '../../../shared/model/hmac-signature';
import { ApiError } from './errors';
import { createReplayGuard, WINDOW_SECONDS } from './replay';

export const tc3Crypto: Tc3Crypto = {
  sha256Hex: (data) => createHash('sha256').update(data).digest('hex'),
  hmacSha256: (key, text) => createHmac('sha256', key).update(text, 'utf8').digest(),
  hex: (bytes) => Buffer.from(bytes).toString('hex'),
};

/** What arrived, before anything of it is believed. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The key pair that requests are signed with. */
export interface SigningKey {
  readonly secretId: string;
  readonly secretKey: string;
}

/**
 * Verifies one request and takes part in the refusal of replays. The function that it returns is called when the action was refused and
 * changed nothing: then the same request may come again.
 */
export interface Verifier {
  /** TC3-HMAC-SHA256: the signature stands in the headers. */
  (request: RawRequest, action: string): () => void;
  /** HmacSHA256 or HmacSHA1: the signature is one of the parameters. */
  readonly parameters: (request: RawRequest, parameters: Readonly<Record<string, string>>) => () => void;
}

const same = (a: string, b: string): boolean => {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Fails with `AuthFailure.SignatureExpire` when the time of a request is more than five minutes from ours. */
function checkTime(timestamp: number, now: number, name: string): void {
  if (Math.abs(now - timestamp) <= WINDOW_SECONDS) return;
  throw new ApiError(
    'AuthFailure.SignatureExpire',
    `The signature has expired: ${name} must be within five minutes of the clock of this machine`,
  );
}

function seconds(text: string | undefined, name: string): number {
  if (text === undefined || !/^\d{1,12}$/.test(text)) throw new ApiError('MissingParameter', `${name} is missing`);
  return Number(text);
}

/** The host as sent, and without its port: some SDKs sign the one, some the other. */
const hosts = ({ headers }: RawRequest): string[] => {
  const host = headers['host'] ?? '';
  return [host, host.replace(/:\d+$/, '')];
};

const failed = (): ApiError => new ApiError('AuthFailure.SignatureFailure', 'The signature does not fit the request');

function checkId(secretId: string, key: SigningKey): void {
  if (!same(secretId, key.secretId)) throw new ApiError('AuthFailure.SecretIdNotFound', 'The SecretId is not known');
}

interface Signed {
  readonly signature: string;
  readonly timestamp: number;
  readonly unique: boolean;
}

function verifyHeaders(request: RawRequest, key: SigningKey, now: number): Signed {
  const header = request.headers['authorization'];
  const authorization = header ? parseAuthorization(header) : null;
  if (!authorization) {
    throw new ApiError(
      'AuthFailure.InvalidAuthorization',
      'The header Authorization is missing or not TC3-HMAC-SHA256',
    );
  }
  checkId(authorization.secretId, key);
  const { signedHeaders, signature } = authorization;
  if (!signedHeaders.includes('host') || !signedHeaders.includes('content-type')) {
    throw new ApiError('AuthFailure.InvalidAuthorization', 'SignedHeaders must hold content-type and host');
  }
  const timestamp = seconds(request.headers['x-tc-timestamp'], 'The header X-TC-Timestamp');
  checkTime(timestamp, now, 'X-TC-Timestamp');
  if (tc3Date(timestamp) !== authorization.date) {
    throw new ApiError('AuthFailure.SignatureExpire', 'The date of the credential is not that of X-TC-Timestamp');
  }
  const sent = { ...request, signedHeaders, timestamp, service: authorization.service };
  const right = hosts(request).some((host) =>
    same(tc3Signature({ ...sent, headers: { ...request.headers, host } }, key.secretKey, tc3Crypto), signature),
  );
  if (!right) throw failed();
  return { signature, timestamp, unique: false };
}

function verifyParameters(
  request: RawRequest,
  parameters: Readonly<Record<string, string>>,
  key: SigningKey,
  now: number,
): Signed {
  const { SecretId, Signature = '', SignatureMethod = 'HmacSHA1', Nonce, Timestamp } = parameters;
  if (SecretId === undefined) throw new ApiError('MissingParameter', 'The parameter SecretId is missing');
  checkId(SecretId, key);
  if (!Object.hasOwn(HMAC_METHODS, SignatureMethod)) {
    throw new ApiError('AuthFailure.InvalidAuthorization', `The SignatureMethod ${SignatureMethod} is not known`);
  }
  if (Nonce === undefined || !/^\d{1,20}$/.test(Nonce))
    throw new ApiError('MissingParameter', 'The parameter Nonce is missing');
  const timestamp = seconds(Timestamp, 'The parameter Timestamp');
  checkTime(timestamp, now, 'Timestamp');
  const algorithm = HMAC_METHODS[SignatureMethod as HmacMethod];
  const right = hosts(request).some((host) => {
    const text = hmacText(request.method, host, request.path, parameters);
    return same(createHmac(algorithm, key.secretKey).update(text, 'utf8').digest('base64'), Signature);
  });
  if (!right) throw failed();
  return { signature: Signature, timestamp, unique: true };
}

/**
 * Verifies signatures of one key pair, of both kinds. Refuses what is older or newer than five minutes and what was used before (see
 * `createReplayGuard`).
 */
export function createVerifier(
  key: SigningKey,
  isChange: (action: string) => boolean,
  now: () => number = () => Date.now() / 1000,
): Verifier {
  const guard = createReplayGuard();
  const take = (signed: Signed, action: string): (() => void) =>
    guard({ ...signed, action, change: isChange(action) }, now());
  return Object.assign((request: RawRequest, action: string) => take(verifyHeaders(request, key, now()), action), {
    parameters: (request: RawRequest, parameters: Readonly<Record<string, string>>) =>
      take(verifyParameters(request, parameters, key, now()), parameters['Action'] ?? ''),
  });
}
