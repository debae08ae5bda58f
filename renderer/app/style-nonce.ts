/**
 * Main puts a fresh nonce into <meta name="csp-nonce"> with every window; the content security policy refuses style elements without it.
 * This module is imported before all others: Monaco and dockview make style elements while they load.
 */
const meta = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]');

export const styleNonce = meta?.content ?? '';

const createElement = document.createElement.bind(document);

document.createElement = (name: string, options?: ElementCreationOptions) => {
  const element = createElement(name, options);
  if (element instanceof HTMLStyleElement) element.nonce = styleNonce;
  return element;
};
