import { reasonText } from './failure';
import { makeDeferred, mayHideChanges } from './make-deferred';
import type { RunContext } from './run-context';

/** When foreign keys, triggers and the like of the databases of a task are made. */
export interface Deferring {
  /** Now, or joins who is at it. Returns how many failed. */
  make(database: string, to: string, signal: AbortSignal): Promise<number>;
  /**
   * The target has reached a state that the source once had: they are made in the background where they do not see the changes that follow,
   * else at the cut-over. Only the first call for a database does anything.
   */
  early(database: string, to: string): void;
}

export function createDeferring(ctx: RunContext): Deferring {
  const { telling, signal } = ctx;
  const running = new Map<string, Promise<number>>();
  const begun = new Set<string>();

  const start = (database: string, to: string, until: AbortSignal, soon: boolean): Promise<number> => {
    const made = makeDeferred(ctx, database, to, until, soon).finally(() => running.delete(database));
    running.set(database, made);
    return made;
  };
  const make: Deferring['make'] = async (database, to, until) => {
    // What is made early is not all: the rest comes after it.
    for (let before = running.get(database); before; before = running.get(database))
      await before.catch(() => undefined);
    return start(database, to, until, false);
  };
  const makeEarly = async (database: string, to: string): Promise<void> => {
    if (!(await mayHideChanges(ctx, to, signal))) {
      telling.log(
        'info',
        `${database}: foreign keys and triggers are made at the cut-over, because the account of the target may not set session_replication_role`,
      );
      return;
    }
    const failed = await start(database, to, signal, true);
    const result = failed > 0 ? `, ${failed} failed` : '';
    telling.log('info', `${database}: foreign keys, triggers and the like are made${result}`);
  };
  return {
    make,
    early(database, to) {
      if (begun.has(database)) return;
      begun.add(database);
      makeEarly(database, to).catch((error: unknown) => {
        // The cut-over tries again.
        if (!signal.aborted)
          telling.log('warning', `${database}: foreign keys and triggers wait for the cut-over: ${reasonText(error)}`);
      });
    },
  };
}
