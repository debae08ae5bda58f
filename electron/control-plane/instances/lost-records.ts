import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../log';
import { MIRROR_FILE } from './mirror';
import type { InstanceRecord } from './record';

/** Finds instances whose record was lost, by the copies beside their data. */

const names = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** Every copy below `zones`: `<zone>/<instance>/<node>/`, and `<zone>/<instance>/` of instances from before there were nodes. */
function* copies(zones: string): Generator<string> {
  for (const zone of names(zones)) {
    for (const instance of names(join(zones, zone))) {
      const folder = join(zones, zone, instance);
      yield join(folder, MIRROR_FILE);
      for (const node of names(folder)) if (/^n\d+$/.test(node)) yield join(folder, node, MIRROR_FILE);
    }
  }
}

const hasData = (zones: string, record: InstanceRecord): boolean =>
  record.nodes.some(({ folder }) => existsSync(join(zones, folder, 'data', 'PG_VERSION')));

/** Of an instance that served it is not known whether it stopped in between: it is to serve. */
function revived(record: InstanceRecord): InstanceRecord {
  const at = Date.now();
  const text = 'The record of the instance was lost and made again from the copy beside its data';
  return {
    ...record,
    status: record.status === 'isolated' ? 'isolated' : 'running',
    problem: text,
    waiting: null,
    // What the standby was waited for is not known either.
    nodes: record.nodes.map((node) => ({ ...node, inSync: false })),
    events: [{ at, level: 'warn', kind: 'revived', text }],
  };
}

/** Records of instances that have data and are not known, from their newest copies. `read` fails for what is no record. */
export function findLostRecords(
  zones: string,
  isKnown: (id: string) => boolean,
  read: (text: string) => InstanceRecord,
  log: Logger,
): InstanceRecord[] {
  const found = new Map<string, InstanceRecord>();
  for (const file of copies(zones)) {
    if (!existsSync(file)) continue;
    try {
      const record = read(readFileSync(file, 'utf8'));
      if (isKnown(record.id) || !hasData(zones, record)) continue;
      const other = found.get(record.id);
      if (!other || other.updatedAt < record.updatedAt) found.set(record.id, record);
    } catch (error) {
      log.write('warn', 'the copy of a record cannot be read', { file, reason: String(error) });
    }
  }
  return [...found.values()].map(revived);
}
