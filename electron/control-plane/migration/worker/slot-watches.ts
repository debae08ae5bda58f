import { watchSlot, type SlotWatch } from '../follow/slot-watch';
import { SlotLost } from '../follow/stream';
import type { RunContext } from './run-context';

/** Looks at every slot of the task. */
export interface SlotWatches {
  /** Begins to look, or goes on. */
  start(side: 'source' | 'target', database: string, slot: string): SlotWatch;
  /** More WAL than the alarm allows is kept by one of them. */
  readonly alarm: boolean;
  stop(): Promise<void>;
}

const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

export function createSlotWatches(ctx: RunContext, onLost: (error: unknown) => void): SlotWatches {
  const { order, telling, signal } = ctx;
  const watches = new Map<string, SlotWatch>();
  return {
    start(side, database, slot) {
      const known = watches.get(slot);
      if (known) return known;
      const made = watchSlot({
        side: ctx[side],
        database,
        slot,
        alarm: order.options.walAlarm,
        ceiling: order.options.walCeiling,
        onAlarm(retained) {
          const text = `${database}: the ${side} keeps ${gib(retained)} of WAL for the task`;
          telling.log('warning', text);
          telling.happened('wal-alarm', text);
        },
        onLost: (reason, final) => onLost(new SlotLost(reason, final)),
        signal,
      });
      watches.set(slot, made);
      return made;
    },
    get alarm() {
      return [...watches.values()].some(({ alarm }) => alarm);
    },
    async stop() {
      const all = [...watches.values()];
      watches.clear();
      await Promise.all(all.map((each) => each.stop()));
    },
  };
}
