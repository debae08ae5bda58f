/**
 * The policy sent with every document of the app.
 * Styles need a nonce because the widget libraries make `<style>` elements at run time; style attributes cannot carry one, hence
 * `style-src-attr 'unsafe-inline'`: an attribute can't fetch, for `connect-src` and `img-src` hold there as well.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data: blob:",
    "worker-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "frame-src 'none'",
    "object-src 'none'",
  ].join('; ');
}
