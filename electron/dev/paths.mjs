import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The clone. */
export const root = resolve(import.meta.dirname, '../..');

/** @param {...string} parts A path inside the clone. */
export const at = (...parts) => join(root, ...parts);

export const isRoot = () => process.getuid?.() === 0;

/** Shared by every account of a Linux machine when root filled it. */
export const MACHINE_CACHE = '/var/cache/howdah';

/**
 * What outlives a clone (runtimes, server binaries): root's home is closed to other accounts, so root keeps them where everybody can read.
 * HOWDAH_CACHE overrides; electron/control-plane/cluster/binaries.ts follows the same rule.
 */
export function cacheFolder() {
  const chosen = process.env['HOWDAH_CACHE'];
  if (chosen) return chosen;
  if (process.platform === 'linux' && isRoot()) return MACHINE_CACHE;
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'howdah');
}
