/**
 * HmacSHA256 and HmacSHA1, the signatures of the older SDKs, as pure text: parameters of a query or a form, sorted by name, over the method,
 * the host and the path. Source: the public description of "signature v1" and the official SDK's `signMethod`.
 */

export const HMAC_METHODS = { HmacSHA256: 'sha256', HmacSHA1: 'sha1' } as const;
export type HmacMethod = keyof typeof HMAC_METHODS;

/** The text that is signed. Values as they were before any encoding; `Signature` itself is left out. */
export function hmacText(
  method: string,
  host: string,
  path: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const pairs = Object.keys(parameters)
    .filter((name) => name !== 'Signature')
    .toSorted()
    .map((name) => `${name}=${parameters[name] ?? ''}`);
  return `${method}${host}${path}?${pairs.join('&')}`;
}
