import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Stop } from './console.mjs';
import { isRoot } from './paths.mjs';
import { run } from './process.mjs';

/** Whether the runtime brings a helper that root has blessed (owner root, SUID). @param {string} dist */
function hasHelper(dist) {
  const helper = statSync(join(dist, 'chrome-sandbox'), { throwIfNoEntry: false });
  return helper !== undefined && helper.uid === 0 && (helper.mode & 0o4000) !== 0;
}

/**
 * The window's sandbox consists of user namespaces, which containers and hardened kernels refuse to ordinary accounts; Electron would end with a
 * message that helps nobody. Stops with what to do instead; the sandbox is never turned off to get around it.
 * @param {string} executable Electron's
 */
export async function demandSandbox(executable) {
  if (process.platform !== 'linux' || isRoot() || hasHelper(dirname(executable))) return;
  const { code } = await run('unshare', ['--user', '--map-root-user', '--pid', '--fork', 'true'], {
    output: 'quiet',
    timeout: 5000,
  });
  // -1: there is no such program here, so nothing is known.
  if (code === 0 || code === -1) return;
  throw new Stop(
    'This system refuses user namespaces to ordinary accounts, and the sandbox of the window consists of them.\n' +
      '  Allow them as root:  sysctl -w kernel.unprivileged_userns_clone=1   (Ubuntu: kernel.apparmor_restrict_unprivileged_userns=0)',
  );
}
