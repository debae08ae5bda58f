import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

/** A process that can be told from a later one with the same number. */
export const processIdentity = z.object({
  pid: z.number().int().positive(),
  /** Start time in the words of the system; never compared across machines. */
  start: z.string(),
});
export type ProcessIdentity = z.output<typeof processIdentity>;

const LINUX = process.platform === 'linux';
let boot: string | null = null;
const bootId = (): string => (boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());

/** Fields of /proc/PID/stat after the name, which may itself hold spaces and brackets: state is [0], start time in ticks is [19]. */
function linuxStat(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** The running process of that number; null when there is none or it is dead and only not yet reaped. */
export function identify(pid: number): ProcessIdentity | null {
  if (LINUX) {
    const stat = linuxStat(pid);
    if (!stat || stat[0] === 'Z' || stat[0] === 'X') return null;
    return { pid, start: `${bootId()}:${stat[19] ?? ''}` };
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  if (process.platform === 'win32') return { pid, start: '' };
  try {
    const start = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return start === '' ? null : { pid, start };
  } catch {
    return null;
  }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.start === identity.start;
}

/** Sends a signal unless the process has gone, or its number belongs to another one by now. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves true when the process is gone, false when the time is over. */
export async function waitForEnd(identity: ProcessIdentity, ms: number): Promise<boolean> {
  for (const deadline = Date.now() + ms; ;) {
    if (!isAlive(identity)) return true;
    if (Date.now() > deadline) return false;
    await pause(20);
  }
}

const allPids = (): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid));

/** The folder as the system names it, also when it is not there any more. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    const above = dirname(folder);
    return above === folder ? folder : join(realFolder(above), basename(folder));
  }
}

/**
 * Every living process whose working folder is `folder`: a PostgreSQL server and all its backends change into their data folder, so these
 * are the processes that may write to it, also when the folder was removed under them. Null where the system does not tell (not Linux).
 */
export function processesIn(folder: string): ProcessIdentity[] | null {
  if (!LINUX) return null;
  const real = realFolder(folder);
  const gone = `${real} (deleted)`;
  const found: ProcessIdentity[] = [];
  for (const pid of allPids()) {
    try {
      const at = readlinkSync(`/proc/${pid}/cwd`);
      if (at !== real && at !== gone) continue;
    } catch {
      continue;
    }
    const identity = identify(pid);
    if (identity) found.push(identity);
  }
  return found;
}

/** Processes that a process started, and those that these started. None where the system does not tell (not Linux). */
export function descendants(pid: number): ProcessIdentity[] {
  if (!LINUX) return [];
  const children = new Map<number, number[]>();
  for (const each of allPids()) {
    const parent = Number(linuxStat(each)?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), each]);
  }
  const found: ProcessIdentity[] = [];
  const waiting = [...(children.get(pid) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const identity = identify(next);
    if (identity) found.push(identity);
    waiting.push(...(children.get(next) ?? []));
  }
  return found;
}

/** Whether any process has this number, dead and not yet reaped ones included. The cheapest question that there is. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * How a process that was running a moment ago does: one small read, made several times a second for every server. `stopped`: it was told to
 * wait (SIGSTOP), so it will not serve until somebody lets it go on.
 */
export function glance(identity: ProcessIdentity): 'alive' | 'stopped' | 'gone' {
  // Elsewhere to ask for more starts a program; a number that another process got is found out by a probe that gets no answer.
  if (!LINUX) return exists(identity.pid) ? 'alive' : 'gone';
  const stat = linuxStat(identity.pid);
  if (!stat || stat[0] === 'Z' || stat[0] === 'X' || !identity.start.endsWith(`:${stat[19] ?? ''}`)) return 'gone';
  return stat[0] === 'T' || stat[0] === 't' ? 'stopped' : 'alive';
}
