import { expect } from 'vitest';
import { openPipelineSession, type PipelineSession } from '../../electron/adapters/postgres/pipeline-session';
import { openReplicationSession } from '../../electron/adapters/postgres/replication-session';
import { openSession } from '../../electron/adapters/postgres/session';
import { createApplier, type Applier } from '../../electron/control-plane/migration/follow/apply/applier';
import { prepareApplySession } from '../../electron/control-plane/migration/follow/apply/apply-settings';
import {
  formatLsn,
  parseLsn,
  type ChangeSink,
  type Lsn,
} from '../../electron/control-plane/migration/follow/change-stream';
import { createPgoutputDecoder } from '../../electron/control-plane/migration/follow/decode/pgoutput';
import { walsenderProfile } from '../../electron/control-plane/migration/follow/decode/walsender-options';
import {
  newCounts,
  type Applied,
  type Asking,
  type FollowCounts,
  type Routes,
  type StreamIdentity,
} from '../../electron/control-plane/migration/follow/follow-model';
import type { Decision } from '../../shared/model/migration';
import type { TestServer } from './postgres';

/** A stream of one database that is applied: session, decoder and applier put together, and nothing else. */

export interface ApplyOptions {
  readonly source: TestServer;
  readonly target: TestServer;
  readonly database: string;
  /** Of the target; as on the source when left out. */
  readonly to?: string;
  readonly slot: string;
  readonly routes?: Routes;
  readonly decisions?: ReadonlyMap<string, Decision>;
  readonly onDrift?: 'halt' | 'log';
  readonly jobs?: number;
  readonly windowBytes?: number;
  readonly flushMs?: number;
  /** Account of the target. */
  readonly user?: string;
  /** Stands between the decoder and the applier. */
  readonly sink?: (applier: Applier) => ChangeSink;
  /** Stands between the applier and a session. */
  readonly wrap?: (session: PipelineSession) => PipelineSession;
}

export interface ApplyRun {
  readonly applier: Applier;
  readonly sessions: readonly PipelineSession[];
  readonly counts: FollowCounts;
  readonly notes: readonly string[];
  readonly applied: () => Applied;
  /** Rejects with what ended the stream. */
  readonly ended: Promise<void>;
  /** Until everything that the source has written by now is durable on the target. Fails with what ended the stream. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

const SLOT_SYSTEM = 'tests';

export const identityOf = ({ database, slot }: Pick<ApplyOptions, 'database' | 'slot'>): StreamIdentity => ({
  jobId: 'mig-test',
  database,
  direction: 'forward',
  slot,
  system: SLOT_SYSTEM,
});

export const askingOf =
  (server: TestServer, database: string): Asking =>
  async (work) => {
    const session = await openSession(server.profile(database));
    try {
      return await work(session);
    } finally {
      await session.end();
    }
  };

/** A publication of all tables and a slot of the same name. */
export async function makeSlot(source: TestServer, database: string, slot: string): Promise<void> {
  await source.sql(`CREATE PUBLICATION ${slot} FOR ALL TABLES`, database);
  await source.sql(`SELECT pg_create_logical_replication_slot('${slot}', 'pgoutput')`, database);
}

export async function startApply(options: ApplyOptions): Promise<ApplyRun> {
  const { source, target, database, slot } = options;
  const to = options.to ?? database;
  const stopping = new AbortController();
  const counts = newCounts();
  const notes: string[] = [];
  const sessions: PipelineSession[] = [];
  let walEnd: Lsn = 0n;
  const profile = walsenderProfile(source.profile(database), 150_000);
  const walsender = await openReplicationSession(profile, stopping.signal);
  const applier = await createApplier({
    async open(signal) {
      const session = await openPipelineSession(
        { ...target.profile(to), ...(options.user === undefined ? {} : { user: options.user }) },
        signal,
      );
      notes.push(...(await prepareApplySession(session, 'UTF8')).map((name) => `refused: ${name}`));
      sessions.push(session);
      return options.wrap?.(session) ?? session;
    },
    asking: askingOf(target, to),
    identity: identityOf(options),
    routes: options.routes ?? (({ schema, name }) => ({ schema, name, syncedAt: 0n })),
    decisions: options.decisions ?? new Map(),
    onDrift: options.onDrift ?? 'halt',
    jobs: options.jobs ?? 1,
    counts,
    onApplied: () => undefined,
    onNote: (text) => void notes.push(text),
    signal: stopping.signal,
    ...(options.windowBytes === undefined ? {} : { windowBytes: options.windowBytes }),
    ...(options.flushMs === undefined ? {} : { flushMs: options.flushMs }),
  });
  const decoder = createPgoutputDecoder(options.sink?.(applier) ?? applier, { protocol: 1, spool: null });
  let failure: unknown = null;
  const report = (): void => {
    const flushed = applier.idle && walEnd > applier.applied.endLsn ? walEnd : applier.applied.endLsn;
    walsender.report({ received: flushed, flushed, applied: flushed }, true);
  };
  const { ended } = await walsender.start(
    `START_REPLICATION SLOT ${slot} LOGICAL ${formatLsn(applier.applied.endLsn)} (proto_version '1', publication_names '${slot}')`,
    {
      data: (payload) => {
        counts.bytesIn += payload.length;
        return decoder.push(payload);
      },
      keepalive(end) {
        if (end > walEnd) walEnd = end;
        if (!failure) applier.quiet();
        report();
      },
    },
  );
  const over = Promise.race([ended, applier.ended]);
  over.catch((error: unknown) => (failure = error));
  const close = async (): Promise<void> => {
    stopping.abort();
    await walsender.end();
    await decoder.close();
    await applier.close();
  };
  return {
    applier,
    sessions,
    counts,
    notes,
    applied: () => applier.applied,
    ended: over,
    async drain() {
      const [row] = await source.sql('SELECT pg_current_wal_insert_lsn()::text AS lsn', database);
      const end = parseLsn(String(row?.['lsn']));
      const done = expect
        .poll(
          () => {
            if (failure) return true;
            report();
            return applier.applied.endLsn >= end || (applier.idle && walEnd >= end);
          },
          { timeout: 100_000, interval: 20 },
        )
        .toBe(true);
      await Promise.race([done, over]);
      if (failure) throw failure;
    },
    close,
  };
}
