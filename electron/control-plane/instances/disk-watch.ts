import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../log';
import { setWritable } from '../cluster/writable';
import { diskProblem, judgeDisk } from './disk-rules';
import type { Instances } from './instances';
import type { InstanceRecord } from './record';

/** Bytes of all files below a folder. Files may come and go meanwhile. */
async function folderBytes(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += await folderBytes(path);
    else sum += (await lstat(path).catch(() => null))?.size ?? 0;
  }
  return sum;
}

/** Holds instances to the size of their disks. Costs one look at every file of an instance and round. */
export function startDiskWatch(instances: Instances, log: Logger, everyMs: number): { stop(): void } {
  /** What this watch said last of each instance, so that it takes back only its own words. */
  const said = new Map<string, string>();
  /** Instances whose setting was seen to fit their status since this program began. */
  const settled = new Set<string>();
  let looking = false;

  const lookAt = async ({ id }: InstanceRecord): Promise<void> => {
    const record = instances.get(id);
    if (!record || record.operation || (record.status !== 'running' && record.status !== 'readonly')) return;
    const node = instances.node(record);
    const used = await folderBytes(node.base);
    const verdict = judgeDisk(used, record.storageGb, record.status === 'readonly');
    const problem = diskProblem(verdict, used, record.storageGb);
    const status = verdict === 'full' ? 'readonly' : 'running';
    if (status !== record.status || !settled.has(id)) {
      await setWritable(node, status === 'running');
      settled.add(id);
    }
    // An operation may have begun meanwhile: then the next round decides.
    const now = instances.get(id);
    if (!now || now.operation || now.status !== record.status) {
      settled.delete(id);
      return;
    }
    if (status !== record.status) {
      log.write('warn', 'the disk of an instance', { instance: id, status, used });
      await instances.setServing(id, status);
    }
    const ours = now.problem === '' || now.problem === said.get(id) || status === 'readonly';
    if (ours && now.problem !== problem) await instances.noteProblem(id, problem);
    said.set(id, problem);
  };

  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void (async () => {
      for (const record of instances.list()) {
        await lookAt(record).catch((error: unknown) => void log.bug(`disk of ${record.id}`, error));
      }
    })().finally(() => (looking = false));
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}
