import { mkdirSync, rmSync } from 'node:fs';
import { build } from './build.mjs';
import { check } from './check.mjs';
import { bold, dim, duration, green, program, red, say, yellow, messageOf } from './console.mjs';
import { withDisplay } from './display.mjs';
import { at } from './paths.mjs';
import { bin, run } from './process.mjs';
import { readPlaywright, readReport, readVitest, single, sum, totals } from './results.mjs';
import { setup } from './setup.mjs';

/** @typedef {import('./results.mjs').Results} Results */

const REPORTS = at('artifacts/test');
/** No part takes this long, even on a busy machine; a hanging one must not hang the whole. */
const LIMIT = 40 * 60_000;

/** @param {string} project @param {NodeJS.ProcessEnv} [env] @returns {Promise<Results>} */
async function vitest(project, env = {}) {
  const file = `${REPORTS}/${project}.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const selection = ['--config', 'tests/vitest.config.ts', '--project', project, '--passWithNoTests'];
  const { code } = await run(process.execPath, [bin('vitest/vitest.mjs'), 'run', ...selection, ...reporters], {
    env,
    timeout: LIMIT,
  });
  return readReport(project, file, readVitest, code);
}

/** @param {string} name @param {string} config @param {NodeJS.ProcessEnv} env @returns {Promise<Results>} */
async function playwright(name, config, env) {
  const file = `${REPORTS}/${name}.json`;
  const { code } = await run(process.execPath, [bin('@playwright/test/cli.js'), 'test', '--config', config], {
    env: { ...env, HOWDAH_JSON_REPORT: file },
    timeout: LIMIT,
  });
  return readReport(name, file, readPlaywright, code);
}

async function checks() {
  const findings = await check();
  return sum(findings.map(({ name, problems }) => single(`check: ${name}`, problems === null)));
}

async function builds() {
  try {
    await build();
    return single('build', true);
  } catch (error) {
    say(messageOf(error));
    return single('build', false);
  }
}

/** One after the other, always to the end: what fails early doesn't hide what fails late. */
async function everything() {
  const runtime = await setup('test');
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });
  const inWindow = (/** @type {string} */ name, /** @type {string} */ config) =>
    withDisplay((display) => playwright(name, config, { ...display, ELECTRON_OVERRIDE_DIST_PATH: runtime.dist }));
  /** @type {readonly [string, () => Promise<Results>][]} */
  const parts = [
    ['check', checks],
    ['build', builds],
    ['unit', () => vitest('unit')],
    ['integration', () => vitest('integration')],
    ['e2e', () => inWindow('e2e', 'tests/e2e/playwright.config.ts')],
    ['tour', () => inWindow('tour', 'tests/e2e/tour/playwright.config.ts')],
    ['faults', () => vitest('faults', { HOWDAH_FAULTS: 'short' })],
  ];
  const lines = [];
  const all = [];
  for (const [name, part] of parts) {
    say(`\n${bold(name)}`);
    const started = performance.now();
    const results = await part();
    const mark = results.failed.length === 0 ? green('✓') : red('✗');
    lines.push(`${mark} ${name.padEnd(13)}${totals(results)} ${dim(duration(performance.now() - started))}`);
    all.push(results);
  }
  return { lines, results: sum(all) };
}

await program(async () => {
  const started = performance.now();
  const { lines, results } = await everything();
  say('');
  for (const line of lines) say(line);
  for (const name of results.skipped) say(`${yellow('skipped')} ${name}`);
  const told = (/** @type {string} */ name) => (results.why[name] ? `${name}\n${dim(results.why[name])}` : name);
  for (const name of results.unsteady) say(`${yellow('unsteady')} ${told(name)}`);
  for (const name of results.failed) say(`${red('failed')} ${told(name)}`);
  say(dim(`in ${duration(performance.now() - started)}`));
  process.stdout.write(`${totals(results)}\n`);
  return results.failed.length === 0 ? 0 : 1;
});
