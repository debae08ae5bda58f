import { setTimeout as pause } from 'node:timers/promises';
import { awaitFlow } from './await-flow';
import type { Flow } from './compare-model';
import { differing, hashesOf, indexRows, type Candidate, type Pair, type Readers } from './find-differences';

/** Looks at rows that seem to differ while changes flow. */
const LOOKS = 5;
const PAUSE_MS = 200;

export interface Settled {
  /** Differ although nothing changes them. */
  readonly different: readonly Candidate[];
  /** Were changed at every look. */
  readonly restless: readonly Candidate[];
}

/**
 * Looks again at rows that seem to differ: what the other side has after it has applied everything that was written by then must be what the
 * side that is written to had before or has after. A row counts as different when it stayed the same in between twice in a row.
 */
export async function settleDifferences(
  pair: Pair,
  readers: Readers,
  candidates: readonly Candidate[],
  flow: Flow,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Settled> {
  const { from } = flow;
  const to = from === 'source' ? 'target' : 'source';
  const steadyBefore = new Set<string>();
  const different: Candidate[] = [];
  let pending = [...candidates];
  for (let look = 1; look <= LOOKS && pending.length > 0; look += 1) {
    if (look > 1) await pause(PAUSE_MS * look, undefined, { signal }).catch(() => undefined);
    const keys = pending.map(({ key }) => key);
    const before = await readers[from].lookUp(pair[from], keys, signal);
    await awaitFlow(flow, patienceMs, signal);
    const copy = await readers[to].lookUp(pair[to], keys, signal);
    const after = await readers[from].lookUp(pair[from], keys, signal);
    const [was, has, is] = [indexRows(before), indexRows(copy), indexRows(after)];
    const now = from === 'source' ? differing(after, copy) : differing(copy, after);
    const kinds = new Map(now.map((each) => [each.id, each.kind]));
    pending = pending.filter(({ id, key }) => {
      const [first, middle, last] = [hashesOf(was.get(id)), hashesOf(has.get(id)), hashesOf(is.get(id))];
      if (middle === first || middle === last) return false;
      if (first !== last) {
        steadyBefore.delete(id);
        return true;
      }
      if (!steadyBefore.has(id) && look < LOOKS) {
        steadyBefore.add(id);
        return true;
      }
      different.push({ id, key, kind: kinds.get(id) ?? 'changed' });
      return false;
    });
  }
  return { different, restless: pending };
}
