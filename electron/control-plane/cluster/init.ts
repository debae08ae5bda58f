import { spawn } from 'node:child_process';
import { appendFile, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, cancelled } from '../../../shared/errors';
import type { ServerBinaries } from './binaries';
import { SETTINGS_FILE, writeConfiguration } from './configuration';
import { noteEngine } from './engine';
import { serverEnvironment } from './environment';
import { localeArguments } from './locale';
import { SUPERUSER, type ClusterNode } from './node';
import { makeFolders } from './owned-file';
import { endProcessesIn } from './postmaster';

function runInitdb(node: ClusterNode, binaries: ServerBinaries, args: string[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(binaries.bin, 'initdb'), args, {
      // Tells this initdb from others, should the daemon die before it ends.
      cwd: node.base,
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(node.account ? { uid: node.account.uid, gid: node.account.gid } : {}),
      ...(signal ? { signal } : {}),
    });
    let words = '';
    const keep = (chunk: Buffer) => (words = (words + chunk.toString()).slice(-4000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => reject(error.name === 'AbortError' ? cancelled() : error));
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const reason = /^initdb: (?:error: )?(.+)$/m.exec(words)?.[1] ?? `initdb ended with ${code ?? 'a signal'}`;
      reject(
        new AppError({ code: 'tool', message: reason, detail: words, ...(code === null ? {} : { exitCode: code }) }),
      );
    });
  });
}

export const isInitialised = (node: ClusterNode): boolean => existsSync(join(node.data, 'PG_VERSION'));

/**
 * Makes the data folder. It is built beside its place and renamed when whole, so that after a crash it is either there or not; doing it
 * again removes what was left.
 */
export async function initCluster(node: ClusterNode, binaries: ServerBinaries, signal?: AbortSignal): Promise<void> {
  await makeFolders(node);
  if (isInitialised(node)) return;
  const building = `${node.data}.new`;
  await endProcessesIn([node.base, building]);
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { mode: 0o700 });
  if (node.account) await chown(building, node.account.uid, node.account.gid);
  const locale = await localeArguments(node.charset, node.major);
  // A file, because it must be in no argument list and initdb cannot open a pipe that another account made.
  const passwordFile = join(node.socket, 'initial-password');
  try {
    await rm(passwordFile, { force: true });
    await writeFile(passwordFile, `${node.superuserPassword}\n`, { mode: 0o600, flag: 'wx' });
    if (node.account) await chown(passwordFile, node.account.uid, node.account.gid);
    const login = ['-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
    await runInitdb(node, binaries, ['-D', building, ...login, '--data-checksums', ...locale], signal);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await appendFile(join(building, 'postgresql.conf'), `\ninclude_if_exists = '${SETTINGS_FILE}'\n`);
  await writeConfiguration(node, building);
  await noteEngine(node, binaries);
  await rename(building, node.data);
}
