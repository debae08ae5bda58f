import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerAccount } from './account';
import type { ClusterNode } from './node';

/**
 * Writes a file that the server's account may read and nobody else, in one step: a server that reads it meanwhile sees the old or the new one.
 * Threat: the data folder belongs to that account, which could lead root elsewhere by a symbolic link; a new file is made and renamed over it.
 */
export async function writeOwned(file: string, text: string, account: ServerAccount | null): Promise<void> {
  const made = `${file}.new`;
  await rm(made, { force: true });
  const handle = await open(made, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    if (account) await handle.chown(account.uid, account.gid);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(made, file);
}

/** The folders around the data: the server's account may enter them, and owns only what it must write. */
export async function makeFolders(node: ClusterNode): Promise<void> {
  const rights = node.account ? 0o711 : 0o700;
  await mkdir(dirname(node.base), { recursive: true, mode: rights });
  await mkdir(node.base, { recursive: true, mode: rights });
  for (const folder of [node.log, node.socket]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await own(folder, node.account);
  }
}

/** Gives a folder that we have just made to the server's account. */
export async function own(folder: string, account: ServerAccount | null): Promise<void> {
  if (!account) return;
  const handle = await open(folder);
  try {
    await handle.chown(account.uid, account.gid);
  } finally {
    await handle.close();
  }
}
