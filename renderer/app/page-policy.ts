/**
 * What the page does for its content security policy (electron/host/content-security-policy.ts). This module is imported before all
 * others: Monaco and dockview make style elements while they load.
 */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: {
      readonly createHTML: (text: string) => string | null;
      readonly createScriptURL: (address: string) => string | null;
    },
  ): unknown;
}

const trustedTypes: TrustedTypes = Reflect.get(window, 'trustedTypes');

// What a library hands over as HTML is refused; a style sheet's text, which has no `<`, passes: the widget libraries fill their style
// elements so. Scripts and workers come from the app's own files.
trustedTypes.createPolicy('default', {
  createHTML: (text) => (text.includes('<') ? null : text),
  createScriptURL: (address) =>
    new URL(address, window.location.href).origin === window.location.origin ? address : null,
});

// Main puts a fresh nonce into <meta name="csp-nonce"> with every window; the policy refuses style elements without it.
const meta = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]');

export const styleNonce = meta?.content ?? '';

const createElement = document.createElement.bind(document);

document.createElement = (name: string, options?: ElementCreationOptions) => {
  const element = createElement(name, options);
  if (element instanceof HTMLStyleElement) element.nonce = styleNonce;
  return element;
};
