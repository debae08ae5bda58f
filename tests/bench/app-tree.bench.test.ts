import { _electron, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NEW_SERVER } from '../../shared/model/server';
import { registerServer } from '../e2e/pages/servers';
import { startServer, type TestServer } from '../support/postgres';
import { median, missed, record, ROUNDS, wanted } from './figure';

/**
 * The tree of a schema with 50,000 tables in the real window: until its first rows are seen, how evenly it scrolls, how fast a filter answers.
 * Needs a display and the runtime in ELECTRON_OVERRIDE_DIST_PATH, as `npm run bench` gives them.
 */
const TABLES = 50_000;
const root = process.env['HOWDAH_E2E_APP'] ?? resolve(import.meta.dirname, '../..');
const NAMES = ['app/tree-rows', 'app/tree-scroll', 'app/tree-filter'];
const SKIPPED = process.env['DISPLAY'] === undefined || !wanted(...NAMES);

let server: TestServer;
beforeAll(async () => {
  if (SKIPPED) return;
  server = await startServer({ major: 17, settings: ['max_locks_per_transaction = 1024'] });
  await server.createDatabase('wide');
  for (let from = 0; from < TABLES; from += 10_000)
    await server.sql(
      `DO $$ BEGIN FOR n IN ${from + 1}..${from + 10_000} LOOP EXECUTE format('CREATE TABLE public.t_%s ()', lpad(n::text, 5, '0')); END LOOP; END $$`,
      'wide',
    );
  await server.sql('VACUUM ANALYZE', 'wide');
});
afterAll(() => server?.stop());

/** Milliseconds between frames while something goes on for 120 of them. */
const frames = (page: Page, scroll: number): Promise<number[]> =>
  page.evaluate(async (step) => {
    const host = [...document.querySelectorAll<HTMLElement>('[data-testid=explorer] *')].find(
      (each) => each.scrollHeight > each.clientHeight * 10,
    );
    if (!host) throw new Error('nothing scrolls');
    const times: number[] = [];
    let last = performance.now();
    for (let frame = 0; frame < 120; frame += 1) {
      host.scrollTop += step;
      await new Promise((done) => requestAnimationFrame(done));
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
    return times;
  }, scroll);

const slowest = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;

it.skipIf(SKIPPED)('a schema with 50,000 tables in the window', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'howdah-tree-'));
  const app = await _electron.launch({
    args: [root, `--user-data-dir=${profile}`],
    chromiumSandbox: process.getuid?.() !== 0,
    env: { ...(process.env as Record<string, string>), HOWDAH_STATE: join(profile, 'state') },
  });
  try {
    const page = await app.firstWindow();
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
    await registerServer(page, { ...NEW_SERVER, name: 'wide', host: '127.0.0.1', port: server.port });
    const tree = page.getByTestId('explorer').getByRole('tree');
    const line = (name: string) => tree.getByRole('treeitem', { name: new RegExp(`(^|, )${name}(,|$)`) }).first();
    await line('wide').dblclick();
    for (const name of ['Databases', 'wide', 'Schemas', 'public']) {
      const each = name === 'wide' ? tree.locator('[aria-level="4"]').filter({ hasText: 'wide' }) : line(name);
      await each.dblclick();
    }
    const opened: number[] = [];
    const filtered: number[] = [];
    const scrolled: number[] = [];
    const still: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await line('Tables').waitFor();
      let from = performance.now();
      await line('Tables').dblclick();
      await line('t_00001').waitFor();
      opened.push(performance.now() - from);
      still.push(slowest(await frames(page, 0)));
      scrolled.push(slowest(await frames(page, 400)));
      from = performance.now();
      await page.getByTestId('explorer').getByRole('textbox').fill('t_49999');
      await line('t_49999').waitFor();
      filtered.push(performance.now() - from);
      await page.getByTestId('explorer').getByRole('textbox').press('Escape');
      await line('Tables').click();
      await page.keyboard.press('F5');
      await page.keyboard.press('ArrowLeft');
    }
    const figures = [
      record({
        name: 'app/tree-rows',
        ours: opened,
        peer: 500,
        peerName: 'half a second',
        unit: 'ms',
        goal: 'ours < 500',
      }),
      record({
        name: 'app/tree-scroll',
        ours: scrolled,
        peer: median(still),
        peerName: 'the same window standing still',
        unit: 'ms',
        goal: 'ratio < 1.5',
      }),
      record({
        name: 'app/tree-filter',
        ours: filtered,
        peer: 500,
        peerName: 'half a second',
        unit: 'ms',
        goal: 'ours < 500',
      }),
    ];
    expect(missed(figures)).toEqual([]);
  } finally {
    await app.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
