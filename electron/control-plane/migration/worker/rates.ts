const WINDOW_MS = 5000;
const SLOT_MS = 250;

interface Slot {
  readonly at: number;
  bytes: number;
  rows: number;
  weight: number;
}

export interface RatesNow {
  readonly bytesPerSecond: number;
  readonly rowsPerSecond: number;
  readonly weightPerSecond: number;
}

export interface Rates {
  bytes(bytes: number, rows: number): void;
  weight(gained: number): void;
  now(): RatesNow;
  /** Whether anything came within the window. */
  readonly flowing: boolean;
}

/** What passed within the last five seconds, for each of them. */
export function createRates(clock: () => number): Rates {
  const slots: Slot[] = [];
  const begun = clock();

  const forget = (at: number): void => {
    let old = 0;
    while (old < slots.length && (slots[old]?.at ?? 0) < at - WINDOW_MS) old += 1;
    if (old > 0) slots.splice(0, old);
  };
  const slot = (): Slot => {
    const at = clock();
    const last = slots.at(-1);
    if (last && at - last.at < SLOT_MS) return last;
    forget(at);
    const made = { at, bytes: 0, rows: 0, weight: 0 };
    slots.push(made);
    return made;
  };

  return {
    bytes(bytes, rows) {
      const at = slot();
      at.bytes += bytes;
      at.rows += rows;
    },
    weight(gained) {
      slot().weight += gained;
    },
    now() {
      const at = clock();
      forget(at);
      const seconds = Math.max(1, Math.min(WINDOW_MS, at - begun) / 1000);
      const sum = (of: (each: Slot) => number): number => slots.reduce((all, each) => all + of(each), 0) / seconds;
      return {
        bytesPerSecond: Math.round(sum((each) => each.bytes)),
        rowsPerSecond: Math.round(sum((each) => each.rows)),
        weightPerSecond: sum((each) => each.weight),
      };
    },
    get flowing() {
      forget(clock());
      return slots.length > 0;
    },
  };
}
