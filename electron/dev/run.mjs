import { build } from './build.mjs';
import { CAMPAIGNS, measuresWindow } from './campaigns.mjs';
import { Stop, program } from './console.mjs';
import { withDisplay } from './display.mjs';
import { at, root } from './paths.mjs';
import { become, bin } from './process.mjs';
import { setup, setupPackages } from './setup.mjs';

/** @typedef {(args: readonly string[]) => Promise<number>} Command */

/** Where the person typed the command; npm itself changes into the clone. */
const here = () => process.env['INIT_CWD'] ?? process.cwd();

/**
 * A program of out/ in plain Node. Its stdout is left to it alone.
 * @param {string} name @param {readonly string[]} own options that it always gets @returns {Command}
 */
const builtProgram =
  (name, ...own) =>
  async (args) => {
    await setupPackages();
    await build();
    return become(process.execPath, [at('out/main', name), ...own, ...args], { cwd: here() });
  };

/** @type {Record<string, Command>} */
const COMMANDS = {
  cli: builtProgram('cli.js'),
  'control-plane': builtProgram('control-plane.js', '--foreground'),
  async vitest([project = 'unit', ...args]) {
    const campaign = CAMPAIGNS[project]?.(args, here());
    const runtime = await setup('test', { announce: false });
    await build();
    const vitest = [bin('vitest/vitest.mjs'), 'run', '--config', 'tests/vitest.config.ts', '--project', project];
    const run = (/** @type {NodeJS.ProcessEnv} */ env) =>
      become(process.execPath, [...vitest, ...(campaign?.rest ?? args)], {
        cwd: root,
        env: { ...campaign?.env, ...env },
      });
    if (!campaign) return run({});
    const code =
      project === 'bench' && measuresWindow(campaign)
        ? await withDisplay((display) => run({ ...display, ELECTRON_OVERRIDE_DIST_PATH: runtime.dist }))
        : await run({});
    return campaign.finish(code);
  },
  async e2e(args) {
    const runtime = await setup('test');
    await build();
    const playwright = [bin('@playwright/test/cli.js'), 'test', '--config', 'tests/e2e/playwright.config.ts'];
    return withDisplay((display) =>
      become(process.execPath, [...playwright, ...args], {
        cwd: root,
        env: { ...display, ELECTRON_OVERRIDE_DIST_PATH: runtime.dist },
      }),
    );
  },
};

await program(() => {
  const [name = '', ...args] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (!command) throw new Stop(`Usage: node electron/dev/run.mjs ${Object.keys(COMMANDS).join('|')} …`);
  return command(args);
});
