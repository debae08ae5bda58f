import { primaryOf, standbysOf, type InstanceRecord, type NodeRecord } from './record';

/** Who may take over, and whom commits wait for. Pure. */

/** What was last measured of a standby. */
export interface LagSample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly lagBytes: number;
  readonly lagSeconds: number;
}

/** Whether commits wait for the standby for ever. */
export const neverFallsBack = ({ ha }: Pick<InstanceRecord, 'ha'>): boolean =>
  ha.maxSyncStandbyLag === null && ha.maxSyncStandbyLatency === null;

/** The standby that commits wait for; null when they wait for none. */
export function synchronousNode(record: InstanceRecord): string | null {
  if (record.syncMode !== 'Semi-sync' || record.degradedAt !== null) return null;
  const standbys = standbysOf(record);
  const ready = standbys.find(({ state }) => state === 'ready');
  if (ready) return ready.id;
  // A creation needs commits before there is a standby.
  const made = record.operation?.kind !== 'create';
  return made && neverFallsBack(record) ? (standbys[0]?.id ?? null) : null;
}

/**
 * Why a standby may not take over from a primary that was lost at `lostAt`; null when it may. Invariant: in synchronous mode only a standby
 * that was in sync is promoted, whatever its lag looks like; otherwise the lag of the last measurement counts, aged until the loss.
 */
export function whyNotPromote(
  record: InstanceRecord,
  standby: NodeRecord,
  sample: LagSample | null,
  lostAt: number,
): string | null {
  if (standby.role !== 'standby' || standby.state !== 'ready') return `the standby ${standby.id} is being built`;
  if (record.syncMode === 'Semi-sync' && record.degradedAt === null) {
    return standby.inSync ? null : `the standby ${standby.id} was not in sync`;
  }
  if (!sample) return `the lag of the standby ${standby.id} is not known`;
  const seconds = sample.lagSeconds + Math.max(0, lostAt - sample.at) / 1000;
  if (seconds > record.ha.maxStandbyLag) {
    return `the standby ${standby.id} is ${Math.round(seconds)} s behind, more than ${record.ha.maxStandbyLag} s`;
  }
  if (sample.lagBytes > record.ha.maxStandbyLatency) {
    return `the standby ${standby.id} is ${sample.lagBytes} bytes behind, more than ${record.ha.maxStandbyLatency}`;
  }
  return null;
}

/** The record after `to` became the primary; what the old one holds is `left` to be. */
export function withNewPrimary(
  record: InstanceRecord,
  to: string,
  left: Pick<NodeRecord, 'state' | 'problem'>,
): InstanceRecord {
  const next = record.nodes.find(({ id }) => id === to);
  if (!next || next.role === 'primary') return record;
  const old = primaryOf(record);
  const others = record.nodes.filter(({ id }) => id !== to && id !== old.id);
  return {
    ...record,
    zone: next.zone,
    nodes: [
      { ...next, role: 'primary', inSync: false, problem: '' },
      { ...old, role: 'standby', inSync: false, ...left },
      ...others.map((node) => ({ ...node, inSync: false })),
    ],
    // Nobody follows yet: commits of an instance that may fall back wait for nobody until somebody does.
    degradedAt: record.syncMode === 'Semi-sync' && !neverFallsBack(record) ? (record.degradedAt ?? Date.now()) : null,
  };
}
