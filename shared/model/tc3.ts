/**
 * TC3-HMAC-SHA256, the signature of TencentCloud API 3.0, as pure text: whoever signs or verifies hands in the hash functions.
 * Source: the public description of the signature (canonical request, string to sign, derived key) and the official SDK's behaviour.
 */

export interface Tc3Crypto {
  sha256Hex(data: string | Uint8Array): string;
  hmacSha256(key: string | Uint8Array, text: string): Uint8Array;
  hex(bytes: Uint8Array): string;
}

export const TC3_ALGORITHM = 'TC3-HMAC-SHA256';

/** What the `Authorization` header says. */
export interface Tc3Authorization {
  readonly secretId: string;
  /** `2026-11-01`, UTC. */
  readonly date: string;
  readonly service: string;
  /** Lower-case names in the order of the header. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
}

export interface Tc3Request {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Names in lower case; values as sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  readonly body: string | Uint8Array;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly service: string;
}

const AUTHORIZATION =
  /^TC3-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{4}-\d{2}-\d{2})\/([A-Za-z0-9._-]+)\/tc3_request,\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/;

/** Null when the header is not of this form. */
export function parseAuthorization(header: string): Tc3Authorization | null {
  const found = AUTHORIZATION.exec(header.trim());
  if (!found) return null;
  const [, secretId = '', date = '', service = '', signed = '', signature = ''] = found;
  return { secretId, date, service, signedHeaders: signed.split(';'), signature };
}

/** The UTC date of the credential scope. */
export const tc3Date = (timestamp: number): string => new Date(timestamp * 1000).toISOString().slice(0, 10);

/** The signature as 64 hexadecimal digits. */
export function tc3Signature(request: Tc3Request, secretKey: string, crypto: Tc3Crypto): string {
  const date = tc3Date(request.timestamp);
  // Values go in lower case into the signature, as the public description says, whatever is sent.
  const headers = request.signedHeaders
    .map((name) => `${name}:${(request.headers[name] ?? '').trim().toLowerCase()}\n`)
    .join('');
  const canonical = [
    request.method,
    request.path,
    request.query,
    headers,
    request.signedHeaders.join(';'),
    crypto.sha256Hex(request.body),
  ].join('\n');
  const scope = `${date}/${request.service}/tc3_request`;
  const toSign = [TC3_ALGORITHM, String(request.timestamp), scope, crypto.sha256Hex(canonical)].join('\n');
  const dateKey = crypto.hmacSha256(`TC3${secretKey}`, date);
  const key = crypto.hmacSha256(crypto.hmacSha256(dateKey, request.service), 'tc3_request');
  return crypto.hex(crypto.hmacSha256(key, toSign));
}

export const authorizationHeader = (secretId: string, request: Tc3Request, signature: string): string =>
  `${TC3_ALGORITHM} Credential=${secretId}/${tc3Date(request.timestamp)}/${request.service}/tc3_request, ` +
  `SignedHeaders=${request.signedHeaders.join(';')}, Signature=${signature}`;
