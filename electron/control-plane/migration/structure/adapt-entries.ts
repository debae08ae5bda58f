import type { PlannedDatabase } from '../plan-model';
import type { StructureEntry } from './entry';

export interface AdaptOptions {
  readonly plan: PlannedDatabase;
  /** `server_version_num`, e.g. 150020. */
  readonly sourceVersionNum: number;
  readonly targetVersionNum: number;
  readonly keepOwners: boolean;
  readonly keepPrivileges: boolean;
}

export interface Adapted {
  readonly entries: StructureEntry[];
  /** What the target cannot have, with the reason in one sentence. */
  readonly refused: { readonly entry: StructureEntry; readonly reason: string }[];
  /** What was written differently, in sentences. */
  readonly notes: string[];
}

/** Writes entries as the target wants them. */
export function adaptEntries(entries: readonly StructureEntry[], _options: AdaptOptions): Adapted {
  return { entries: [...entries], refused: [], notes: [] };
}
