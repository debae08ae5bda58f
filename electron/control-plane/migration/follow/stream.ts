import { setTimeout as pause } from 'node:timers/promises';
import { AppError, errorInfo } from '../../../../shared/errors';
import { openPipelineSession } from '../../../adapters/postgres/pipeline-session';
import { quoteIdent } from '../../../../shared/model/quote';
import { openAcknowledged } from './acknowledged';
import { createApplier, type Applier } from './apply/applier';
import { prepareApplySession } from './apply/apply-settings';
import type { Lsn } from './change-stream';
import { formatLsn } from './change-stream';
import { decodingOf } from './decoding';
import { createDdlSink, type DdlSink } from './ddl/ddl-sink';
import { withNewcomers } from './newcomers';
import { watched, type Seen } from './seen';
import { openWalsender, readSystem } from './source-slot';
import { freeSlot, lookAtSlot } from './slots';
import type { Stream, StreamOptions } from './stream-model';
import { truncateNames, TRUNCATE_FROM } from './truncate/truncate-names';
import { withTruncates } from './truncate/truncate-sink';
import { seeingItself } from './visible';

/** The slot, or what it kept, is gone: the changes after the copy are not to be had any more. */
export class SlotLost extends AppError {
  /** `final`: not even when something outside is put right again. */
  constructor(message: string, final = false) {
    super({
      ...(final ? { retry: false } : {}),
      code: 'conflict',
      message,
      hint: 'What was changed since cannot be followed any more: begin anew with another task.',
    });
    this.name = 'SlotLost';
  }
}

/** After this without anything new what is held is handed over. */
const QUIET_MS = 10;
/** For what is under way when the stream ends. */
const PATIENCE_MS = 10_000;

export async function openStream(options: StreamOptions): Promise<Stream> {
  const { identity, signal, asking } = options;
  const { slot } = await asking.from((session) => lookAtSlot(session, identity.slot, signal));
  if (!slot) throw new SlotLost(`The slot ${identity.slot} of ${identity.database} is gone`);
  if (slot.walStatus === 'lost')
    throw new SlotLost(
      `The server has given up the WAL that the slot ${identity.slot} needs (max_slot_wal_keep_size)`,
      true,
    );
  await asking.from((session) => freeSlot(session, identity.slot, signal));
  const opened: { close(): Promise<unknown> }[] = [];
  try {
    return await connect(options, slot.plugin, (part) => opened.unshift(part));
  } catch (error) {
    for (const part of opened) await part.close().catch(() => undefined);
    throw error;
  }
}

async function connect(
  options: StreamOptions,
  plugin: string,
  opened: (part: { close(): Promise<unknown> }) => void,
): Promise<Stream> {
  const { from, to, toDatabase, identity, routes, asking, signal } = options;
  const seen: Seen = { open: null, last: null, waiting: [], marked: 0 };
  let walEnd = 0n;
  let heardAt = Date.now();
  let failure: { readonly error: unknown } | null = null;
  let closed = false;
  /** Takes something that has come. */
  let taking: Promise<void> | null = null;
  const pipes = new Map<number, { cut(reason: string): void; readonly closed: boolean }>();

  const walsender = await openWalsender(from, identity.database, signal);
  opened({ close: () => walsender.end() });
  const system = await readSystem(walsender, signal);
  if (system !== identity.system)
    throw new SlotLost(`${identity.database} is now on another server (system ${system}) than the slot was made on`);

  const leftOut = new Set(options.leftOut);
  const applier: Applier = await createApplier({
    async open(until) {
      const session = await openPipelineSession(to.profile(toDatabase), until);
      pipes.set(session.backendPid, session);
      try {
        for (const name of await prepareApplySession(session, options.encoding))
          options.onNote('warning', `The account of the receiving side may not set ${name}`);
        return session;
      } catch (error) {
        await session.end();
        throw error;
      }
    },
    asking: asking.to,
    identity,
    routes: ({ oid }) => (leftOut.has(oid) ? 'left-out' : routes.get(oid)),
    decisions: options.decisions,
    onDrift: options.onDrift,
    jobs: options.jobs,
    counts: options.counts,
    onApplied: () => moved(),
    onNote: (text) => options.onNote('warning', text),
    signal,
  });
  opened(applier);
  let unkept = false;
  const acknowledged = await openAcknowledged({
    folder: options.folder,
    slot: identity.slot,
    begin: options.lsn,
    onKept: () => moved(),
    onFailed(error) {
      if (!unkept) options.onNote('warning', `The source keeps its WAL: ${errorInfo(error).message}`);
      unkept = true;
    },
  });
  if (applier.recorded < acknowledged.recorded)
    throw new SlotLost(
      `${toDatabase} has lost changes that it had confirmed: its records are at ${formatLsn(applier.recorded)} and were at ${formatLsn(acknowledged.recorded)} (a standby that was behind has taken over, or a backup was restored)`,
    );

  const isIdle = (): boolean => applier.idle && seen.open === null && seen.waiting.length === 0;
  /** What may be forgotten by the sender: what is durable, or everything it has told when nothing of it is left to do. */
  const flushed = (): Lsn => {
    const { endLsn } = applier.applied;
    return acknowledged.allow(isIdle() && walEnd > endLsn ? walEnd : endLsn, applier.recorded);
  };
  const report = (now: boolean): void => {
    const position = flushed();
    walsender.report({ received: walEnd > position ? walEnd : position, flushed: position, applied: position }, now);
  };
  const moved = (): void => {
    while ((seen.waiting[0]?.endLsn ?? applier.applied.endLsn + 1n) <= applier.applied.endLsn) seen.waiting.shift();
    if (applier.idle && seen.open === null) seen.waiting.length = 0;
    if (closed) return;
    report(isIdle());
    options.onMoved();
  };

  const handOver = (): void => {
    try {
      applier.quiet();
    } catch {
      // It has ended: the stream hears of it by itself.
    }
  };
  let quiet: NodeJS.Timeout | null = null;
  const onCommit = (): void => {
    quiet ??= setTimeout(() => {
      quiet = null;
      if (closed || failure) return;
      if (Date.now() - heardAt < QUIET_MS) onCommit();
      else if (seen.open === null) handOver();
    }, QUIET_MS);
  };

  const source = seeingItself(asking.from, () => seen.last?.xid ?? null, signal);
  const ddl: DdlSink | null = options.ddl
    ? createDdlSink({
        applier,
        identity,
        routes,
        asking: asking.to,
        source,
        decisions: options.decisions,
        names: options.ddl,
        onApplied: (text) => options.onNote('info', text),
        onLeftOut: options.onLeftOut,
        onTable: options.onTable,
        onIdentity: options.onIdentity,
        signal,
      })
    : null;
  await ddl?.start();
  const sink = await withNewcomers(ddl ?? applier, {
    identity,
    routes,
    leftOut,
    decisions: options.decisions,
    names: options.places,
    asking: { from: source, to: asking.to },
    onNote: options.onNote,
    onTable: options.onTable,
    signal,
  });
  const { decoder, command } = await decodingOf(
    {
      plugin,
      slot: identity.slot,
      versionNum: from.versionNum,
      publications: options.publications,
      streaming: options.streaming,
      folder: options.folder,
      spoolBytes: options.spoolBytes,
      asking: asking.from,
      signal,
    },
    watched(from.versionNum < TRUNCATE_FROM ? withTruncates(sink, truncateNames(identity.slot)) : sink, seen, onCommit),
  );
  opened(decoder);

  const fail = (error: unknown): never => {
    failure ??= { error };
    throw error;
  };
  const begin = applier.applied.endLsn > options.lsn ? applier.applied.endLsn : options.lsn;
  const { ended } = await walsender.start(
    `START_REPLICATION SLOT ${quoteIdent(identity.slot)} LOGICAL ${formatLsn(begin)} ${command}`,
    {
      data(payload, walStart, end) {
        heardAt = Date.now();
        options.counts.bytesIn += payload.length;
        try {
          const wait = decoder.push(payload, walStart, end);
          if (!wait) return undefined;
          taking = wait.catch(fail).finally(() => (taking = null));
          return taking;
        } catch (error) {
          return fail(error);
        }
      },
      keepalive(end) {
        heardAt = Date.now();
        if (end > walEnd) walEnd = end;
        if (seen.open === null) handOver();
        moved();
      },
    },
  );
  /** What is under way when the stream ends says more of the reason, or ends soon. */
  const taken = async (): Promise<void> => {
    if (taking) await Promise.race([taking.catch(() => undefined), pause(PATIENCE_MS, undefined, { ref: false })]);
  };
  return {
    get applied() {
      return applier.applied;
    },
    get idle() {
      return isIdle();
    },
    get walEnd() {
      return walEnd;
    },
    get waitingSince() {
      const [first] = seen.waiting;
      if (first) return first.committedAt;
      return applier.idle ? (seen.open?.committedAt ?? null) : seen.marked;
    },
    walsender,
    get held() {
      return taking !== null || (!applier.idle && seen.open === null);
    },
    get asked() {
      return applier.asked;
    },
    get joining() {
      return ddl?.waiting.length ?? 0;
    },
    get openPids() {
      return [...pipes].flatMap(([pid, pipe]) => (pipe.closed ? [] : [pid]));
    },
    get applierPids() {
      return [...pipes.keys()];
    },
    ended: Promise.race([ended, applier.ended]).catch(async (error: unknown) => {
      await taken();
      throw failure ? failure.error : error;
    }),
    settle: () => applier.settle(),
    ask: () => report(true),
    cutApplier(reason) {
      for (const pipe of pipes.values()) pipe.cut(reason);
    },
    async close() {
      closed = true;
      if (quiet) clearTimeout(quiet);
      await walsender.end().catch(() => undefined);
      await decoder.close().catch(() => undefined);
      await applier.close().catch(() => undefined);
      await taken();
      await acknowledged.close();
    },
  };
}
