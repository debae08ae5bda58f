import { AppError } from '../../../../shared/errors';
import type { CopySession } from '../../../adapters/postgres/copy-session';
import { importSnapshot, type Snapshot } from './snapshot';

/** A session at each end; the source's is in a transaction that sees the snapshot. */
export interface CopyPair {
  readonly source: CopySession;
  readonly target: CopySession;
}

export interface CopySessions {
  /** Lends a pair to the work and takes it back; a pair whose work failed is closed, so that the next one finds clean sessions. */
  use<T>(work: (pair: CopyPair) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface CopySessionsOptions {
  readonly openSource: () => Promise<CopySession>;
  readonly openTarget: () => Promise<CopySession>;
  readonly snapshot: Snapshot;
  /** What every session of the target does first, e.g. to keep triggers from firing; failures are told by the one who wants it. */
  readonly prepareTarget: (session: CopySession) => Promise<void>;
}

/** Keeps sessions open between tables: a database of ten thousand small ones would spend its time in logins. */
export function createCopySessions(options: CopySessionsOptions): CopySessions {
  const idle: CopyPair[] = [];
  const all = new Set<CopyPair>();
  let closing = false;

  const openPair = async (): Promise<CopyPair> => {
    const [source, target] = await Promise.all([options.openSource(), options.openTarget()]);
    const pair = { source, target };
    try {
      await source.run(importSnapshot(options.snapshot.id()));
      await options.prepareTarget(target);
    } catch (error) {
      await Promise.all([source.end(), target.end()]);
      throw error;
    }
    all.add(pair);
    return pair;
  };
  const discard = async (pair: CopyPair): Promise<void> => {
    all.delete(pair);
    await Promise.all([pair.source.end(), pair.target.end()]);
  };

  return {
    async use(work) {
      if (closing) throw new AppError({ code: 'cancelled', message: 'The copy is ending' });
      let pair = idle.pop();
      while (pair && (pair.source.closed || pair.target.closed)) {
        await discard(pair);
        pair = idle.pop();
      }
      const used = pair ?? (await openPair());
      try {
        const result = await work(used);
        if (closing) await discard(used);
        else idle.push(used);
        return result;
      } catch (error) {
        await discard(used);
        throw error;
      }
    },
    async close() {
      closing = true;
      await Promise.all([...all].map(discard));
    },
  };
}
