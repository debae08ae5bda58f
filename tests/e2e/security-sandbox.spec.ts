import { spawn, spawnSync } from 'node:child_process';
import { chownSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAccount } from '../../electron/control-plane/cluster/account';
import { expect, program, test } from './fixtures';

test.describe('as a normal user', () => {
  const root = process.getuid?.() === 0;

  test.skip(!root || process.platform !== 'linux', 'the program is started as another user, which only root can do');

  test('sandbox: the renderer runs under seccomp, in namespaces of its own', async () => {
    const account = await serverAccount();
    test.skip(account === null, 'there is no unprivileged account');
    if (account === null) return;
    test.skip(
      !namespacesAllowed(account),
      'the kernel refuses user namespaces here, so Chromium has no sandbox to start',
    );
    const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(program, 'node_modules/electron/dist');
    test.skip(![program, dist].every((folder) => isOpenTo(account, folder)), 'the account may not enter the clone');
    const home = mkdtempSync(join(tmpdir(), 'howdah-sandbox-'));
    chownSync(home, account.uid, account.gid);
    const display = displayFor(home, account);
    const child = spawn(join(dist, 'electron'), [program, `--user-data-dir=${join(home, 'profile')}`], {
      uid: account.uid,
      gid: account.gid,
      env: { PATH: process.env['PATH'], HOME: home, ...display },
      cwd: home,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-4000)));
    const gone = new Promise((ended) => child.once('exit', ended));
    try {
      const ended = () => child.exitCode !== null || child.signalCode !== null;
      const renderer = await rendererOf(home, ended);
      expect(renderer, `no renderer: ${words}`).toBeGreaterThan(0);
      const status = readFileSync(`/proc/${renderer}/status`, 'utf8');
      expect(/^Seccomp:\s+(\d)$/m.exec(status)?.[1]).toBe('2');
      expect(/^NSpid:\s+(.+)$/m.exec(status)?.[1]?.trim().split(/\s+/).length).toBeGreaterThan(1);
      expect(/^NoNewPrivs:\s+(\d)$/m.exec(status)?.[1]).toBe('1');
    } finally {
      const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      child.kill('SIGTERM');
      await gone;
      clearTimeout(killer);
      // Its helper processes write to the profile for a moment longer.
      rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  });
});

/** The virtual display's key may be readable for root only: the account gets a copy. */
function displayFor(home: string, account: { uid: number; gid: number }): Record<string, string> {
  const display = { DISPLAY: process.env['DISPLAY'] ?? '' };
  const authority = process.env['XAUTHORITY'];
  if (!authority) return display;
  const copy = join(home, 'xauthority');
  copyFileSync(authority, copy);
  chownSync(copy, account.uid, account.gid);
  return { ...display, XAUTHORITY: copy };
}

/** In a container or under a hardened kernel an ordinary account may not make the namespaces that Chromium's sandbox consists of. */
function namespacesAllowed({ uid, gid }: { uid: number; gid: number }): boolean {
  return spawnSync('unshare', ['--user', '--map-root-user', '--pid', '--fork', 'true'], { uid, gid }).status === 0;
}

/** A clone below root's home is closed to everybody else. */
function isOpenTo({ uid, gid }: { uid: number; gid: number }, folder: string): boolean {
  return spawnSync('ls', [folder], { uid, gid, cwd: '/' }).status === 0;
}

/** Waits for the renderer process of this profile; 0 when the program ended without one. */
async function rendererOf(home: string, ended: () => boolean): Promise<number> {
  let found = 0;
  const look = () => {
    for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      try {
        const args = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        if (args.includes('--type=renderer') && args.includes(home)) found = Number(name);
      } catch {
        // The process has ended meanwhile.
      }
    }
    return found > 0 || ended();
  };
  await expect.poll(look, { message: 'no renderer', timeout: 30_000 }).toBe(true);
  return found;
}
