import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { APP_SCHEME } from './app-url';
import { contentSecurityPolicy } from './content-security-policy';

/** Stands in renderer/index.html where the nonce of the page goes. */
const NONCE_PLACE = '__CSP_NONCE__';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

/**
 * The file of the renderer's folder that a URL names, or null when it names none.
 * Threat: `app://howdah/../../etc/passwd`, encoded slashes, another host, a NUL: the resolved path must lie inside the folder.
 */
export function assetPath(folder: string, url: string): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || parsed.protocol !== `${APP_SCHEME}:` || parsed.host !== 'howdah') return null;
  let path: string;
  try {
    path = decodeURIComponent(parsed.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const base = resolve(folder);
  const file = resolve(base, `.${path.startsWith('/') ? path : `/${path}`}`);
  return file.startsWith(base + sep) && CONTENT_TYPES[extname(file)] ? file : null;
}

const plain = (status: number): Response =>
  new Response(null, { status, headers: { 'content-security-policy': contentSecurityPolicy('none') } });

/** Answers one request for `app://howdah/…` out of the renderer's folder. */
export async function answerAppRequest(folder: string, request: Request): Promise<Response> {
  if (request.method !== 'GET') return plain(405);
  const file = assetPath(folder, request.url);
  if (!file) return plain(404);
  let body: Buffer;
  try {
    body = await readFile(file);
  } catch {
    return plain(404);
  }
  const extension = extname(file);
  const headers: Record<string, string> = {
    'content-type': CONTENT_TYPES[extension] ?? 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
  if (extension !== '.html') return new Response(new Uint8Array(body), { headers });
  // The page learns its nonce from a <meta>, so that libraries can put it on the <style> elements they make.
  const nonce = randomBytes(18).toString('base64');
  const html = body.toString('utf8').replace(NONCE_PLACE, nonce);
  return new Response(html, {
    headers: { ...headers, 'cache-control': 'no-store', 'content-security-policy': contentSecurityPolicy(nonce) },
  });
}
