import { z } from 'zod';
import type { JobStatus } from '../../../shared/model/migration';
import { AppError } from '../../../shared/errors';
import { openSession, type PgSession } from '../../adapters/postgres/session';
import type { Logger } from '../../log';
import { profileOf, type Reachable } from './endpoint';
import { dropSlot } from './follow/slots';
import { keepsWal, slotPattern } from './job-rules';
import type { JobRecord } from './record';
import type { Job, JobStore } from './store';
import type { Supervisor } from './supervise';

/**
 * While a worker is at a task it looks at the slots itself. Between workers (paused, failed, waiting for what is away) nobody takes what the
 * servers keep for the task: the daemon looks, raises the alarm, and gives the slots up at the ceiling.
 */
export interface WalWatch {
  /** Looks at tasks that nobody works on. Never fails. */
  tick(now: number): Promise<void>;
}

export interface WalWatchDeps {
  readonly store: Pick<JobStore, 'all'>;
  readonly log: Logger;
  readonly supervisor: Pick<Supervisor, 'pid'>;
  /** A side of the task with the address that it has now. */
  readonly reach: (job: Job, side: 'source' | 'target') => Promise<Reachable>;
  /** The changes that the task needs are not to be had any more: in words. */
  readonly onLost: (job: Job, problem: string) => Promise<void>;
  /** Ends what is being asked when the daemon ends. */
  readonly signal: AbortSignal;
  readonly everyMs: number;
}

/** A worker that was lost is followed by another one before. */
const FIRST_MS = 5_000;
const ASK_MS = 10_000;
const GIB = 1024 ** 3;
/** From here on servers give WAL up that slots need. */
const STATUS_FROM = 130_000;

const WATCHED: ReadonlySet<JobStatus> = new Set([
  'running',
  'readyComplete',
  'completing',
  'guarding',
  'manualPaused',
  'failed',
]);

const slotRow = z.object({ slot: z.string(), retained: z.number().nullable(), status: z.string() });
type SlotRow = z.output<typeof slotRow>;

async function readSlots(session: PgSession, id: string, signal: AbortSignal): Promise<SlotRow[]> {
  const status = session.serverVersionNum >= STATUS_FROM ? "coalesce(wal_status::text, '')" : "''::text";
  const rows = await session.query(
    `SELECT slot_name::text AS slot, ${status} AS status, pg_catalog.pg_wal_lsn_diff(
        CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END,
        restart_lsn)::float8 AS retained
       FROM pg_catalog.pg_replication_slots WHERE NOT temporary AND slot_name LIKE $1`,
    [slotPattern(id)],
    signal,
  );
  return z.array(slotRow).parse(rows);
}

const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

const isAtRest = (record: JobRecord, supervisor: WalWatchDeps['supervisor']): boolean =>
  WATCHED.has(record.status) &&
  record.toClean === null &&
  record.end?.final !== true &&
  keepsWal(record) &&
  supervisor.pid(record.id) === null;

/** Changes flow back, or will: the target keeps WAL as well. */
const sidesOf = ({ course }: JobRecord): readonly ('source' | 'target')[] =>
  course.completion?.failBack === true ? ['source', 'target'] : ['source'];

export function createWalWatch({ store, log, supervisor, reach, onLost, ...deps }: WalWatchDeps): WalWatch {
  const { everyMs } = deps;
  /** When each task is looked at next. */
  const next = new Map<string, number>();
  /** Tasks and sides whose alarm was raised already. */
  const alarmed = new Set<string>();

  const judge = async (job: Job, side: 'source' | 'target', session: PgSession, signal: AbortSignal): Promise<void> => {
    const slots = await readSlots(session, job.id, signal);
    const record = job.record();
    // One that begins meanwhile looks itself.
    if (!record.options || !isAtRest(record, supervisor)) return;
    const { walAlarm, walCeiling } = record.options;
    const lost = slots.find(({ status }) => status === 'lost');
    if (lost) {
      await onLost(job, `The ${side} has given up the WAL that the slot ${lost.slot} needs (max_slot_wal_keep_size)`);
      return;
    }
    const retained = Math.max(0, ...slots.map((slot) => slot.retained ?? 0));
    if (walCeiling > 0 && retained >= walCeiling) {
      for (const { slot } of slots) await dropSlot(session, slot, signal);
      const kept = `The ${side} kept ${gib(retained)} of WAL for the task, more than was allowed`;
      await onLost(job, `${kept}: its slots were dropped, so that the disk of the ${side} does not fill`);
      return;
    }
    const key = `${job.id} ${side}`;
    if (walAlarm === 0 || retained < walAlarm) alarmed.delete(key);
    else if (!alarmed.has(key)) {
      alarmed.add(key);
      const text = `The ${side} keeps ${gib(retained)} of WAL for the task, and nobody takes it now`;
      job.log.append({ at: Date.now(), level: 'warning', text });
      await job.change({}, { kind: 'wal-alarm', text });
    }
  };

  const look = async (job: Job): Promise<void> => {
    for (const side of sidesOf(job.record())) {
      if (!isAtRest(job.record(), supervisor)) return;
      const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(ASK_MS)]);
      try {
        const reachable = await reach(job, side);
        const session = await openSession(profileOf(reachable, reachable.database, job.id), signal);
        try {
          await judge(job, side, session, signal);
        } finally {
          await session.end();
        }
      } catch (error) {
        // A server that is away keeps nothing that could be looked at now.
        if (!(error instanceof AppError)) log.bug(`the WAL of ${job.id}`, error);
      }
    }
  };

  return {
    async tick(now) {
      const due = store.all().filter((job) => {
        const rests = isAtRest(job.record(), supervisor);
        if (!rests) next.delete(job.id);
        else if (!next.has(job.id)) next.set(job.id, now + Math.min(FIRST_MS, everyMs));
        return rests && (next.get(job.id) ?? now) <= now;
      });
      for (const { id } of due) next.set(id, now + everyMs);
      await Promise.all(due.map(look));
    },
  };
}
