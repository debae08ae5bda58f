import type { CompareView, RowDifference, TableCompare } from '../../../../shared/model/migration-api';
import {
  type CompareMode,
  type CompareResult,
  type CompareStatus,
  type JobStatus,
} from '../../../../shared/model/migration-words';
import type { Tone } from '../../../ui/status-pill';

export const TONE_OF_COMPARE: Readonly<Record<CompareStatus, Tone>> = {
  created: 'neutral',
  readyRun: 'busy',
  running: 'busy',
  success: 'ok',
  stopping: 'busy',
  failed: 'error',
  canceled: 'neutral',
};

export const TONE_OF_RESULT: Readonly<Record<CompareResult, Tone>> = {
  waiting: 'neutral',
  comparing: 'busy',
  equal: 'ok',
  different: 'error',
  unfit: 'warn',
  failed: 'error',
};

export const TONE_OF_DIFFERENCE: Readonly<Record<RowDifference['kind'], Tone>> = {
  missing: 'error',
  extra: 'warn',
  changed: 'error',
};

/** Whether it still looks, or is about to. */
export const isComparing = ({ status }: Pick<CompareView, 'status'>): boolean =>
  status === 'readyRun' || status === 'running' || status === 'stopping';

/** What a comparison has found, in one word. `unknown`: it has not come to an end. */
export type Verdict = 'equal' | 'different' | 'partly' | 'unknown';

/** `partly`: nothing differs, but not everything could be compared. */
export function verdictOf(compare: Pick<CompareView, 'status' | 'different' | 'failed'>): Verdict {
  if (compare.different > 0) return 'different';
  if (compare.status !== 'success') return 'unknown';
  return compare.failed > 0 ? 'partly' : 'equal';
}

export const TONE_OF_VERDICT: Readonly<Record<Verdict, Tone>> = {
  equal: 'ok',
  different: 'error',
  partly: 'warn',
  unknown: 'neutral',
};

/** Newest first. */
export const newestFirst = (compares: readonly CompareView[]): CompareView[] =>
  compares.toSorted((a, b) => b.createdAt - a.createdAt);

const COMPARABLE: ReadonlySet<JobStatus> = new Set([
  'running',
  'readyComplete',
  'completing',
  'guarding',
  'manualPaused',
  'failed',
  'success',
]);

/** Whether the task has rows on its target that can be compared. */
export const mayCompare = ({ status, isolated }: { readonly status: JobStatus; readonly isolated: boolean }): boolean =>
  !isolated && COMPARABLE.has(status);

export interface TableName {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
}

export const keyOf = ({ database, schema, name }: TableName): string => JSON.stringify([database, schema, name]);

/** What stands in the dialog. */
export interface CompareDraft {
  readonly name: string;
  readonly mode: CompareMode;
  readonly samplePercent: number | string;
  readonly all: boolean;
  readonly tables: readonly TableName[];
}

export const NEW_COMPARE: CompareDraft = { name: '', mode: 'full', samplePercent: 10, all: true, tables: [] };

/** Per cent that can be told: whole, 1 to 100. */
export const isPercent = (value: number | string): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100;

export const isReady = ({ mode, samplePercent, all, tables }: CompareDraft): boolean =>
  (mode !== 'sample' || isPercent(samplePercent)) && (all || tables.length > 0);

/**
 * The comparison as main takes it. Only for a draft that is ready.
 * @param otherwise its name when none was given
 */
export const compareOf = (id: string, { name, mode, samplePercent, all, tables }: CompareDraft, otherwise: string) => ({
  id,
  name: name.trim() === '' ? otherwise : name.trim(),
  mode,
  samplePercent: mode === 'sample' ? Number(samplePercent) : 10,
  tables: all ? [] : tables.map((table) => ({ database: table.database, schema: table.schema, name: table.name })),
});

/** `id = 7, day = NULL`. */
export const keyText = (key: RowDifference['key']): string =>
  key.map(({ column, value }) => `${column} = ${value ?? 'NULL'}`).join(', ');

/** Rows of both sides as they were counted; null while nobody has. */
export const hasCounts = ({ sourceRows, targetRows }: Pick<TableCompare, 'sourceRows' | 'targetRows'>): boolean =>
  sourceRows !== null && targetRows !== null;
