import { _electron, expect, test as base, type ElectronApplication, type Page } from '@playwright/test';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Reply } from '../../shared/errors';
import { stopEverything } from '../support/control-plane';

const root = resolve(import.meta.dirname, '../..');

/** The folder of the built app; HOWDAH_E2E_APP names another build of it. */
export const program = process.env['HOWDAH_E2E_APP'] ?? root;

/** Screenshots and reports of a run; not committed. */
export const artifacts = join(root, 'artifacts');

export interface LaunchOptions {
  /** Language tag of the operating system as the app sees it. */
  readonly locale?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

export interface Launched {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Quits as a person does; running tasks are cancelled without asking. */
  close(): Promise<void>;
}

interface Fixtures {
  /** The profile folder of this test, fresh and removed at its end. The control plane's state is in `state` below it. */
  readonly profile: string;
  /** Starts the built app on the test's profile; again after `close` for what must survive a restart. */
  readonly launch: (options?: LaunchOptions) => Promise<Launched>;
  /** One start for tests that need no more. */
  readonly started: Launched;
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Console errors and uncaught page errors fail the test unless one of these patterns takes them. */
  readonly allowErrors: (pattern: RegExp) => void;
  /** Saves `artifacts/<name>.png` of the window. */
  readonly shot: (name: string) => Promise<void>;
  readonly problems: string[];
}

async function quit(app: ElectronApplication, child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const killer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  try {
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
    });
    await app.close();
  } catch {
    // The app has ended by itself meanwhile, or the killer ends it.
  }
  await gone;
  clearTimeout(killer);
}

export const test = base.extend<Fixtures>({
  problems: async ({ playwright: _playwright }, give) => {
    await give([]);
  },
  allowErrors: async ({ problems }, give) => {
    const allowed: RegExp[] = [];
    await give((pattern) => void allowed.push(pattern));
    const left = problems.filter((problem) => !allowed.some((pattern) => pattern.test(problem)));
    expect(left, 'errors in the console or the page').toEqual([]);
  },
  profile: async ({ playwright: _playwright }, give) => {
    const folder = mkdtempSync(join(tmpdir(), 'howdah-e2e-'));
    // Servers of the control plane run as another account and must be able to enter.
    chmodSync(folder, 0o711);
    await give(folder);
    const state = join(folder, 'state');
    // Not only when the folder is there: a daemon that the window has just asked for may be about to make it.
    await stopEverything(state);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  },
  // allowErrors is asked for here so that its check runs in every test, after the window is closed.
  launch: async ({ profile, problems, allowErrors: _checked }, give) => {
    const open: (() => Promise<void>)[] = [];
    await give(async ({ locale = 'en-US', env = {}, args = [] } = {}) => {
      const app = await _electron.launch({
        args: [program, `--user-data-dir=${profile}`, `--lang=${locale}`, ...args],
        // Chromium's sandbox does not start for root.
        chromiumSandbox: process.getuid?.() !== 0,
        env: {
          ...(process.env as Record<string, string>),
          HOWDAH_STATE: join(profile, 'state'),
          ...env,
        },
      });
      // Asked for now: Playwright forgets it when the app has ended.
      const child = app.process();
      const close = () => quit(app, child);
      open.push(close);
      const page = await app.firstWindow();
      page.on('pageerror', (error) => problems.push(`page: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`);
      });
      // Set by the shell when it stands; the bridge works and every view can be opened from then on.
      await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: 30_000 });
      return { app, page, close };
    });
    for (const close of open) await close();
  },
  started: async ({ launch }, give) => {
    await give(await launch());
  },
  app: async ({ started }, give) => {
    await give(started.app);
  },
  page: async ({ started }, give) => {
    await give(started.page);
  },
  shot: async ({ page }, give) => {
    await give(async (name) => {
      mkdirSync(artifacts, { recursive: true });
      await page.screenshot({ path: join(artifacts, `${name}.png`), animations: 'disabled' });
    });
  },
});

/** Answers the next native *open* dialogs with this path (null: cancelled). */
export async function answerOpenDialog(app: ElectronApplication, path: string | null): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () =>
      Promise.resolve({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] });
  }, path);
}

/** Answers the next native *save* dialogs with this path (null: cancelled). */
export async function answerSaveDialog(app: ElectronApplication, path: string | null): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: chosen === null, filePath: chosen ?? '' });
  }, path);
}

/** Chooses an entry of the application menu by its id (the command's name, see electron/host/menu.ts). */
export async function chooseMenu(app: ElectronApplication, id: string): Promise<void> {
  await app.evaluate(({ Menu }, wanted) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(wanted);
    if (!item) throw new Error(`no menu entry ${wanted}`);
    item.click();
  }, id);
}

/** One call over the bridge, for what a test prepares without the mouse. Fails when the reply is an error. */
export async function callMain<T>(page: Page, name: string, input: unknown): Promise<T> {
  const reply = await page.evaluate(
    ([call, given]) => {
      const { howdah } = window as unknown as {
        howdah: { call(name: string, id: string, input: unknown): Promise<Reply<unknown>> };
      };
      return howdah.call(call, `test-${Math.random()}`, given);
    },
    [name, input] as const,
  );
  if (!reply.ok) throw new Error(`${name}: ${reply.error.code} ${reply.error.message}`);
  return reply.value as T;
}

export { expect };
