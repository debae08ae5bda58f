import { readFileSync } from 'node:fs';
import { bold, dim, duration, green, program, red, say } from './console.mjs';
import { textFiles } from './house/files.mjs';
import { checkLicences } from './house/licences.mjs';
import { checkLock } from './house/lock.mjs';
import { checkTranslations } from './house/translations.mjs';
import { checkWords } from './house/words.mjs';
import { at } from './paths.mjs';
import { bin, run } from './process.mjs';

/** @typedef {{ name: string, problems: string | null, milliseconds: number }} Finding problems: null when all is well */

/** @param {string} name @param {string} script @param {readonly string[]} args @returns {Promise<Finding>} */
async function tool(name, script, args) {
  const { code, output, milliseconds } = await run(process.execPath, [bin(script), ...args], { output: 'quiet' });
  return { name, problems: code === 0 ? null : output.trim() || `exit code ${code}`, milliseconds };
}

/** @param {string} name @param {() => string[]} look @returns {Promise<Finding>} */
async function house(name, look) {
  const started = performance.now();
  const problems = look();
  return {
    name,
    problems: problems.length > 0 ? problems.join('\n') : null,
    milliseconds: performance.now() - started,
  };
}

/** @type {Record<string, () => Promise<Finding>>} */
const CHECKS = {
  types: () => tool('types', 'typescript/bin/tsc', ['-b']),
  lint: () =>
    tool('lint', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '--report-unused-disable-directives']),
  format: () => tool('format', 'oxfmt/bin/oxfmt', ['--check']),
  'dead code': () => tool('dead code', 'knip/bin/knip.js', ['--no-progress', '--treat-config-hints-as-errors']),
  words: () => house('words', () => checkWords(textFiles())),
  translations: () => house('translations', () => checkTranslations(textFiles())),
  lock: () => house('lock', () => checkLock(readFileSync(at('package-lock.json'), 'utf8'))),
  licences: () => house('licences', () => checkLicences()),
};

/**
 * Types, lint with the import table, format, dead code, and our own rules; all at once.
 * @param {readonly string[]} [names] default: all @returns {Promise<Finding[]>}
 */
export async function check(names = Object.keys(CHECKS)) {
  const unknown = names.find((name) => !(name in CHECKS));
  if (unknown) throw new Error(`There is no check ${unknown}; there are ${Object.keys(CHECKS).join(', ')}`);
  const findings = await Promise.all(names.flatMap((name) => CHECKS[name]?.() ?? []));
  for (const { name, problems, milliseconds } of findings) {
    say(`${problems === null ? green('✓') : red('✗')} ${name.padEnd(14)}${dim(duration(milliseconds))}`);
  }
  for (const { name, problems } of findings) {
    if (problems !== null) say(`\n${bold(name)}\n${problems}`);
  }
  return findings;
}

if (process.argv[1] === import.meta.filename) {
  await program(async () => {
    const names = process.argv.slice(2);
    const findings = await check(names.length > 0 ? names : undefined);
    return findings.some(({ problems }) => problems !== null) ? 1 : 0;
  });
}
