import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { answerOpenDialog, type Launched, type LaunchOptions } from '../fixtures';

const run = promisify(execFile);

/** The window under the tour, whether it belongs to the clone or to the installed program. */
export interface Seat {
  readonly page: Page;
  /** Which program this is, for the report. */
  readonly program: string;
  /** Does what opens the native file dialog, and chooses the file in it. */
  chooseFile(path: string, open: () => Promise<void>): Promise<void>;
  /** Lets go of a window that somebody else closes. */
  leave(): Promise<void>;
}

/** The clone's app, driven through Electron's main process. */
export async function seatInClone(launch: (options?: LaunchOptions) => Promise<Launched>): Promise<Seat> {
  const { app, page } = await launch();
  const version = await app.evaluate(() => process.versions['electron'] ?? '');
  return {
    page,
    program: `the clone on Electron ${version}`,
    async chooseFile(path, open) {
      await answerOpenDialog(app, path);
      await open();
    },
    leave: () => Promise.resolve(),
  };
}

/** Types into GTK's file dialog with the keys of a person; the shipped program lets nobody into its main process. */
async function typePath(path: string): Promise<void> {
  const { stdout } = await run('xdotool', [
    'search',
    '--sync',
    '--onlyvisible',
    '--name',
    '^(Open|Choose|Select|Import)',
  ]);
  const dialog = stdout.trim().split('\n').at(-1) ?? '';
  await run('xdotool', ['windowfocus', '--sync', dialog]);
  await run('xdotool', ['type', '--delay', '20', path]);
  await run('xdotool', ['key', 'Return']);
}

/** The installed program that `npm run package -- --verify` has started, over the debugging port at `address`. */
export async function seatInInstalled(address: string): Promise<Seat> {
  const browser = await chromium.connectOverCDP(address);
  const page = browser.contexts()[0]?.pages()[0];
  if (!page) throw new Error(`no window at ${address}`);
  return {
    page,
    program: 'the installed program',
    async chooseFile(path, open) {
      await open();
      await typePath(path);
    },
    leave: () => browser.close(),
  };
}
