import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import { socketPath, type ClusterNode } from './node';
import { identify, processesIn, signalProcess, waitForEnd, type ProcessIdentity } from '../processes';

/** The folders in which a server leaves its marks. */
type Place = Pick<ClusterNode, 'base' | 'data' | 'socket' | 'listen'>;

interface PidFile {
  readonly pid: number;
  /** Seconds since the epoch, by the server's clock. */
  readonly startedAt: number;
  /** `starting`, `stopping`, `ready`, `standby`; empty before the server has written it. */
  readonly status: string;
}

/** The first lines of postmaster.pid (source: src/include/utils/pidfile.h); null when there is none. */
export function readPidFile(data: string): PidFile | null {
  let text: string;
  try {
    text = readFileSync(join(data, 'postmaster.pid'), 'utf8');
  } catch {
    return null;
  }
  const lines = text.split('\n');
  // A standalone backend writes its number negative.
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isInteger(pid) || pid === 0) return null;
  return { pid, startedAt: Number(lines[2] ?? 0), status: (lines[7] ?? '').trim() };
}

/**
 * The living postmaster of a data folder. That the process of the file's number is really this server is decided by its working folder,
 * where the system tells it; elsewhere by the number alone, which can only make us wait or refuse, never start a second one.
 */
export function findPostmaster(data: string): ProcessIdentity | null {
  const file = readPidFile(data);
  if (!file) return null;
  const identity = identify(file.pid);
  if (!identity) return null;
  const inside = processesIn(data);
  return inside === null || inside.some((each) => each.pid === identity.pid) ? identity : null;
}

/** Ends every process whose working folder is one of these. Nothing is done where the system does not tell working folders. */
export async function endProcessesIn(folders: readonly string[]): Promise<void> {
  const left = folders.flatMap((folder) => processesIn(folder) ?? []);
  for (const each of left) signalProcess(each, 'SIGKILL');
  for (const each of left) {
    if (!(await waitForEnd(each, 10_000))) {
      throw new AppError({ code: 'conflict', message: `Process ${each.pid} in ${folders.join(', ')} does not end` });
    }
  }
}

/**
 * Makes sure that nothing runs on a data folder whose postmaster is gone. Invariant: backends go on committing for seconds after their
 * postmaster was killed, so all of them must have ended before another server may start on the same data. A server that a dead daemon has
 * just started may not have entered its data folder yet: it was started in the folder above.
 */
export async function fence(place: Place): Promise<void> {
  const { base, data } = place;
  if (findPostmaster(data)) throw new AppError({ code: 'conflict', message: `A server still runs on ${data}` });
  if (processesIn(data) === null) return;
  await endProcessesIn([data, base]);
  // These may name a dead process that nobody has reaped, or a number that another program got: the server would refuse to start.
  rmSync(join(data, 'postmaster.pid'), { force: true });
  rmSync(socketPath(place), { force: true });
  rmSync(`${socketPath(place)}.lock`, { force: true });
}

/** Stops a server: fast shutdown, then immediate, then by force. Established sessions get 57P01. */
export async function stopPostmaster(place: Place, fastMs = 60_000): Promise<void> {
  const server = findPostmaster(place.data);
  if (server) {
    signalProcess(server, 'SIGINT');
    if (!(await waitForEnd(server, fastMs))) {
      signalProcess(server, 'SIGQUIT');
      if (!(await waitForEnd(server, 15_000))) {
        signalProcess(server, 'SIGKILL');
        await waitForEnd(server, 5_000);
      }
    }
  }
  await fence(place);
}
