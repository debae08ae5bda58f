import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answerAppRequest, assetPath } from '../../electron/host/app-assets';
import { mayNavigate, mayRequest } from '../../electron/host/app-url';
import { contentSecurityPolicy } from '../../electron/host/content-security-policy';
import { usableBackend } from '../../electron/host/keychain-backend';
import { menuTemplate } from '../../electron/host/menu-template';
import { WEB_PREFERENCES } from '../../electron/host/web-preferences';
import { placeWindow } from '../../electron/host/window-place';
import type { Command } from '../../shared/model/command';

it('windows are made with exactly these preferences', () => {
  expect(Object.isFrozen(WEB_PREFERENCES)).toBe(true);
  expect(WEB_PREFERENCES).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    spellcheck: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    enableWebSQL: false,
  });
});

it('the package decides every fuse', () => {
  const text = readFileSync(new URL('../../electron-builder.yml', import.meta.url), 'utf8');
  const block = text.slice(text.indexOf('electronFuses:')).split('\n').slice(1);
  const fuses = Object.fromEntries(
    block
      .slice(
        0,
        block.findIndex((line) => line !== '' && !line.startsWith(' ')),
      )
      .filter((line) => !line.trim().startsWith('#'))
      .map((line) => line.trim().split(/:\s*/) as [string, string]),
  );
  expect(fuses).toMatchObject({
    // The control plane is this binary run as Node.
    runAsNode: 'true',
    enableCookieEncryption: 'true',
    enableNodeOptionsEnvironmentVariable: 'false',
    enableNodeCliInspectArguments: 'false',
    enableEmbeddedAsarIntegrityValidation: 'true',
    onlyLoadAppFromAsar: 'true',
    loadBrowserProcessSpecificV8Snapshot: 'false',
    grantFileProtocolExtraPrivileges: 'false',
  });
});

it('the policy allows no script but the files of the app, and no connection elsewhere', () => {
  const policy = Object.fromEntries(
    contentSecurityPolicy('abc')
      .split('; ')
      .map((part) => [part.slice(0, part.indexOf(' ')), part.slice(part.indexOf(' ') + 1)]),
  );
  expect(policy['default-src']).toBe("'none'");
  expect(policy['script-src']).toBe("'self'");
  expect(policy['connect-src']).toBe("'self'");
  expect(policy['style-src-elem']).toBe("'self' 'nonce-abc'");
  expect(policy['frame-src']).toBe("'none'");
  expect(policy['object-src']).toBe("'none'");
  expect(policy['require-trusted-types-for']).toBe("'script'");
  expect(policy['trusted-types']).toMatch(/^default( [a-zA-Z]+)+$/);
});

it.each([
  'app://howdah/../../etc/passwd',
  'app://howdah/%2e%2e/%2e%2e/etc/passwd',
  'app://howdah/..%2f..%2fetc/hosts.json',
  'app://howdah/assets/..%2f..%2f..%2fsecret.json',
  'app://howdah//etc/passwd.json',
  'app://howdah/%00.js',
  'app://howdah/a%5c..%5cb.js',
  'app://howdah/%E0%A4%A.js',
  'app://other/index.html',
  'file:///etc/passwd',
  'http://howdah/index.html',
  'app://howdah/',
  'app://howdah/preload.node',
  'nonsense',
])('no file outside the renderer folder is served: %s', async (url) => {
  const path = assetPath('/srv/app/renderer', url);
  expect(path === null || path.startsWith('/srv/app/renderer/')).toBe(true);
});

it('serves a page with its nonce, files with their type, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-assets-'));
  try {
    mkdirSync(join(folder, 'renderer'));
    writeFileSync(join(folder, 'secret.json'), '{}');
    writeFileSync(join(folder, 'renderer', 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
    writeFileSync(join(folder, 'renderer', 'a.js'), '1');
    const get = (url: string, method = 'GET') =>
      answerAppRequest(join(folder, 'renderer'), { url, method } as unknown as Request);

    const page = await get('app://howdah/index.html');
    const nonce = /content="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    expect(nonce.length).toBeGreaterThanOrEqual(24);
    expect(page.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
    expect((await get('app://howdah/index.html')).headers.get('content-security-policy')).not.toContain(nonce);

    const script = await get('app://howdah/a.js');
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect((await get('app://howdah/missing.js')).status).toBe(404);
    expect((await get('app://howdah/..%2fsecret.json')).status).toBe(404);
    expect((await get('app://howdah/index.html', 'POST')).status).toBe(405);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('lets the window reach its own files only', () => {
  expect(mayRequest('app://howdah/assets/a.js')).toBe(true);
  expect(mayRequest('blob:app://howdah/1')).toBe(true);
  const elsewhere = ['http://127.0.0.1/', 'https://example.org', 'file:///etc/passwd', 'ws://x', 'app://howdah.evil/a'];
  expect(elsewhere.filter(mayRequest)).toEqual([]);
  expect(mayNavigate('app://howdah/index.html#a')).toBe(true);
  const others = ['app://howdah/index.html.evil', 'app://other/index.html', 'https://example.org', 'about:blank'];
  expect(others.filter(mayNavigate)).toEqual([]);
});

it("basic_text counts as no keychain, for its key is in the program's source", () => {
  expect(usableBackend('linux', 'basic_text', true)).toBe('');
  expect(usableBackend('linux', 'unknown', true)).toBe('');
  expect(usableBackend('linux', 'gnome_libsecret', false)).toBe('');
  expect(usableBackend('linux', 'gnome_libsecret', true)).toBe('gnome_libsecret');
  expect(usableBackend('darwin', '', true)).toBe('keychain');
  expect(usableBackend('win32', '', true)).toBe('dpapi');
});

const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 };

it('opens the window where it stood when that place still exists', () => {
  const saved = { x: 100, y: 80, width: 1400, height: 800, maximised: false };
  expect(placeWindow(saved, [SCREEN])).toEqual({ x: 100, y: 80, width: 1400, height: 800 });
});

it.each([
  ['a display that is gone', { x: 3000, y: 100, width: 1400, height: 800, maximised: false }],
  ['a title bar above the screen', { x: 100, y: -400, width: 1400, height: 800, maximised: false }],
  ['a sliver at the edge', { x: 1900, y: 100, width: 1400, height: 800, maximised: false }],
])('centres the window anew after %s', (_name, saved) => {
  expect(placeWindow(saved, [SCREEN])).toEqual({ width: 1400, height: 800 });
});

it('makes the window fit a smaller screen, and never smaller than the shell can be', () => {
  const small = { x: 0, y: 0, width: 1280, height: 720 };
  expect(placeWindow({ x: 0, y: 0, width: 4000, height: 3000, maximised: false }, [small])).toMatchObject({
    width: 1280,
    height: 720,
  });
  expect(placeWindow(null, [small])).toEqual({ width: 1280, height: 720 });
  expect(placeWindow({ x: 10, y: 10, width: 5, height: 5, maximised: false }, [])).toEqual({ width: 960, height: 600 });
});

type Entry = { id?: string; label?: string; accelerator?: string; submenu?: Entry[]; click?: () => void };
const flat = (entries: readonly Entry[]): Entry[] =>
  entries.flatMap((entry) => [entry, ...(Array.isArray(entry.submenu) ? flat(entry.submenu) : [])]);

it('the menu has its seven parts in both languages, unique ids, and sends commands', () => {
  const sent: Command[] = [];
  const focused: number[] = [];
  const make = (language: 'en' | 'zh-CN') =>
    menuTemplate({
      appName: 'Howdah',
      language,
      developer: false,
      mac: false,
      shortcuts: { 'register-server': 'mod+alt+r', 'show-tasks': '' },
      windows: [
        { id: 1, title: 'R&D', front: true },
        { id: 2, title: 'Start', front: false },
      ],
      focusWindow: (id) => focused.push(id),
      run: (command) => sent.push(command),
    }) as unknown as Entry[];
  const english = make('en');
  expect(english.map((entry) => entry.label)).toEqual(['File', 'Edit', 'View', 'Object', 'Tools', 'Window', 'Help']);
  expect(make('zh-CN').map((entry) => entry.label)).toEqual(['文件', '编辑', '视图', '对象', '工具', '窗口', '帮助']);
  const entries = flat(english);
  const ids = entries.map((entry) => entry.id).filter((id) => id !== undefined);
  expect(new Set(ids).size).toBe(ids.length);
  const create = english.find((entry) => entry.label === 'Object')?.submenu?.find((entry) => entry.label === 'Create');
  create?.submenu?.find((entry) => entry.label === 'Server…')?.click?.();
  expect(sent).toEqual([{ do: 'register-server' }]);
  const keys = entries.map((entry) => entry.accelerator).filter((key) => key !== undefined);
  expect(keys).toContain('CmdOrCtrl+Shift+I');
  // Keys that the person chose, and took away.
  expect(keys).toContain('CmdOrCtrl+Alt+R');
  expect(keys).not.toContain('CmdOrCtrl+Shift+N');
  expect(keys).not.toContain('CmdOrCtrl+Shift+J');
  expect(entries.find((entry) => entry.id === 'window-1')?.label).toBe('R&&D');
  entries.find((entry) => entry.id === 'window-2')?.click?.();
  expect(focused).toEqual([2]);
  expect(entries.some((entry) => entry.label === 'Developer tools')).toBe(false);
});
