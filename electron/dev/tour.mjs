import { existsSync, rmSync } from 'node:fs';
import { build } from './build.mjs';
import { say } from './console.mjs';
import { withDisplay } from './display.mjs';
import { at } from './paths.mjs';
import { bin, run } from './process.mjs';
import { demandSandbox } from './sandbox.mjs';
import { setup } from './setup.mjs';

/**
 * The guided tour in the real window on a virtual display; screenshots and a report go to artifacts/tour.
 * @param {NodeJS.ProcessEnv} [env] how the installed program is toured instead of the clone
 * @returns {Promise<number>} exit code: 0 only if every step held
 */
export async function tour(env = {}) {
  const runtime = await setup('tour');
  await demandSandbox(runtime.executable);
  await build();
  rmSync(at('artifacts/tour'), { recursive: true, force: true });
  const args = [bin('@playwright/test/cli.js'), 'test', '--config', 'tests/e2e/tour/playwright.config.ts'];
  const { code } = await withDisplay((display) =>
    run(process.execPath, args, { env: { ...display, ELECTRON_OVERRIDE_DIST_PATH: runtime.dist, ...env } }),
  );
  if (existsSync(at('artifacts/tour/report.md'))) say('The report is artifacts/tour/report.md');
  return code;
}
