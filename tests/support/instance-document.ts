import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { instanceRecord, type InstanceRecord } from '../../electron/control-plane/instances/record';

/** What the control plane has on disk of an instance. */
export function documentOf(state: string, id: string): InstanceRecord {
  const { data } = JSON.parse(readFileSync(join(state, 'instances', `${id}.json`), 'utf8')) as { data: unknown };
  return instanceRecord.parse(data);
}

/** The data folder of a node; of the primary, when none is named. */
export function dataOf(state: string, id: string, node?: string): string {
  const { nodes } = documentOf(state, id);
  const found = node === undefined ? nodes[0] : nodes.find((each) => each.id === node);
  return join(state, 'zones', found?.folder ?? '', 'data');
}

/** Process id of the postmaster of a node, from its own file; 0 when there is none. */
export function postmasterOf(state: string, id: string, node?: string): number {
  try {
    return Number(readFileSync(join(dataOf(state, id, node), 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return 0;
  }
}

/** Waits until the document of an instance fits. */
export async function untilDocument(
  state: string,
  id: string,
  what: string,
  fits: (record: InstanceRecord) => boolean,
  ms = 60_000,
): Promise<InstanceRecord> {
  for (const deadline = Date.now() + ms; ; await new Promise((done) => setTimeout(done, 20))) {
    try {
      const record = documentOf(state, id);
      if (fits(record)) return record;
    } catch {
      // It is being written in this moment, or gone.
    }
    if (Date.now() > deadline) throw new Error(`did not come true: ${what}`);
  }
}

/** Nothing goes on and all nodes are whole; in synchronous mode the standby is waited for. */
export const isWhole = (record: InstanceRecord): boolean =>
  record.operation === null &&
  record.status === 'running' &&
  record.nodes.every(({ state }) => state === 'ready') &&
  (record.syncMode === 'Async' ||
    record.nodes.length < 2 ||
    (record.degradedAt === null && record.nodes.slice(1).some(({ inSync }) => inSync)));
