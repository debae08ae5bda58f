import { existsSync } from 'node:fs';
import { Stop, say } from './console.mjs';
import { hasDisplay } from './display.mjs';
import { isRoot } from './paths.mjs';
import { run } from './process.mjs';

/** Libraries that Electron loads, for Debian and its relatives. */
const ELECTRON = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0',
  'libcups2',
  'libdrm2',
  'libxtst6',
  'fonts-dejavu-core',
];
const VIRTUAL_DISPLAY = ['xvfb', 'xauth', 'fonts-noto-cjk'];
/** pg_dump, pg_restore and psql to compare with, and ps. */
const TESTS = ['postgresql-client', 'procps'];
/** rpmbuild, and what presses keys in the installed program's native dialogs. */
const PACKAGING = ['rpm', 'xdotool'];

/** @param {'start' | 'tour' | 'test' | 'package'} purpose @returns {string[]} */
function wanted(purpose) {
  const display = purpose === 'start' && hasDisplay() ? [] : VIRTUAL_DISPLAY;
  return [...ELECTRON, ...display, ...(purpose === 'start' ? [] : TESTS), ...(purpose === 'package' ? PACKAGING : [])];
}

/** Since 2024 some libraries carry a suffix for their 64-bit time. */
const spellings = (/** @type {string} */ name) => [name, `${name}t64`];

/** @param {readonly string[]} names @returns {Promise<string[]>} those that dpkg does not know as installed */
async function missing(names) {
  const { output } = await run(
    'dpkg-query',
    ['--show', '--showformat=${db:Status-Status} ${Package}\\n', ...names.flatMap(spellings)],
    { output: 'quiet' },
  );
  const installed = new Set(
    output.split('\n').flatMap((line) => (line.startsWith('installed ') ? [line.slice('installed '.length)] : [])),
  );
  return names.filter((name) => !spellings(name).some((spelling) => installed.has(spelling)));
}

const INSTALL = ['install', '-y', '--no-install-recommends'];

/** Asks apt for what is missing when root runs this; otherwise says the one command. @param {'start' | 'tour' | 'test' | 'package'} purpose */
export async function ensureSystemPackages(purpose) {
  // Other systems bring their own; Electron says itself which library it lacks.
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) return;
  const names = await missing(wanted(purpose));
  if (names.length === 0) return;
  const command = `apt-get update && apt-get ${INSTALL.join(' ')} ${names.join(' ')}`;
  if (!isRoot()) {
    throw new Stop(`These system packages are missing. As root, run once:\n\n  ${command}\n`);
  }
  say(`Installing system packages: ${names.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], [...INSTALL, ...names]]) {
    const { code, output } = await run('apt-get', args, { output: 'quiet', env });
    if (code !== 0) {
      throw new Stop(
        `apt-get ${args[0]} failed; try by hand: ${command}\n${output.trim().split('\n').slice(-5).join('\n')}`,
      );
    }
  }
}
