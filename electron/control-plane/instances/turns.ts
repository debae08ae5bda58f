/**
 * Who may work on an instance: one at a time. Operations and what people change come first, so what goes on in the background (a standby
 * that is built, a measurement) is given up for them.
 */
export interface Turns {
  /** Waits for the instance to be free, giving up what goes on in its background, and works. */
  foreground<T>(id: string, work: () => Promise<T>): Promise<T>;
  /** Works if nobody does; `null` otherwise. The signal fires when the instance is needed. */
  background(id: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> | null;
  /** Resolves when everything that goes on has come to its end, having been told to. */
  end(): Promise<void>;
}

/** How long what goes on in the background has to give up, before what comes first goes on beside it. It cannot change the record any more. */
const GRACE_MS = 500;

interface Turn {
  tail: Promise<unknown>;
  /** Works that have the turn or wait for it. */
  count: number;
  giveUp: AbortController | null;
}

export function createTurns(): Turns {
  const turns = new Map<string, Turn>();

  const take = <T>(id: string, work: () => Promise<T>, patience: Promise<unknown> | null = null): Promise<T> => {
    const turn: Turn = turns.get(id) ?? { tail: Promise.resolve(), count: 0, giveUp: null };
    turns.set(id, turn);
    turn.count += 1;
    const before = patience ? Promise.race([turn.tail, patience]) : turn.tail;
    const done = before.then(work).finally(() => {
      turn.count -= 1;
      if (turn.count === 0) turns.delete(id);
    });
    turn.tail = done.catch(() => undefined);
    return done;
  };

  return {
    foreground(id, work) {
      const giveUp = turns.get(id)?.giveUp;
      giveUp?.abort();
      const patience = giveUp ? new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref()) : null;
      return take(id, work, patience);
    },
    background(id, work) {
      if (turns.has(id)) return null;
      const giveUp = new AbortController();
      const done = take(id, () => work(giveUp.signal));
      const turn = turns.get(id);
      if (turn) turn.giveUp = giveUp;
      return done.finally(() => {
        if (turn?.giveUp === giveUp) turn.giveUp = null;
      });
    },
    async end() {
      for (const { giveUp } of turns.values()) giveUp?.abort();
      await Promise.all([...turns.values()].map(({ tail }) => tail));
    },
  };
}
