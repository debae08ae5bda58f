import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parseAuthorization, tc3Date, tc3Signature, type Tc3Crypto } from '../../../shared/model/tc3';
import { ApiError } from './errors';

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

const WINDOW_SECONDS = 300;
/**
 * So long after its second a signature may come again for another request. The official SDK signs neither the action nor a nonce, and its
 * clock has whole seconds: two different requests with the same body in one second carry the same signature.
 */
const TWIN_SECONDS = 10;

interface Seen {
  readonly timestamp: number;
  /** Changing actions that this signature was used for. */
  readonly changed: Set<string>;
}

const same = (a: string, b: string): boolean => {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
};

/**
 * Verifies TC3-HMAC-SHA256 signatures of one key pair. Refuses what is older or newer than five minutes and what was used before: a
 * signature seen a second time is let through only within a few seconds of its own second, and never twice for the same changing action that
 * was done. The function that it returns is called when the action was refused and changed nothing: then the same request may come again.
 */
export function createVerifier(
  key: { readonly secretId: string; readonly secretKey: string },
  isChange: (action: string) => boolean,
  now: () => number = () => Date.now() / 1000,
): (request: RawRequest, action: string) => () => void {
  const seen = new Map<string, Seen>();
  let tidiedAt = 0;

  const tidy = (at: number): void => {
    if (at - tidiedAt < 60) return;
    tidiedAt = at;
    for (const [signature, { timestamp }] of seen) if (at - timestamp > WINDOW_SECONDS) seen.delete(signature);
  };

  return (request, action) => {
    const at = now();
    const header = request.headers['authorization'];
    const authorization = header ? parseAuthorization(header) : null;
    if (!authorization) {
      throw new ApiError(
        'AuthFailure.InvalidAuthorization',
        'The header Authorization is missing or not TC3-HMAC-SHA256',
      );
    }
    if (!same(authorization.secretId, key.secretId)) {
      throw new ApiError('AuthFailure.SecretIdNotFound', 'The SecretId is not known');
    }
    const { signedHeaders } = authorization;
    if (!signedHeaders.includes('host') || !signedHeaders.includes('content-type')) {
      throw new ApiError('AuthFailure.InvalidAuthorization', 'SignedHeaders must hold content-type and host');
    }
    const stamp = request.headers['x-tc-timestamp'] ?? '';
    const timestamp = /^\d{1,12}$/.test(stamp) ? Number(stamp) : Number.NaN;
    if (Number.isNaN(timestamp)) throw new ApiError('MissingParameter', 'The header X-TC-Timestamp is missing');
    if (Math.abs(at - timestamp) > WINDOW_SECONDS || tc3Date(timestamp) !== authorization.date) {
      throw new ApiError(
        'AuthFailure.SignatureExpire',
        'The signature has expired: X-TC-Timestamp must be within five minutes of the clock of this machine',
      );
    }
    const sent = { ...request, signedHeaders, timestamp, service: authorization.service };
    const host = request.headers['host'] ?? '';
    // The official SDK signs the host without its port and sends it with the port.
    const right = [host, host.replace(/:\d+$/, '')].some((signed) =>
      same(
        tc3Signature({ ...sent, headers: { ...request.headers, host: signed } }, key.secretKey, tc3Crypto),
        authorization.signature,
      ),
    );
    if (!right) throw new ApiError('AuthFailure.SignatureFailure', 'The signature does not fit the request');

    tidy(at);
    const before = seen.get(authorization.signature);
    const change = isChange(action);
    if (before && (at - timestamp > TWIN_SECONDS || (change && before.changed.has(action)))) {
      throw new ApiError('AuthFailure.SignatureExpire', 'This signature was used before');
    }
    const entry = before ?? { timestamp, changed: new Set<string>() };
    if (change) entry.changed.add(action);
    seen.set(authorization.signature, entry);
    return () => void entry.changed.delete(action);
  };
}
