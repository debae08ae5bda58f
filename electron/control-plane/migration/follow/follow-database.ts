import { setTimeout as pause } from 'node:timers/promises';
import { AppError, throwIfAborted } from '../../../../shared/errors';
import type { FollowState, Halt } from '../../../../shared/model/migration';
import { reasonText } from '../worker/failure';
import { createSessionPool } from '../worker/session-pool';
import type { Side } from '../worker/sides';
import type { Lsn } from './change-stream';
import { NOT_COPIED } from './ddl/join-table';
import { BeginAgain, verdictOf } from './follow-failure';
import { FollowHalt, newCounts, type Applied, type TableRoute } from './follow-model';
import { databaseFollow, NEAR, reachedBy } from './database-follow';
import type { Follower, FollowerOptions } from './follower';
import { createHalting } from './halting';
import { createMoves } from './moves';
import { findPublications } from './publication';
import { prepareReceiver } from './receiver';
import { readEncoding } from './resync';
import { createResyncs } from './resyncs';
import { IDENTITY } from './clean';
import { createOutage } from './outage';
import { anyActive, createReceiverLooks, isSenderSilent } from './silence';
import { openStream } from './stream';
import type { Stream } from './stream-model';

const BACK_OFF_MS = 250;
const BACK_OFF_MAX_MS = 30_000;
/** A stream that lasted so long begins with the shortest wait again. */
const STEADY_MS = 5000;

/** Follows the changes of one database until it is told to stop; lost connections are waited for, halts are shown until they are decided. */
export function startFollower(options: FollowerOptions): Follower {
  const { ctx, identity, choice, watch } = options;
  const forward = identity.direction === 'forward';
  const from: Side = forward ? ctx.source : ctx.target;
  const to: Side = forward ? ctx.target : ctx.source;
  const counts = newCounts();
  const routes = new Map<number, TableRoute>();
  const moves = createMoves();
  let applied: Applied = { endLsn: 0n, committedAt: 0 };
  let walEnd: Lsn = 0n;
  let stream: Stream | null = null;
  let state: FollowState = 'waiting';
  let problem = '';
  let streaming = true;
  let met = false;
  let consistent = false;
  let caughtUpAt = 0;
  let lastChange = Date.now();
  let lastRows = 0;
  let stopping = new AbortController();
  let living: Promise<void> = Promise.resolve();
  let rejectLost: (error: unknown) => void = () => undefined;
  const lost = new Promise<never>((_resolve, reject) => (rejectLost = reject));
  lost.catch(() => undefined);
  let over: unknown = null;
  /** Processes of the receiving side that a stream before may have left. */
  let left: readonly number[] = [];

  const note = (level: 'info' | 'warning', text: string): void =>
    ctx.telling.log(level, `${identity.database}: ${text}`);
  const happened = (kind: string, text: string): void => ctx.telling.happened(kind, `${identity.database}: ${text}`);
  const outage = createOutage({ note, tell: happened });
  const looks = createReceiverLooks(anyActive(() => to.open(options.to, ctx.signal)));
  const caughtUp = (): boolean =>
    stream !== null && stream.idle && watch.written > 0n && stream.walEnd >= watch.written;
  const isPast = (lsn: Lsn): boolean =>
    applied.endLsn >= lsn || (stream !== null && stream.idle && stream.walEnd >= lsn);
  /** What the source had when the last of the tables was read has arrived. */
  const isWhole = (): boolean => [...routes.values()].every(({ syncedAt }) => isPast(syncedAt));
  const onMoved = (): void => {
    if (!stream) return;
    ({ applied } = stream);
    if (stream.walEnd > walEnd) ({ walEnd } = stream);
    if (counts.rowsIn !== lastRows) {
      lastRows = counts.rowsIn;
      lastChange = Date.now();
    }
    if (caughtUp()) caughtUpAt = Date.now();
    const gap = watch.written - reachedBy({ stream, applied, begin: options.lsn });
    if (watch.written > 0n && gap < NEAR) {
      consistent ||= isWhole();
      state = 'following';
    }
    moves.tell();
  };

  const resyncs = createResyncs({
    ctx,
    carries: options.ddl !== null,
    from,
    to,
    toDatabase: options.to,
    identity,
    routes,
    rowFilter: options.rowFilter,
    onCopied: () => (consistent = false),
  });
  const halting = createHalting({ ctx, choice, decisions: options.decisions, resyncs });
  const halts = (): Halt[] => (halting.current ? [halting.current] : []);

  /** One connection, from its beginning to its end. */
  const follow = async (until: AbortSignal): Promise<void> => {
    const closing = new AbortController();
    const signal = AbortSignal.any([until, closing.signal]);
    const pools = {
      from: createSessionPool(() => from.open(identity.database, signal)),
      to: createSessionPool(() => to.open(options.to, signal)),
    };
    const asking = { from: pools.from.use, to: pools.to.use };
    try {
      await prepareReceiver({ asking: asking.to, identity, first: !met, left, routes, onNote: note, signal });
      met = true;
      await resyncs.run(asking, signal);
      const opened = await openStream({
        from,
        to,
        toDatabase: options.to,
        identity,
        publications: await asking.from((session) => findPublications(session, identity.slot, signal)),
        lsn: options.lsn,
        routes,
        decisions: halting.decisions,
        onDrift: ctx.order.options.onDrift,
        jobs: ctx.order.options.applyJobs,
        counts,
        asking,
        ddl: options.ddl,
        places: options.places,
        leftOut: await options.leftOut(),
        streaming,
        folder: ctx.order.folder,
        spoolBytes: ctx.order.spoolBytes,
        encoding: await readEncoding(asking.from, signal),
        onNote: note,
        onLeftOut(text) {
          note('warning', text);
          happened('left-out', text);
        },
        async onTable(oid) {
          await resyncs.copy(oid, asking.to, signal);
          throw new BeginAgain();
        },
        async onIdentity(column) {
          await ctx.journal.add({ did: 'step', database: choice.name, step: `${IDENTITY}${JSON.stringify(column)}` });
        },
        onMoved,
        signal,
      });
      stream = opened;
      outage.end();
      problem = '';
      state = 'catchingUp';
      onMoved();
      const stop = (): void => void opened.close();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await opened.ended;
        throwIfAborted(until);
        throw new AppError({ code: 'lost-connection', message: 'The server has ended the stream', retry: true });
      } finally {
        signal.removeEventListener('abort', stop);
        stream = null;
        // What was under way for this connection must not run on beside the next one.
        closing.abort();
        await opened.close();
        left = opened.applierPids;
        ({ applied } = opened);
      }
    } finally {
      closing.abort();
      await Promise.all([pools.from.close(), pools.to.close()]);
    }
  };

  const onHalt = ({ text }: Halt): void => {
    state = 'halted';
    note('warning', `Following stands still until it is decided: ${text}`);
    ctx.telling.happened('halted', `${choice.name}: ${text}`);
    moves.tell();
  };

  const waitOut = async (reason: unknown, wait: number, signal: AbortSignal): Promise<void> => {
    const words = reasonText(reason);
    state = 'away';
    outage.go(words);
    problem = words;
    moves.tell();
    await pause(wait, undefined, { signal }).catch(() => undefined);
    throwIfAborted(signal);
  };

  const live = async (signal: AbortSignal): Promise<void> => {
    let wait = BACK_OFF_MS;
    for (;;) {
      const begun = Date.now();
      // The slot is being dropped: nobody takes it meanwhile.
      while (watch.ending) await pause(BACK_OFF_MS, undefined, { signal });
      try {
        await follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof FollowHalt) {
          await halting.stand(error, onHalt, signal);
          continue;
        }
        const verdict = verdictOf(error, streaming);
        if (verdict === 'fail') throw error;
        if (verdict === 'unstreamed') {
          streaming = false;
          note('info', `${reasonText(error)}: each transaction is read when it is committed`);
        }
        if (verdict !== 'wait') continue;
        if (Date.now() - begun > STEADY_MS) wait = BACK_OFF_MS;
        await waitOut(error, wait, signal);
        wait = Math.min(wait * 2, BACK_OFF_MAX_MS);
      }
    }
  };

  const start = (): void => {
    stopping = new AbortController();
    const signal = AbortSignal.any([ctx.signal, stopping.signal]);
    living = live(signal).catch((error: unknown) => {
      if (signal.aborted) return;
      over = error;
      state = 'lost';
      problem = reasonText(error);
      moves.tell();
      rejectLost(error);
    });
  };
  start();

  return {
    choice,
    identity,
    to: options.to,
    counts,
    lost,
    get applied() {
      return applied;
    },
    get halts() {
      return halts();
    },
    get waiting() {
      const uncopied = [...routes.values()].filter(({ syncedAt }) => syncedAt === NOT_COPIED).length;
      return Math.max(uncopied, stream?.joining ?? 0);
    },
    get consistent() {
      return consistent;
    },
    now: () =>
      databaseFollow({
        database: choice.name,
        state,
        slot: identity.slot,
        stream,
        applied,
        begin: options.lsn,
        caughtUp: caughtUp(),
        caughtUpAt,
        watch,
        counts,
        quietMs: Date.now() - lastChange,
        halts: halts(),
        problem,
      }),
    async drainTo(lsn, signal) {
      for (;;) {
        throwIfAborted(signal);
        if (over !== null) throw over;
        if (isPast(lsn)) return;
        stream?.ask();
        await moves.next(signal);
      }
    },
    async settle() {
      await stream?.settle();
    },
    async stop() {
      const opened = stream;
      await opened?.settle().catch(() => undefined);
      if (opened) ({ applied } = opened);
      stopping.abort();
      await living;
      outage.forget();
      if (state !== 'lost') state = 'waiting';
    },
    start,
    makeDeferred: options.makeDeferred,
    decide: (decision) => halting.decide(decision),
    async check() {
      const opened = stream;
      if (!opened) return;
      if (isSenderSilent(opened, watch)) opened.walsender.cut('Nothing comes from the server any more');
      if (await looks.look(opened, counts.rowsOut)) opened.cutApplier('The receiving side gives no answer any more');
    },
  };
}
