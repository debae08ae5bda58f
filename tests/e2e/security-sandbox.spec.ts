import { spawn } from 'node:child_process';
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
    const home = mkdtempSync(join(tmpdir(), 'howdah-sandbox-'));
    chownSync(home, account.uid, account.gid);
    const display = displayFor(home, account);
    const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(program, 'node_modules/electron/dist');
    const child = spawn(join(dist, 'electron'), [program, `--user-data-dir=${join(home, 'profile')}`], {
      uid: account.uid,
      gid: account.gid,
      env: { PATH: process.env['PATH'], HOME: home, ...display },
      cwd: home,
      stdio: 'ignore',
    });
    try {
      const renderer = await rendererOf(child.pid ?? 0, home);
      const status = readFileSync(`/proc/${renderer}/status`, 'utf8');
      expect(/^Seccomp:\s+(\d)$/m.exec(status)?.[1]).toBe('2');
      expect(/^NSpid:\s+(.+)$/m.exec(status)?.[1]?.trim().split(/\s+/).length).toBeGreaterThan(1);
      expect(/^NoNewPrivs:\s+(\d)$/m.exec(status)?.[1]).toBe('1');
    } finally {
      const gone = new Promise((ended) => child.once('exit', ended));
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

/** Waits for the renderer process of this profile. */
async function rendererOf(parent: number, home: string): Promise<number> {
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
    return found;
  };
  await expect.poll(look, { message: `no renderer below ${parent}`, timeout: 30_000 }).toBeGreaterThan(0);
  return found;
}
