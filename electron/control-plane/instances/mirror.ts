import { existsSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../log';
import type { InstanceRecord } from './record';

/** Name of the copy of its instance's record that lies beside the data of every node. */
export const MIRROR_FILE = 'instance.json';

/** What of a record is worth to be found again beside the data when the record itself is lost: no secrets, nothing that only tells what went on. */
export const mirrored = (record: InstanceRecord): InstanceRecord => ({
  ...record,
  problem: '',
  operation: null,
  history: [],
  events: [],
  drills: [],
});

/** The same for two states that differ in nothing of substance. */
const substance = (record: InstanceRecord): string =>
  JSON.stringify({ ...mirrored(record), updatedAt: 0, meter: null });

/** Which nodes there are and who serves: wrong, a copy would bring back a primary of before. */
const places = ({ nodes }: InstanceRecord): string =>
  JSON.stringify(nodes.map(({ id, folder, role, state }) => [id, folder, role, state]));

/** Never makes the folder: it may be removed in this moment. */
async function replaceIn(base: string, text: string): Promise<void> {
  const made = join(base, `${MIRROR_FILE}.new`);
  const handle = await open(made, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(made, join(base, MIRROR_FILE));
}

export interface Mirror {
  /** Brings the copies up to date when something of substance changed. Never fails: a copy is a second chance, no condition. */
  keep(record: InstanceRecord): void;
  forget(id: string): void;
}

/**
 * Copies are written between operations, and inside of them when the nodes change: other things in the middle of a change are told by the journal
 * alone, but a copy must not name a primary whose place was taken.
 */
export function createMirror(zones: string, version: number, log: Logger): Mirror {
  /** What the copies tell: all of substance, empty when that is not known; and where it lies. */
  const written = new Map<string, { text: string; places: string }>();
  const queues = new Map<string, Promise<void>>();

  const write = async (record: InstanceRecord): Promise<void> => {
    const text = `${JSON.stringify({ version, data: mirrored(record) })}\n`;
    for (const { folder } of record.nodes) {
      const base = join(zones, folder);
      // The node may have been removed meanwhile: then nothing may be made there.
      if (!written.has(record.id) || !existsSync(base)) continue;
      await replaceIn(base, text).catch((error: unknown) =>
        log.write('warn', 'the copy of a record beside its data could not be written', {
          folder,
          reason: String(error),
        }),
      );
    }
  };

  return {
    keep(record) {
      const { operation } = record;
      // What is being made or removed has nothing to be found again.
      if (operation?.kind === 'create' || operation?.kind === 'destroy') {
        written.delete(record.id);
        return;
      }
      const known = written.get(record.id);
      const now = { text: operation ? '' : substance(record), places: places(record) };
      written.set(record.id, now);
      if (operation ? known?.places === now.places : known?.text === now.text) return;
      const turn = (queues.get(record.id) ?? Promise.resolve()).then(() => write(record));
      queues.set(record.id, turn);
      void turn.finally(() => {
        if (queues.get(record.id) === turn) queues.delete(record.id);
      });
    },
    forget: (id) => void written.delete(id),
  };
}
