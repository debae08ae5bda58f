import { AppError, throwIfAborted } from '../../../shared/errors';
import type { PgSession } from '../../adapters/postgres/session';
import { pause } from '../processes';
import { createLagClock } from './lag-clock';
import type { ClusterNode } from './node';
import { asSuperuser } from './session';

/** A standby as its primary sees it. Positions are bytes since the beginning of the log (an LSN as one number). */
export interface StandbyState {
  readonly id: string;
  /** `startup`, `catchup`, `streaming`, `stopping` of pg_stat_replication. */
  readonly state: string;
  /** `sync`, `async`, `quorum`, `potential`. */
  readonly sync: string;
  readonly sentLsn: bigint;
  readonly flushLsn: bigint;
  readonly replayLsn: bigint;
  /** Bytes of the primary's log that it has not replayed; what it tells is up to a second old when nothing is written. */
  readonly lagBytes: number;
  /** Seconds since there is something that it has not replayed; 0 when it has all. */
  readonly lagSeconds: number;
  /** The same of what it has not written to its disk: this is what commits wait for and what a fail-over would lose. */
  readonly flushLagBytes: number;
  readonly flushLagSeconds: number;
}

const hex = (text: string | undefined): bigint => BigInt(`0x${text ?? '0'}`);

/** `16/B374D848` as one number. */
export function parseLsn(text: string): bigint {
  const [high, low] = text.split('/');
  return (hex(high) << 32n) | hex(low);
}

export const formatLsn = (lsn: bigint): string =>
  `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffff_ffffn).toString(16).toUpperCase()}`;

interface StandbyRow {
  id: string;
  state: string;
  sync: string;
  sent: string | null;
  flush: string | null;
  replay: string | null;
  current: string;
}

/** By data folder: the server tells lags of what was acknowledged only, and nothing of a standby that hangs. */
const clocks = new Map<string, ReturnType<typeof createLagClock>>();

function clockOf(data: string): ReturnType<typeof createLagClock> {
  const known = clocks.get(data) ?? createLagClock();
  clocks.set(data, known);
  return known;
}

/**
 * Our standbys that are connected right now; one that is not there is missing. Lags in seconds are measured from call to call: the first
 * calls know little. A caller that asks often gives its session.
 */
export async function replicationOf(
  primary: ClusterNode,
  { session, signal }: { readonly session?: PgSession; readonly signal?: AbortSignal } = {},
): Promise<StandbyState[]> {
  if (!session)
    return asSuperuser(
      primary,
      (made) => replicationOf(primary, { session: made, ...(signal ? { signal } : {}) }),
      signal,
    );
  const rows = await session.query<StandbyRow>(
    `SELECT application_name AS id, state, sync_state AS sync, sent_lsn::text AS sent, flush_lsn::text AS flush,
            replay_lsn::text AS replay, pg_catalog.pg_current_wal_flush_lsn()::text AS current
       FROM pg_catalog.pg_stat_replication
      WHERE application_name ~ '^n[0-9]+$' AND state <> 'backup'`,
    [],
    signal,
  );
  const clock = clockOf(primary.data);
  const now = Date.now();
  const current = parseLsn(rows[0]?.current ?? '0/0');
  if (rows.length > 0) clock.tick(now, current);
  return rows.map(({ id, state, sync, sent, flush, replay }) => {
    const flushLsn = parseLsn(flush ?? '0/0');
    const replayLsn = parseLsn(replay ?? '0/0');
    const behind = (lsn: bigint): number => Number(current > lsn ? current - lsn : 0n);
    return {
      id,
      state,
      sync,
      sentLsn: parseLsn(sent ?? '0/0'),
      flushLsn,
      replayLsn,
      lagBytes: behind(replayLsn),
      lagSeconds: clock.secondsBehind(now, replayLsn),
      flushLagBytes: behind(flushLsn),
      flushLagSeconds: clock.secondsBehind(now, flushLsn),
    };
  });
}

export interface NodePosition {
  readonly inRecovery: boolean;
  /** A primary: what it has on its disk. A standby: what it has received and has on its disk. */
  readonly flushed: bigint;
  /** A standby: what it has replayed. A primary: the same as `flushed`. */
  readonly replayed: bigint;
}

async function positionIn(session: PgSession, signal?: AbortSignal): Promise<NodePosition> {
  const [row] = await session.query<{ recovery: boolean; received: string | null; replayed: string | null }>(
    `SELECT pg_catalog.pg_is_in_recovery() AS recovery,
            CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_receive_lsn()
                 ELSE pg_catalog.pg_current_wal_flush_lsn() END::text AS received,
            pg_catalog.pg_last_wal_replay_lsn()::text AS replayed`,
    [],
    signal,
  );
  const received = parseLsn(row?.received ?? '0/0');
  const replayed = parseLsn(row?.replayed ?? '0/0');
  if (!row?.recovery) return { inRecovery: false, flushed: received, replayed: received };
  // A standby that was started again has received nothing yet, and still holds what it replayed.
  return { inRecovery: true, flushed: received > replayed ? received : replayed, replayed };
}

/** Where a running node stands. */
export const positionOf = (node: ClusterNode, signal?: AbortSignal): Promise<NodePosition> =>
  asSuperuser(node, (session) => positionIn(session, signal), signal);

export interface WaitLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Resolves when a standby has replayed the log up to `lsn`. Fails with `conflict` when the time is over. */
export async function waitReplayed(
  standby: ClusterNode,
  lsn: bigint,
  { timeoutMs, signal }: WaitLimits,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  await asSuperuser(
    standby,
    async (session) => {
      for (; ; await pause(5)) {
        throwIfAborted(signal);
        const { replayed } = await positionIn(session, signal);
        if (replayed >= lsn) return;
        if (Date.now() > deadline) {
          throw new AppError({
            code: 'conflict',
            message: `The standby ${standby.id} has replayed up to ${formatLsn(replayed)} and not to ${formatLsn(lsn)} within ${timeoutMs} ms`,
            retry: true,
          });
        }
      }
    },
    signal,
  );
}
