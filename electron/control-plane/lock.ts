import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors';
import { identify, isAlive, processIdentity, type ProcessIdentity } from './processes';

/** Held by the one daemon of a state folder until its end. */
export interface StateLock {
  release(): void;
}

function holder(file: string): ProcessIdentity | null {
  try {
    return processIdentity.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Creates `file` with its whole content at once, or tells that it exists. */
function createWhole(file: string, text: string): boolean {
  const made = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(made, text, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(made, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(made, { force: true });
  }
}

const busy = (folder: string, pid: number): AppError =>
  new AppError({
    code: 'conflict',
    message: `A control plane (process ${pid}) already runs on ${folder}`,
    hint: 'Use the running one, or stop it first.',
  });

/**
 * One daemon per state folder. A lock whose process is gone is taken over; the take-over itself is guarded by a second exclusive file, so
 * that of two daemons that find the same dead holder only one goes on. Fails with `conflict`.
 */
export function takeLock(folder: string): StateLock {
  const me = identify(process.pid);
  if (!me) throw new Error('this process cannot find itself');
  const file = join(folder, 'daemon.lock');
  const guard = join(folder, 'daemon.lock.takeover');
  const text = JSON.stringify(me);
  if (!createWhole(file, text)) {
    const other = holder(file);
    if (other && isAlive(other)) throw busy(folder, other.pid);
    if (!createWhole(guard, text)) {
      const guarded = holder(guard);
      if (guarded && isAlive(guarded)) throw busy(folder, guarded.pid);
      rmSync(guard, { force: true });
      throw new AppError({
        code: 'conflict',
        message: `Another start on ${folder} was interrupted`,
        hint: 'Start it again.',
        retry: true,
      });
    }
    try {
      const now = holder(file);
      if (now && isAlive(now)) throw busy(folder, now.pid);
      const made = `${file}.new`;
      const handle = openSync(made, 'w', 0o600);
      writeFileSync(handle, text);
      closeSync(handle);
      renameSync(made, file);
    } finally {
      rmSync(guard, { force: true });
    }
  }
  return {
    release() {
      if (holder(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}
