import { readdirSync, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../../log';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import { findLostRecords } from './lost-records';
import { createMirror } from './mirror';
import { instanceRecord, type InstanceRecord } from './record';
import { fromFirstVersion } from './upgrade';

/** The instances on disk, one document each. This process is their only writer; what `get` gives is what was written last. */
export interface InstanceRepository {
  all(): readonly InstanceRecord[];
  get(id: string): InstanceRecord | undefined;
  /** Resolves when it is on disk: only then may the step that it announces be done. */
  put(record: InstanceRecord): Promise<void>;
  remove(id: string): Promise<void>;
}

const VERSION = 2;
const document = z.object({ version: z.number().int(), data: z.unknown() });

/** Fails when it is no instance document, or one of a newer program. */
function readRecord(text: string): InstanceRecord {
  const { version, data } = document.parse(JSON.parse(text));
  if (version === 1) return fromFirstVersion(data);
  if (version !== VERSION)
    throw new Error(`version ${version} was written by another program; this one knows ${VERSION}`);
  return instanceRecord.parse(data);
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Reads all documents. One that cannot be understood is put aside and reported; an instance without one that has data below `zones` comes back
 * from the copy beside its data.
 */
export function openRepository(folder: string, zones: string, log: Logger): InstanceRepository {
  const mirror = createMirror(zones, VERSION, log);
  const records = new Map<string, InstanceRecord>();
  const broken: string[] = [];
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (name.endsWith('.tmp')) broken.push(file);
    if (!name.endsWith('.json')) continue;
    try {
      const data = readRecord(readFileSync(file, 'utf8'));
      records.set(data.id, data);
    } catch (error) {
      broken.push(file);
      log.write('error', 'an instance document cannot be read and was put aside', { file, reason: String(error) });
    }
  }
  const tidied = Promise.all(
    broken.map((file) => (file.endsWith('.tmp') ? rm(file, { force: true }) : rename(file, `${file}.broken`))),
  ).catch((error: unknown) => log.write('error', 'tidying the instance documents failed', { reason: String(error) }));

  // Writes of one instance follow each other; those of different instances don't wait.
  const queues = new Map<string, Promise<unknown>>();
  const inTurn = (id: string, work: () => Promise<void>): Promise<void> => {
    const turn = (queues.get(id) ?? tidied).then(work);
    queues.set(
      id,
      turn.catch(() => undefined),
    );
    return turn;
  };
  const fileOf = (id: string): string => join(folder, `${id}.json`);
  const put: InstanceRepository['put'] = (record) => {
    const text = JSON.stringify({ version: VERSION, data: instanceRecord.parse(record) }, null, 1);
    records.set(record.id, record);
    return inTurn(record.id, async () => {
      await writeFileAtomically(fileOf(record.id), `${text}\n`);
      mirror.keep(record);
    });
  };
  for (const lost of findLostRecords(zones, (id) => records.has(id), readRecord, log)) {
    log.write('warn', 'the record of an instance was lost and is made again', { instance: lost.id });
    put(lost).catch((error: unknown) => void log.bug(`making the record of ${lost.id} again`, error));
  }
  return {
    all: () => [...records.values()],
    get: (id) => records.get(id),
    put,
    remove(id) {
      records.delete(id);
      mirror.forget(id);
      return inTurn(id, async () => {
        await rm(fileOf(id), { force: true });
        await syncFolder(folder);
        queues.delete(id);
      });
    },
  };
}
