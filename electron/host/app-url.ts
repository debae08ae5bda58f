export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://howdah`;
/** The page of a window; it learns from its address which one it is in. */
export const windowUrl = (id: number): string => `${APP_ORIGIN}/index.html?window=${id}`;

/** Requests the renderer may make: its own files, and the developer tools' in a clone. */
export const mayRequest = (url: string): boolean =>
  url.startsWith(`${APP_ORIGIN}/`) || url.startsWith(`blob:${APP_ORIGIN}/`) || url.startsWith('devtools://');

/** Only our own document; everything else is not ours to show. */
export const mayNavigate = (url: string): boolean => {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  return parsed?.protocol === `${APP_SCHEME}:` && parsed.host === 'howdah' && parsed.pathname === '/index.html';
};
