import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { InstanceStatus } from '../../../shared/model/instance';
import { setWritable } from '../cluster/writable';
import { changeRecord } from './change-record';
import { mustGet, type Ground } from './context';
import { diskProblem, judgeDisk, standbyDiskProblem } from './disk-rules';
import { clusterNode } from './node-of';
import { primaryOf, standbysOf, type InstanceRecord } from './record';

/** So many entries are looked at before others get their turn. */
const AT_ONCE = 200;

/**
 * Bytes of all files below a folder. Files may come and go meanwhile. Looked at synchronously, some at a time: the asynchronous calls cost ten
 * times as much, and this happens all the time.
 */
async function folderBytes(root: string): Promise<number> {
  let sum = 0;
  let looked = 0;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else sum += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
      looked += 1;
      if (looked % AT_ONCE === 0) await setImmediate();
    }
  }
  return sum;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

export interface DiskWatch {
  /** Bytes of the serving node, as last looked at. */
  used(id: string): number | null;
  /** The same, looked at now when it was not yet. */
  measure(id: string): Promise<number>;
  /** Looks at once, and then from time to time. */
  start(everyMs: number): void;
  stop(): void;
}

const GIB = 1024 ** 3;
/** One that is far from full is looked at every so many rounds. */
const EMPTY_ROUNDS = 4;

/** Statuses in which the disk is held to its size. What waits for its time keeps its status, read-only or not. */
const WATCHED: readonly InstanceStatus[] = ['running', 'readonly', 'waitSwitch'];

/** Holds instances to the size of their disks. Costs one look at every file of each node and round. */
export function createDiskWatch({ repository, place, log }: Ground): DiskWatch {
  /** What this watch said last of each instance, so that it takes back only its own words. */
  const said = new Map<string, string>();
  /** By instance: the node whose setting was seen to fit, and which setting. */
  const settled = new Map<string, string>();
  const sizes = new Map<string, number>();
  const readOnly = new Set<string>();
  let looking = false;
  let rounds = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  /** The fullest standby that may take over, as the problem that a person should know of; it is held to nothing. */
  const standbyProblem = async (record: InstanceRecord): Promise<string> => {
    for (const standby of standbysOf(record)) {
      if (standby.state !== 'ready') continue;
      const used = await folderBytes(clusterNode(place, record, standby).base);
      const problem = standbyDiskProblem(standby.id, used, record.storageGb);
      if (problem !== '') return problem;
    }
    return '';
  };

  const isWatched = (record: InstanceRecord | undefined): record is InstanceRecord =>
    record !== undefined && record.operation === null && WATCHED.includes(record.status);

  const lookAt = async (id: string): Promise<void> => {
    const record = repository.get(id);
    if (!isWatched(record)) return;
    const node = clusterNode(place, record, primaryOf(record));
    const used = await folderBytes(node.base);
    sizes.set(id, used);
    const isReadOnly = record.status === 'readonly' || (record.status === 'waitSwitch' && readOnly.has(id));
    const verdict = judgeDisk(used, record.storageGb, isReadOnly);
    const problem = diskProblem(verdict, used, record.storageGb) || (await standbyProblem(record));
    const wantsReadOnly = verdict === 'full';
    const setting = `${node.id} ${wantsReadOnly ? 'read-only' : 'writable'}`;
    if (settled.get(id) !== setting) {
      await setWritable(node, !wantsReadOnly);
      settled.set(id, setting);
    }
    // An operation may have begun meanwhile: then the next round decides.
    const now = repository.get(id);
    if (!isWatched(now) || now.status !== record.status || primaryOf(now).id !== node.id) {
      settled.delete(id);
      return;
    }
    if (wantsReadOnly) readOnly.add(id);
    else readOnly.delete(id);
    const status = wantsReadOnly ? 'readonly' : 'running';
    if (now.status !== 'waitSwitch' && status !== now.status) {
      log.write('warn', 'the disk of an instance', { instance: id, status, used });
      await changeRecord(repository, id, { status });
    }
    const ours = now.problem === '' || now.problem === said.get(id) || wantsReadOnly;
    if (ours && now.problem !== problem) await changeRecord(repository, id, { problem });
    said.set(id, problem);
  };

  const round = async (): Promise<void> => {
    rounds += 1;
    for (const { id, storageGb } of repository.all()) {
      // One that is not half full does not fill up between two looks.
      if ((sizes.get(id) ?? Infinity) < (storageGb * GIB) / 2 && rounds % EMPTY_ROUNDS !== 0) continue;
      await lookAt(id).catch((error: unknown) => {
        settled.delete(id);
        log.write('warn', 'the disk of an instance cannot be looked at', { instance: id, reason: String(error) });
      });
    }
  };
  const begin = (): void => {
    if (looking) return;
    looking = true;
    void round().finally(() => (looking = false));
  };
  return {
    used: (id) => sizes.get(id) ?? null,
    async measure(id) {
      const known = sizes.get(id);
      if (known !== undefined) return known;
      const record = mustGet(repository, id);
      const used = await folderBytes(clusterNode(place, record, primaryOf(record)).base);
      sizes.set(id, used);
      return used;
    },
    start(everyMs) {
      timer = setInterval(begin, everyMs);
      begin();
    },
    stop: () => clearInterval(timer),
  };
}
