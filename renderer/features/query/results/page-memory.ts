import type { ChartSpec } from '../../../../shared/model/chart';
import type { ResultMode } from './mode-switch';

/** How a result was looked at when its page was left. */
export interface PageMemory {
  readonly mode: ResultMode;
  readonly viewing: boolean;
  readonly chart: ChartSpec | null;
}

/** Results that are remembered: those looked at last. */
const MOST = 100;
const NEW: PageMemory = { mode: 'rows', viewing: false, chart: null };

const remembered = new Map<string, PageMemory>();
let last = NEW;

/**
 * How to show a result: as it was left, else anew. What was sorted or filtered is under a new id and goes on as it was; an open value stays open
 * for whatever comes next.
 */
export function recallPage(resultId: string, isArranged: boolean): PageMemory {
  const memory = remembered.get(resultId) ?? (isArranged ? last : { ...NEW, viewing: last.viewing });
  keep(resultId, memory);
  return memory;
}

export const rememberPage = (resultId: string, change: Partial<PageMemory>): void =>
  keep(resultId, { ...(remembered.get(resultId) ?? NEW), ...change });

function keep(resultId: string, memory: PageMemory): void {
  last = memory;
  remembered.delete(resultId);
  remembered.set(resultId, memory);
  const oldest = remembered.keys().next();
  if (remembered.size > MOST && !oldest.done) remembered.delete(oldest.value);
}
