import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contract } from '../../shared/contract/index';
import type { FeatureContract } from '../../shared/contract/define';
import type { Reply } from '../../shared/errors';
import { expect, test } from './fixtures';

/** A server of somebody else on this machine: whatever reaches it got out of the window. */
let outside: Server;
let reached: string[] = [];
let port = 0;

test.beforeAll(async () => {
  outside = createServer((request, response) => {
    reached.push(request.url ?? '');
    response.setHeader('access-control-allow-origin', '*').end('<script>parent.postMessage("loaded","*")</script>');
  });
  await new Promise<void>((listening) => outside.listen(0, '127.0.0.1', listening));
  port = (outside.address() as AddressInfo).port;
});
test.afterAll(() => new Promise((closed) => outside.close(closed)));
test.beforeEach(() => {
  reached = [];
});

/** What the browser says when it refuses something; these tests provoke it. */
const REFUSALS =
  /Content Security Policy|TrustedHTML|TrustedScript|ERR_BLOCKED_BY|Refused to|Failed to load resource|net::ERR/;

test('Node in the window: the renderer has no require, no process, and a bridge of exactly three functions', async ({
  page,
}) => {
  const found = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'setImmediate'].filter(
      (name) => name in globalThis,
    ),
    bridge: Object.entries((globalThis as unknown as { howdah: object }).howdah).map(([name, value]) => [
      name,
      typeof value,
    ]),
    frozen: (() => {
      const { howdah } = globalThis as unknown as { howdah: Record<string, unknown> };
      const before = howdah['call'];
      try {
        howdah['call'] = () => 'mine';
      } catch {
        // Strict mode says so by throwing; either way it must not change.
      }
      return howdah['call'] === before;
    })(),
  }));
  expect(found).toEqual({
    node: [],
    bridge: [
      ['call', 'function'],
      ['abort', 'function'],
      ['listen', 'function'],
    ],
    frozen: true,
  });
});

test('the policy: sent with the page, with a nonce, and not violated by the app itself', async ({ launch }) => {
  const { page } = await launch();
  const violations = await page.evaluate(async () => {
    const seen: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.violatedDirective));
    const response = await fetch('app://howdah/index.html');
    const policy = response.headers.get('content-security-policy') ?? '';
    return { seen, policy };
  });
  expect(violations.policy).toContain("default-src 'none'");
  expect(violations.policy).toMatch(/style-src-elem 'self' 'nonce-[^']{20,}'/);
  expect(violations.seen).toEqual([]);
  // Violations before the listener stood would be errors in the console, which fail the test by the fixture.
});

test('injected code: eval, Function, inline script, event attribute and foreign script do not run', async ({
  page,
  allowErrors,
}) => {
  allowErrors(REFUSALS);
  const ran = await page.evaluate(async (elsewhere) => {
    const marks = globalThis as unknown as Record<string, unknown>;
    const out: string[] = [];
    const attempt = (name: string, act: () => void) => {
      try {
        act();
      } catch {
        return;
      }
      if (marks[name] === true) out.push(name);
    };
    // Built by the page's own script element, as injected code would be: evaluate() itself is not bound by the policy.
    attempt('inline', () => {
      const inline = document.createElement('script');
      inline.append('globalThis.inline = true');
      document.body.append(inline);
    });
    attempt('timer', () => (setTimeout as (code: string) => void)('globalThis.timer = true'));
    attempt('attribute', () => {
      const image = document.createElement('img');
      image.src = 'x:';
      image.setAttribute('onerror', 'globalThis.attribute = true');
      document.body.append(image);
    });
    for (const address of [elsewhere, 'data:text/javascript,globalThis.data = true']) {
      attempt('script', () => {
        const script = document.createElement('script');
        script.src = address;
        document.body.append(script);
      });
    }
    await new Promise((done) => setTimeout(done, 500));
    for (const name of ['inline', 'timer', 'attribute', 'foreign', 'data']) if (marks[name] === true) out.push(name);
    return out;
  }, `http://127.0.0.1:${port}/foreign.js`);
  expect(ran).toEqual([]);
  expect(reached).toEqual([]);
});

test('eval: refused in the page', async ({ page, allowErrors }) => {
  allowErrors(REFUSALS);
  // In a timer of the page: what evaluate() itself runs is not bound by the policy.
  const result = await page.evaluate(
    () =>
      new Promise<string>((done) => {
        setTimeout(() => {
          const evaluate = Reflect.get(globalThis, 'eval') as (code: string) => unknown;
          try {
            done(String(evaluate('1 + 1')));
          } catch (error) {
            done((error as Error).name);
          }
        });
      }),
  );
  expect(result).toBe('EvalError');
});

test('data leak: fetch, XHR, WebSocket, beacon, image and form reach no other server', async ({
  page,
  allowErrors,
}) => {
  allowErrors(REFUSALS);
  allowErrors(/WebSocket/);
  const results = await page.evaluate(async (host) => {
    const http = `http://${host}`;
    const outcome = (work: Promise<unknown>) =>
      work.then(
        () => 'went out',
        () => 'refused',
      );
    const byXhr = new Promise<void>((done, failed) => {
      const request = new XMLHttpRequest();
      request.addEventListener('load', () => done());
      request.addEventListener('error', () => failed(new Error('refused')));
      request.open('GET', `${http}/xhr`);
      request.send();
    });
    const bySocket = new Promise<void>((done, failed) => {
      const socket = new WebSocket(`ws://${host}/socket`);
      socket.addEventListener('open', () => done());
      socket.addEventListener('error', () => failed(new Error('refused')));
    });
    const byImage = new Promise<void>((done, failed) => {
      const image = new Image();
      image.addEventListener('load', () => done());
      image.addEventListener('error', () => failed(new Error('refused')));
      image.src = `${http}/image.png`;
    });
    navigator.sendBeacon(`${http}/beacon`, 'x');
    const form = document.createElement('form');
    form.action = `${http}/form`;
    form.method = 'post';
    document.body.append(form);
    form.submit();
    return Promise.all([outcome(fetch(`${http}/fetch`)), outcome(byXhr), outcome(bySocket), outcome(byImage)]);
  }, `127.0.0.1:${port}`);
  expect(results).toEqual(['refused', 'refused', 'refused', 'refused']);
  expect(reached).toEqual([]);
});

test('navigation: the window stays on its page whatever it is told', async ({ app, page, allowErrors }) => {
  allowErrors(REFUSALS);
  allowErrors(/Not allowed to (load local resource|navigate)/);
  await app.evaluate(({ BrowserWindow }) => {
    const record = globalThis as unknown as { prevented: string[] };
    record.prevented = [];
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-frame-navigate', (event) => {
      record.prevented.push(`${event.defaultPrevented} ${event.url}`);
    });
  });
  // Chromium itself refuses file: and data:; the other two come to the host's rule.
  const targets = ['file:///etc/passwd', 'data:text/html,hi', 'app://other/x', `http://127.0.0.1:${port}/page`];
  // From a timer: Playwright would wait for a navigation that never comes.
  await page.evaluate((urls) => {
    for (const [at, url] of urls.entries()) setTimeout(() => (location.href = url), at * 100);
  }, targets);
  const prevented = () => app.evaluate(() => (globalThis as unknown as { prevented: string[] }).prevented);
  await expect.poll(prevented).toEqual(['true app://other/x', `true http://127.0.0.1:${port}/page`]);
  const still = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.getElementById("root") !== null'),
  );
  expect(still).toBe(true);
  const shown = await app.evaluate(({ webContents }) => webContents.getAllWebContents().map((each) => each.getURL()));
  expect(shown.filter((url) => !url.startsWith('app://howdah/') && !url.startsWith('devtools://'))).toEqual([]);
  expect(reached).toEqual([]);
});

test('new windows: window.open and target=_blank open nothing', async ({ app, page }) => {
  const opened = await page.evaluate((url) => {
    const link = document.createElement('a');
    link.href = url;
    link.target = '_blank';
    document.body.append(link);
    link.click();
    return [window.open(url) === null, window.open('app://howdah/index.html') === null];
  }, `http://127.0.0.1:${port}/popup`);
  expect(opened).toEqual([true, true]);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(reached).toEqual([]);
});

test('permissions: camera, microphone, position, notifications, clipboard reading and devices are refused', async ({
  page,
  allowErrors,
}) => {
  allowErrors(/permission|denied|not allowed/i);
  const granted = await page.evaluate(async () => {
    const names = ['camera', 'microphone', 'geolocation', 'notifications', 'clipboard-read', 'midi'];
    const states = await Promise.all(
      names.map((name) =>
        navigator.permissions.query({ name: name as PermissionName }).then(
          (status) => `${name} ${status.state}`,
          () => `${name} refused`,
        ),
      ),
    );
    const tries = await Promise.all([
      navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'microphone opened',
        () => '',
      ),
      navigator.clipboard.readText().then(
        () => 'clipboard read',
        () => '',
      ),
      Notification.requestPermission().then((answer) => (answer === 'granted' ? 'notifications granted' : '')),
    ]);
    return [...states.filter((state) => state.endsWith('granted')), ...tries.filter((text) => text !== '')];
  });
  expect(granted).toEqual([]);
});

test('path traversal: app:// gives 404 for everything outside the renderer folder', async ({ page, allowErrors }) => {
  allowErrors(REFUSALS);
  const answers = await page.evaluate(async () => {
    const paths = [
      '/../preload/preload.cjs',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/assets/..%2f..%2fmain/main.js',
      '//etc/passwd',
      '/%00index.html',
      '/index.html%5c..%5c..%5cpackage.json',
      '/not-there.js',
    ];
    return Promise.all(paths.map(async (path) => (await fetch(`app://howdah${path}`)).status));
  });
  expect(new Set(answers)).toEqual(new Set([404]));
  const post = await page.evaluate(async () => (await fetch('app://howdah/index.html', { method: 'POST' })).status);
  expect(post).toBe(405);
});

test('foreign frame: an iframe is not loaded, and a frame without our page gets no bridge', async ({
  page,
  allowErrors,
}) => {
  allowErrors(REFUSALS);
  const found = await page.evaluate(async (url) => {
    const frame = document.createElement('iframe');
    frame.src = url;
    document.body.append(frame);
    const blank = document.createElement('iframe');
    document.body.append(blank);
    await new Promise((done) => setTimeout(done, 500));
    return { blank: blank.contentWindow !== null && 'howdah' in blank.contentWindow };
  }, `http://127.0.0.1:${port}/frame`);
  expect(found.blank).toBe(false);
  expect(reached).toEqual([]);
});

test('foreign frame: its call over the channel is refused by the sender check', async ({ app }) => {
  // A window that is not made by the host but shares its preload: another origin in its main frame.
  const answer = await app.evaluate(async ({ BrowserWindow, app: self }) => {
    const [ours] = BrowserWindow.getAllWindows();
    const preload = `${self.getAppPath()}/out/preload/preload.cjs`;
    const other = new BrowserWindow({
      show: false,
      webPreferences: { preload, sandbox: true, contextIsolation: true },
    });
    await other.loadURL('about:blank');
    const result: unknown = await other.webContents.executeJavaScript(
      `window.howdah === undefined ? 'no bridge' : window.howdah.call('app.info', '1', {}).then(() => 'answered', (e) => e.message)`,
    );
    other.destroy();
    return { result, alive: ours?.isDestroyed() === false };
  });
  expect(answer.alive).toBe(true);
  expect(answer.result).toContain('refused: unknown sender');
});

test('downloads: nothing is saved without the native dialog', async ({ app, page }) => {
  await app.evaluate(({ session }) => {
    const seen: string[] = [];
    (globalThis as unknown as { downloads: string[] }).downloads = seen;
    session.defaultSession.on('will-download', (event, item) => {
      seen.push(event.defaultPrevented ? 'prevented' : `allowed ${item.getURL()}`);
    });
  });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['x']));
    link.download = 'x.txt';
    document.body.append(link);
    link.click();
  });
  const downloads = () => app.evaluate(() => (globalThis as unknown as { downloads: string[] }).downloads);
  await expect.poll(downloads).toEqual(['prevented']);
});

test('malformed calls: no call of the contract ever fails as a fault of the program', async ({ page }) => {
  const names = Object.entries(contract as Record<string, FeatureContract>).flatMap(([feature, { calls }]) =>
    Object.entries(calls).map(([name, { input }]) => ({
      name: `${feature}.${name}`,
      // A call without input takes any object as its own: what it does then is tested elsewhere.
      takesAnything: input.safeParse({}).success,
    })),
  );
  const codes = await page.evaluate(async (calls) => {
    const { howdah } = window as unknown as {
      howdah: { call(name: string, id: string, input: unknown): Promise<Reply<unknown>> };
    };
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const inputs: unknown[] = [
      undefined,
      null,
      7,
      'text',
      [],
      [{}],
      new Map([['id', 'x']]),
      new Uint8Array(8),
      cyclic,
      { id: { toString: 'x' } },
      { id: 'x'.repeat(100_000), serverId: -1, sessionId: [], resultId: {}, from: Number.NaN },
      { id: '', name: null, plan: { source: { kind: 'nothing' } }, server: 'x', masterPassword: 5 },
    ];
    const wrong: string[] = [];
    for (const { name, takesAnything } of calls) {
      for (const [at, input] of inputs.entries()) {
        if (takesAnything && typeof input === 'object' && input !== null && !Array.isArray(input)) continue;
        const reply = await howdah.call(name, `${name}-${at}`, input);
        if (!reply.ok && reply.error.code === 'bug') wrong.push(`${name} ${at}: ${reply.error.message}`);
        if (reply.ok && (typeof input !== 'object' || input === null)) wrong.push(`${name} ${at}: accepted`);
      }
    }
    const unknown = await howdah.call('servers.everything', 'u', {});
    if (unknown.ok || unknown.error.code !== 'invalid-input') wrong.push('an unknown call was answered');
    return wrong;
  }, names);
  expect(codes).toEqual([]);
});

test('passwords: never come back over the bridge', async ({ page }) => {
  const secret = 'Tr0ub4dor-and-3';
  const replies = await page.evaluate(async (password) => {
    const { howdah } = window as unknown as {
      howdah: { call(name: string, id: string, input: unknown): Promise<Reply<unknown>> };
    };
    const pushed: unknown[] = [];
    (howdah as unknown as { listen(l: (name: string, payload: unknown) => void): void }).listen((name, payload) =>
      pushed.push(name, payload),
    );
    const all = [
      await howdah.call('settings.keepUnderMasterPassword', 'a', { masterPassword: password }),
      await howdah.call('settings.secrets', 'b', {}),
      await howdah.call('settings.get', 'c', {}),
      await howdah.call('settings.unlock', 'd', { masterPassword: `${password}x` }),
    ];
    return JSON.stringify([all, pushed]);
  }, secret);
  expect(replies).toContain('master-password');
  expect(replies).not.toContain(secret);
});
