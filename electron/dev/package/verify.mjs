import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Stop, say } from '../console.mjs';
import { withDisplay } from '../display.mjs';
import { readFuses } from '../fuses.mjs';
import { at, isRoot } from '../paths.mjs';
import { bin, run } from '../process.mjs';

/** The person who starts the installed program: a fresh account without any right. */
const ACCOUNT = 'howdah-tour';
const INSTALLED = '/opt/Howdah';

async function must(/** @type {string} */ command, /** @type {readonly string[]} */ args, options = {}) {
  const result = await run(command, args, { output: 'quiet', ...options });
  if (result.code !== 0) throw new Stop(`${command} ${args.join(' ')} failed:\n${result.output.trim()}`);
  return result.output.trim();
}

/** What electron-builder.yml decides, as the binary itself tells it. */
const FUSES = {
  runAsNode: true,
  cookieEncryption: true,
  nodeOptions: false,
  nodeCliInspect: false,
  asarIntegrity: true,
  onlyLoadAppFromAsar: true,
  browserV8Snapshot: false,
  fileProtocolPrivileges: false,
};

/** Nothing that starts foreign code was left in, and the server and the sample came along. */
function checkInstalled() {
  const fuses = readFuses(readFileSync(`${INSTALLED}/howdah`));
  for (const [name, wanted] of Object.entries(FUSES)) {
    if (fuses[name] !== wanted) throw new Stop(`The fuse ${name} is ${fuses[name]}, not ${wanted}`);
  }
  if (existsSync(`${INSTALLED}/resources/default_app.asar`)) throw new Stop('The stand-in application was packaged');
  for (const name of ['app.asar', 'postgres', 'sample/shop.sql', 'THIRD-PARTY-NOTICES.txt']) {
    if (!existsSync(`${INSTALLED}/resources/${name}`)) throw new Stop(`The package lacks resources/${name}`);
  }
}

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

async function untilAnswers(/** @type {string} */ url, /** @type {() => boolean} */ alive) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await wait(200)) {
    if (!alive()) throw new Stop('The installed program ended at once');
    const reply = await fetch(url).catch(() => null);
    if (reply?.ok) return;
  }
  throw new Stop(`Nothing answers at ${url}`);
}

/** Ends what the account still runs (its control plane and servers outlive the window by design). */
async function endProcessesOf(/** @type {number} */ uid) {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGTERM', 'SIGKILL'])) {
    const own = readdirSync('/proc').filter((name) => {
      try {
        return /^\d+$/.test(name) && statSync(`/proc/${name}`).uid === uid;
      } catch {
        return false;
      }
    });
    if (own.length === 0) return;
    for (const pid of own) {
      try {
        process.kill(Number(pid), signal);
      } catch {
        // It has ended meanwhile.
      }
    }
    await wait(1500);
  }
}

async function tourInstalled(/** @type {number} */ uid) {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  return withDisplay(async (display) => {
    const env = { ...display, HOME: `/home/${ACCOUNT}`, USER: ACCOUNT, PATH: process.env['PATH'] };
    const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const program = spawn(
      'runuser',
      ['-u', ACCOUNT, '--', 'env', '-i', ...words, 'howdah', `--remote-debugging-port=${port}`, '--lang=en-US'],
      { cwd: '/', stdio: ['ignore', 'ignore', 'ignore'] },
    );
    try {
      await untilAnswers(`${address}/json/version`, () => program.exitCode === null);
      const args = [bin('@playwright/test/cli.js'), 'test', '--config', 'tests/e2e/tour/playwright.config.ts'];
      const { code } = await run(process.execPath, args, {
        env: { ...display, HOWDAH_TOUR_ADDRESS: address, HOWDAH_TOUR_RESOURCES: `${INSTALLED}/resources` },
      });
      return code;
    } finally {
      program.kill();
      await endProcessesOf(uid);
    }
  });
}

/**
 * Installs the deb with apt, lets a fresh account start it on a virtual display, passes the tour over the debugging port, and removes both.
 * @returns {Promise<number>} the tour's exit code
 */
export async function verify() {
  if (!isRoot()) throw new Stop('Installing a package needs root');
  const file = readdirSync(at('release')).find((name) => name.endsWith('.deb'));
  if (!file) throw new Stop('There is no deb in release/; run npm run package first');
  say(`Installing ${file}`);
  await must('apt-get', ['install', '-y', '--no-install-recommends', at('release', file)], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  try {
    checkInstalled();
    await must('useradd', ['--create-home', '--shell', '/bin/sh', ACCOUNT]);
    try {
      const uid = Number(await must('id', ['-u', ACCOUNT]));
      say(
        `Touring ${readFileSync('/usr/share/applications/howdah.desktop', 'utf8').match(/^Exec=(.*)$/m)?.[1]} as ${ACCOUNT}`,
      );
      return await tourInstalled(uid);
    } finally {
      await must('userdel', ['--remove', ACCOUNT]);
    }
  } finally {
    await must('apt-get', ['remove', '-y', '--purge', 'howdah']);
    say('Removed again');
  }
}
