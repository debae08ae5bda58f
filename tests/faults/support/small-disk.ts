import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether this account may mount a disk. */
export function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const probe = join(tmpdir(), `howdah-mount-${process.pid}`);
  try {
    mkdirSync(probe);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

export interface SmallDisk {
  readonly path: string;
  grow(mebibytes: number): void;
  /** To be called when nobody works in it any more. */
  close(): void;
}

/** A disk of so many MiB, which the owner of a file may write to. */
export function openSmallDisk(mebibytes: number, ownedAs: string): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'howdah-disk-'));
  const { uid, gid } = statSync(ownedAs);
  chmodSync(path, 0o711);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,uid=${uid},gid=${gid},mode=700`, 'tmpfs', path]);
  return {
    path,
    grow: (size) => void execFileSync('mount', ['-o', `remount,size=${size}m`, path]),
    close() {
      execFileSync('umount', [path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
