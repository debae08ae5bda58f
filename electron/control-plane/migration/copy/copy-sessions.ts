import { AppError } from '../../../../shared/errors';
import type { CopySession } from '../../../adapters/postgres/copy-session';

/** A session at each end; neither is in a transaction. */
export interface CopyPair {
  readonly source: CopySession;
  readonly target: CopySession;
  /** Bytes that went through so far. */
  moved: number;
  /** Whether rows flow, or should. */
  flowing: boolean;
}

export interface CopySessions {
  /** Lends a pair to the work and takes it back; a pair whose work failed is closed, so that the next one finds clean sessions. */
  use<T>(work: (pair: CopyPair) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface CopySessionsOptions {
  readonly openSource: () => Promise<CopySession>;
  readonly openTarget: () => Promise<CopySession>;
  /** Hears of every pair that is opened; the answer is called when it is closed. */
  readonly onPair?: (pair: CopyPair) => () => void;
}

/** A side that was opened is closed again when the other one cannot be. */
async function openBoth({ openSource, openTarget }: CopySessionsOptions): Promise<[CopySession, CopySession]> {
  const [source, target] = await Promise.allSettled([openSource(), openTarget()]);
  if (source.status === 'fulfilled' && target.status === 'fulfilled') return [source.value, target.value];
  if (source.status === 'fulfilled') await source.value.end();
  if (target.status === 'fulfilled') await target.value.end();
  throw source.status === 'rejected' ? source.reason : target.status === 'rejected' ? target.reason : undefined;
}

/** Keeps sessions open between tables: a database of ten thousand small ones would spend its time in logins. */
export function createCopySessions(options: CopySessionsOptions): CopySessions {
  const idle: CopyPair[] = [];
  const all = new Map<CopyPair, () => void>();
  let closing = false;

  const openPair = async (): Promise<CopyPair> => {
    const [source, target] = await openBoth(options);
    const pair: CopyPair = { source, target, moved: 0, flowing: false };
    all.set(pair, options.onPair?.(pair) ?? (() => undefined));
    if (closing) await discard(pair);
    return pair;
  };
  const discard = async (pair: CopyPair): Promise<void> => {
    all.get(pair)?.();
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
      await Promise.all([...all.keys()].map(discard));
    },
  };
}
