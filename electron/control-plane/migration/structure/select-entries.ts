import type { PlannedDatabase } from '../plan-model';
import type { StructureEntry } from './entry';

/** They would start to follow, or to be followed, at once: setting them up is a decision of its own. */
const NEVER = /^(?:PUBLICATION|SUBSCRIPTION)/;

/** The entries that travel. Publications and subscriptions never do. */
export function selectEntries(entries: readonly StructureEntry[], plan: PlannedDatabase): StructureEntry[] {
  const possible = entries.filter(({ kind }) => !NEVER.test(kind));
  return possible.filter(() => plan.whole);
}
