import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../log';
import { isStandbyData } from '../cluster/configuration';
import { controlFactsNow } from '../cluster/control-file';
import { withNewPrimary } from './ha-rules';
import { MIRROR_FILE } from './mirror';
import { primaryOf, type InstanceRecord, type NodeRecord } from './record';

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

const dataOf = (zones: string, { folder }: NodeRecord): string => join(zones, folder, 'data');
const isThere = (zones: string, node: NodeRecord): boolean => existsSync(join(dataOf(zones, node), 'PG_VERSION'));
const hasData = (zones: string, { nodes }: InstanceRecord): boolean => nodes.some((node) => isThere(zones, node));

/** The newest timeline that a data folder knows. The file of one that just began is there before the control file names it. */
function timelineOf(data: string, major: number): number {
  const begun = names(join(data, 'pg_wal')).map((name) =>
    Number.parseInt(/^([0-9A-F]{8})\.history$/.exec(name)?.[1] ?? '0', 16),
  );
  return Math.max(controlFactsNow({ data, major })?.timeline ?? 0, ...begun);
}

/**
 * Who serves, by what the data folders say: the copy may be of before a fail-over. A node that follows another one did not serve; of several that
 * did, the last one is on the highest timeline. What the copy says is believed where the folders say nothing.
 */
function withTruePrimary(zones: string, record: InstanceRecord): InstanceRecord {
  const { major } = record;
  const served = record.nodes
    .filter((node) => node.state !== 'lost' && isThere(zones, node))
    .map((node) => ({ node, data: dataOf(zones, node) }))
    .filter(({ data }) => !isStandbyData({ data, major }))
    .map(({ node, data }) => ({ node, timeline: timelineOf(data, major) }));
  const named = primaryOf(record);
  const rank = ({ node, timeline }: (typeof served)[number]): number => timeline * 2 + (node.id === named.id ? 1 : 0);
  const [last] = served.toSorted((a, b) => rank(b) - rank(a));
  if (!last || last.node.id === named.id) return record;
  const follows = isThere(zones, named) && isStandbyData({ data: dataOf(zones, named), major });
  const nodes = record.nodes.map((node) => (node.id === last.node.id ? { ...node, state: 'ready' as const } : node));
  return withNewPrimary({ ...record, nodes }, last.node.id, { state: follows ? 'ready' : 'lost', problem: '' });
}

/** Of an instance that served it is not known whether it stopped in between: it is to serve. */
function revived(zones: string, copy: InstanceRecord): InstanceRecord {
  const at = Date.now();
  const text = 'The record of the instance was lost and made again from the copy beside its data';
  const record = withTruePrimary(zones, copy);
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
  return [...found.values()].map((record) => revived(zones, record));
}
