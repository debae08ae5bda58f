import { setTimeout as pause } from 'node:timers/promises';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Side } from '../worker/sides';
import type { Lsn } from './change-stream';
import { dropSlot, lookAtSlot } from './slots';

/** Looks at a slot while the task has it: also during the copy, and while the stream is away. */
export interface SlotWatch {
  /** End of what the server has written; 0 before the first look. */
  readonly written: Lsn;
  /** WAL that is kept for the slot, in bytes; null: not known. */
  readonly retained: number | null;
  readonly walStatus: string;
  /** What the clock of the server is ahead of ours, in milliseconds. */
  readonly skew: number;
  /** More than the alarm is kept. */
  readonly alarm: boolean;
  /** Since when the server cannot be asked; null: it answers. */
  readonly awaySince: number | null;
  /** The walsender on the slot at the last look, and what it waits for. */
  readonly walsender: { readonly pid: number; readonly wait: string | null } | null;
  /** The slot is about to be dropped, because more than the ceiling was kept. */
  readonly ending: boolean;
  stop(): Promise<void>;
}

export interface SlotWatchOptions {
  readonly side: Side;
  readonly database: string;
  readonly slot: string;
  /** In bytes; 0 never. */
  readonly alarm: number;
  readonly ceiling: number;
  onAlarm(retained: number): void;
  /** The slot was given up, or the server has given it up: what it kept is gone for ever (`final`). Or it is not there. */
  onLost(reason: string, final: boolean): void;
  readonly signal: AbortSignal;
  readonly everyMs?: number;
}

const EVERY_MS = 1000;
const PATIENCE_MS = 15_000;

const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

export function watchSlot(options: SlotWatchOptions): SlotWatch {
  const { side, database, slot, everyMs = EVERY_MS } = options;
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  let session: PgSession | null = null;
  let written: Lsn = 0n;
  let retained: number | null = null;
  let walStatus = '';
  let skew = 0;
  let alarm = false;
  let awaySince: number | null = null;
  let walsender: SlotWatch['walsender'] = null;
  let ending = false;
  /** Kept when it was too much. */
  let most = 0;
  let gone = false;

  const lost = (reason: string, final = true): void => {
    if (gone) return;
    gone = true;
    options.onLost(reason, final);
  };

  const tooMuch = (): string =>
    `The ${side.role} kept ${gib(most)} of WAL for the task, more than was allowed: the slot ${slot} was dropped, so that its disk does not fill`;

  const judge = async (asked: PgSession): Promise<void> => {
    const before = Date.now();
    const seen = await lookAtSlot(asked, slot, signal);
    if (skew === 0) skew = Math.round(seen.clock - (before + Date.now()) / 2);
    ({ written } = seen);
    if (!seen.slot) {
      retained = null;
      walStatus = '';
      if (ending) lost(tooMuch());
      else lost(`The slot ${slot} of ${database} is gone: somebody has dropped it`, false);
      return;
    }
    ({ walStatus } = seen.slot);
    walsender = seen.slot.pid === null ? null : { pid: seen.slot.pid, wait: seen.slot.wait };
    retained = seen.slot.restart === null ? null : Math.max(0, Number(seen.written - seen.slot.restart));
    if (walStatus === 'lost') {
      lost(`The server has given up the WAL that the slot ${slot} of ${database} needs (max_slot_wal_keep_size)`);
      return;
    }
    if (retained === null) return;
    if (ending || (options.ceiling > 0 && retained >= options.ceiling)) {
      if (!ending) most = retained;
      ending = true;
      // Fails as long as it is in use: then it is tried again.
      await dropSlot(asked, slot, signal);
      lost(tooMuch());
      return;
    }
    const high = options.alarm > 0 && retained >= options.alarm;
    if (high && !alarm) options.onAlarm(retained);
    alarm = high;
  };

  const once = async (): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    try {
      if (!session || session.closed) session = await side.open(database, signal);
      const asked = session;
      timer = setTimeout(() => asked.client.connection.stream.destroy(), PATIENCE_MS);
      await judge(asked);
      awaySince = null;
    } catch {
      // The stream itself tells what is wrong with the server.
      if (signal.aborted) return;
      awaySince ??= Date.now();
      await session?.end().catch(() => undefined);
      session = null;
    } finally {
      clearTimeout(timer);
    }
  };
  const turn = async (): Promise<void> => {
    while (!signal.aborted && !gone) {
      await once();
      await pause(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const turning = turn();

  return {
    get written() {
      return written;
    },
    get retained() {
      return retained;
    },
    get walStatus() {
      return walStatus;
    },
    get skew() {
      return skew;
    },
    get alarm() {
      return alarm;
    },
    get awaySince() {
      return awaySince;
    },
    get ending() {
      return ending;
    },
    get walsender() {
      return walsender;
    },
    async stop() {
      stopping.abort();
      await turning;
      await session?.end().catch(() => undefined);
    },
  };
}
