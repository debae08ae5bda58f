import { chown, copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterNode } from '../cluster/node';

/** Files that decide how a server starts and that are not written anew at each start. */
const FILES = ['postgresql.conf', 'postgresql.auto.conf', 'pg_ident.conf'] as const;

const keptIn = (node: Pick<ClusterNode, 'base'>): string => join(node.base, 'settings');

/** Keeps the settings with which a server has started, to go back to. */
export async function keepSettings(node: Pick<ClusterNode, 'base' | 'data'>): Promise<void> {
  await mkdir(keptIn(node), { recursive: true, mode: 0o700 });
  for (const file of FILES) await copyFile(join(node.data, file), join(keptIn(node), file)).catch(() => undefined);
}

/** Puts back the settings of the last good start. Returns whether anything was different. */
export async function putSettingsBack(node: Pick<ClusterNode, 'base' | 'data' | 'account'>): Promise<boolean> {
  let changed = false;
  for (const file of FILES) {
    const kept = await readFile(join(keptIn(node), file)).catch(() => null);
    const now = await readFile(join(node.data, file)).catch(() => null);
    if (kept === null || (now !== null && kept.equals(now))) continue;
    await copyFile(join(keptIn(node), file), join(node.data, file));
    if (node.account) await chown(join(node.data, file), node.account.uid, node.account.gid);
    changed = true;
  }
  return changed;
}
