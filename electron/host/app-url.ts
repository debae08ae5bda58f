export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://howdah`;
export const APP_URL = `${APP_ORIGIN}/index.html`;

/** Requests the renderer may make: its own files, and the developer tools' in a clone. */
export const mayRequest = (url: string): boolean =>
  url.startsWith(`${APP_ORIGIN}/`) || url.startsWith(`blob:${APP_ORIGIN}/`) || url.startsWith('devtools://');

/** Only our own document; everything else is not ours to show. */
export const mayNavigate = (url: string): boolean => {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  return parsed?.protocol === `${APP_SCHEME}:` && parsed.host === 'howdah' && parsed.pathname === '/index.html';
};
