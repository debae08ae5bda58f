import { readFileSync } from 'node:fs';
import { Stop, dim, duration, program, say } from './console.mjs';
import { at } from './paths.mjs';
import { npm } from './process.mjs';
import { resolveRuntime } from './runtime.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const LOWEST_MAJOR = 20;
const LOWEST_MINOR = 19;

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > LOWEST_MAJOR || (major === LOWEST_MAJOR && minor >= LOWEST_MINOR)) return;
  throw new Stop(`Node ${LOWEST_MAJOR}.${LOWEST_MINOR} or newer is needed; this is ${process.versions.node}`);
}

const readJson = (/** @type {string} */ path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
};

/**
 * Whether node_modules holds what the lock wants. npm writes the hidden lock last, so a killed installation doesn't count. Packages of other
 * platforms are optional and may be missing.
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean }} Locked
 * @param {{ packages: Record<string, Locked> } | null} wanted @param {{ packages: Record<string, Locked> } | null} installed
 */
export function packagesAreInstalled(wanted, installed) {
  if (!wanted || !installed) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '') return true;
    const here = installed.packages[path];
    return here ? here.version === entry.version : entry.optional === true || entry.devOptional === true;
  });
}

const OFFLINE = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b/;

async function ensurePackages() {
  const isInstalled = () =>
    packagesAreInstalled(readJson(at('package-lock.json')), readJson(at('node_modules/.package-lock.json')));
  if (isInstalled()) return;
  say('Installing the packages of package-lock.json (about 40 s)');
  const { code, output, milliseconds } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    output: 'quiet',
    // npm 10 runs Electron's own download at installation; ours comes later and knows a way without it.
    env: { ELECTRON_SKIP_BINARY_DOWNLOAD: '1' },
  });
  if (code === 0) return say(dim(`Installed in ${duration(milliseconds)}`));
  if (OFFLINE.test(output)) {
    throw new Stop(
      'The package registry does not answer. Go online once (or point npm at a registry that your network reaches, ' +
        '`npm config set registry URL`) and start again.\n' +
        dim(output.trim().split('\n').slice(0, 3).join('\n')),
    );
  }
  throw new Stop(`npm ci failed:\n${output.trim()}`);
}

/** What a program of out/ in plain Node needs: Node itself and the locked packages. */
export async function setupPackages() {
  checkNode();
  await ensurePackages();
}

/**
 * Makes a clone ready: Node, the system's libraries, the locked packages and an Electron runtime. Does nothing, quickly, when all is there.
 * @param {'start' | 'tour' | 'test' | 'package'} purpose @param {{ announce?: boolean }} [options]
 */
export async function setup(purpose, { announce = true } = {}) {
  checkNode();
  await ensureSystemPackages(purpose);
  await ensurePackages();
  const runtime = await resolveRuntime();
  if (announce) say(runtime.line);
  return runtime;
}

if (process.argv[1] === import.meta.filename) {
  await program(async () => {
    await setup('test');
    say('Ready: npm start, npm test');
  });
}
