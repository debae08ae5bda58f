import { build } from './build.mjs';
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
    await setup('test', { announce: false });
    await build();
    const vitest = [bin('vitest/vitest.mjs'), 'run', '--config', 'tests/vitest.config.ts', '--project', project];
    return become(process.execPath, [...vitest, ...args], { cwd: root });
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
