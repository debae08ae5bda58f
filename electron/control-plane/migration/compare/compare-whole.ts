import { setTimeout as pause } from 'node:timers/promises';
import { awaitFlow } from './await-flow';
import type { Flow } from './compare-model';
import { sumsOf, type Pair, type Readers } from './find-differences';
import { ALL, sameSums, type Sums } from './side-reader';

const LOOKS = 5;
const PAUSE_MS = 500;

export interface WholeResult {
  readonly source: Sums;
  readonly target: Sums;
  /** `restless`: it was changed at every look. */
  readonly outcome: 'equal' | 'different' | 'restless';
}

/**
 * Compares a table by one statement on each side: all that can be done for one without a key, and for counts. While changes flow it is looked at
 * until both agree, or until the side that is written to has not changed it during two looks.
 */
export async function compareWhole(
  pair: Pair,
  readers: Readers,
  lag: { readonly flow: Flow; readonly patienceMs: number } | null,
  signal: AbortSignal,
): Promise<WholeResult> {
  const first = await sumsOf(pair, readers, ALL, signal);
  if (sameSums(first.source, first.target)) return { ...first, outcome: 'equal' };
  if (!lag) return { ...first, outcome: 'different' };
  const { flow, patienceMs } = lag;
  const to = flow.from === 'source' ? 'target' : 'source';
  let last = first;
  let steady = 0;
  for (let look = 1; look <= LOOKS; look += 1) {
    if (look > 1) await pause(PAUSE_MS * look, undefined, { signal }).catch(() => undefined);
    const before = await readers[flow.from].sums(pair[flow.from], ALL, signal);
    await awaitFlow(flow, patienceMs, signal);
    const copy = await readers[to].sums(pair[to], ALL, signal);
    const after = await readers[flow.from].sums(pair[flow.from], ALL, signal);
    const matched = [before, after].find((each) => sameSums(each, copy));
    last =
      flow.from === 'source' ? { source: matched ?? after, target: copy } : { source: copy, target: matched ?? after };
    if (matched) return { ...last, outcome: 'equal' };
    steady = sameSums(before, after) ? steady + 1 : 0;
    if (steady === 2) return { ...last, outcome: 'different' };
  }
  return { ...last, outcome: steady > 0 ? 'different' : 'restless' };
}
