import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Stop, dim, duration, program, say } from './console.mjs';
import { at, root } from './paths.mjs';
import { bin, run } from './process.mjs';

/** What out/ is made of. */
const SOURCES = [
  'electron',
  'renderer',
  'shared',
  'resources/translations',
  'resources/icons',
  'package.json',
  'package-lock.json',
];
const STAMP = at('out/built-from');
const LOCK = at('node_modules/.cache/howdah/build.pid');

/** @returns {Generator<string>} */
function* filesIn(/** @type {string} */ path) {
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* filesIn(child);
    else yield child;
  }
}

/** A digest of every source, so that neither clocks nor checkouts matter (a few megabytes: 30 ms). */
function digest() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = at(source);
    if (!existsSync(path)) continue;
    for (const file of source.includes('.') ? [path] : filesIn(path)) {
      // The tools themselves don't reach out/, its configuration does.
      if (file.endsWith('.mjs')) continue;
      hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

const read = (/** @type {string} */ file) => (existsSync(file) ? readFileSync(file, 'utf8') : null);

function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** One build at a time: two would empty each other's folders. @template T @param {() => Promise<T>} work */
async function alone(work) {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      const holder = Number(read(LOCK));
      if (holder > 0 && !isAlive(holder)) rmSync(LOCK, { force: true });
      else await wait(100);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** Builds out/ when a source has changed since. @param {{ force?: boolean }} [options] */
export async function build({ force = false } = {}) {
  if (!force && read(STAMP) === digest()) return;
  await alone(async () => {
    const sources = digest();
    if (!force && read(STAMP) === sources) return;
    say(dim('Building'));
    rmSync(STAMP, { force: true });
    const args = [
      bin('electron-vite/bin/electron-vite.js'),
      'build',
      '--config',
      'electron/dev/electron.vite.config.ts',
    ];
    const { code, output, milliseconds } = await run(process.execPath, args, { output: 'quiet' });
    if (code !== 0) throw new Stop(`The build failed:\n${output.trim()}`);
    writeFileSync(STAMP, sources);
    say(dim(`Built in ${duration(milliseconds)}`));
  });
}

if (process.argv[1] === import.meta.filename) await program(() => build({ force: true }));
