import type { CompareSide, DatabaseSide } from '../../../shared/contract/compare';
import { COMPARE_STATES, type CompareItem, type CompareState, type DataResult } from '../../../shared/model/compare';

/** One side as a person fills it in. */
export interface SideDraft {
  readonly kind: 'database' | 'schema' | 'file';
  readonly serverId: string;
  readonly database: string;
  readonly schema: string;
  readonly file: { readonly token: string; readonly name: string } | null;
}

export const NEW_SIDE: SideDraft = { kind: 'database', serverId: '', database: '', schema: '', file: null };

/** The side as main takes it; null while something is missing. A file without a server of its own is loaded on that of the other side. */
export function sideOf(draft: SideDraft, other: SideDraft): CompareSide | null {
  const { kind, serverId, database, schema, file } = draft;
  if (kind === 'file') {
    const scratchServerId = serverId || other.serverId;
    if (!file || scratchServerId === '') return null;
    return {
      kind,
      fileToken: file.token,
      scratchServerId,
      schema: other.kind === 'schema' ? other.schema || null : null,
    };
  }
  return databaseSide({ ...draft, serverId, database, schema });
}

/** A database or schema; null for a file and while something is missing. */
export function databaseSide({ kind, serverId, database, schema }: SideDraft): DatabaseSide | null {
  if (kind === 'file' || serverId === '' || database === '' || (kind === 'schema' && schema === '')) return null;
  return { kind: 'database', serverId, database, schema: kind === 'schema' ? schema : null };
}

/** Whether the two can be compared: a schema with a schema or a file, a database with a database or a file. */
export const fits = (source: SideDraft, target: SideDraft): boolean =>
  source.kind === target.kind || source.kind === 'file' || target.kind === 'file';

/** Whether a comparison of the two can begin. */
export const isReady = ([source, target]: readonly [SideDraft, SideDraft]): boolean =>
  fits(source, target) && sideOf(source, target) !== null && sideOf(target, source) !== null;

/** What a list shows. */
export interface ListFilter {
  readonly text: string;
  readonly states: readonly CompareState[];
  /** Empty: all. */
  readonly kinds: readonly string[];
}

export const DIFFERENT_STATES = COMPARE_STATES.filter((state) => state !== 'equal');

/** The name of an object with its schema and table. */
export const nameOf = ({ object }: CompareItem): string =>
  [object.schema, object.table ?? '', object.name].filter((part) => part !== '').join('.');

export function filtered(items: readonly CompareItem[], { text, states, kinds }: ListFilter): CompareItem[] {
  const wanted = text.trim().toLowerCase();
  return items.filter(
    (item) =>
      states.includes(item.state) &&
      (kinds.length === 0 || kinds.includes(item.object.kind)) &&
      (wanted === '' || nameOf(item).toLowerCase().includes(wanted)),
  );
}

export function countStates(items: readonly CompareItem[]): Readonly<Record<CompareState, number>> {
  const counts = { 'only-source': 0, 'only-target': 0, different: 0, equal: 0 };
  for (const { state } of items) counts[state] += 1;
  return counts;
}

/** Two lines that stand beside each other; null where one side has none. */
export interface LinePair {
  readonly left: string | null;
  readonly right: string | null;
  readonly same: boolean;
}

/** Beyond so many lines on a side the middle is not aligned: it would take too long. */
const ALIGNED = 3000;

/** Puts two texts side by side, equal lines beside each other. */
export function pairLines(left: string, right: string): LinePair[] {
  const one = left === '' ? [] : left.split('\n');
  const two = right === '' ? [] : right.split('\n');
  let start = 0;
  while (start < one.length && start < two.length && one[start] === two[start]) start += 1;
  let end = 0;
  while (end < one.length - start && end < two.length - start && one.at(-1 - end) === two.at(-1 - end)) end += 1;
  const equal = (line: string): LinePair => ({ left: line, right: line, same: true });
  const middle = pairMiddle(one.slice(start, one.length - end), two.slice(start, two.length - end));
  return [...one.slice(0, start).map(equal), ...middle, ...one.slice(one.length - end).map(equal)];
}

function pairMiddle(one: readonly string[], two: readonly string[]): LinePair[] {
  const pairs: LinePair[] = [];
  let lefts: string[] = [];
  let rights: string[] = [];
  const flush = (): void => {
    for (let index = 0; index < Math.max(lefts.length, rights.length); index += 1) {
      pairs.push({ left: lefts[index] ?? null, right: rights[index] ?? null, same: false });
    }
    lefts = [];
    rights = [];
  };
  const isAligned = one.length * two.length <= ALIGNED * ALIGNED;
  const lengths = isAligned ? commonLengths(one, two) : null;
  let i = 0;
  let j = 0;
  while (i < one.length || j < two.length) {
    const [a, b] = [one[i], two[j]];
    if (a !== undefined && b !== undefined && a === b && lengths) {
      flush();
      pairs.push({ left: a, right: b, same: true });
      i += 1;
      j += 1;
    } else if (b === undefined || (a !== undefined && (lengths?.[i + 1]?.[j] ?? 0) >= (lengths?.[i]?.[j + 1] ?? 0))) {
      lefts.push(a ?? '');
      i += 1;
    } else {
      rights.push(b);
      j += 1;
    }
  }
  flush();
  return pairs;
}

/** `[i][j]`: how many lines the texts from there on have in common. */
function commonLengths(one: readonly string[], two: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: one.length + 1 }, () => new Uint16Array(two.length + 1));
  for (let i = one.length - 1; i >= 0; i -= 1) {
    const [row, below] = [rows[i], rows[i + 1]];
    if (!row || !below) continue;
    for (let j = two.length - 1; j >= 0; j -= 1) {
      row[j] = one[i] === two[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return rows;
}

/** Differing rows that the script of a table is about; those of the target alone only when they are removed. */
export const writtenRows = ({ onlySource, onlyTarget, changed }: DataResult, remove: boolean): number =>
  onlySource + changed + (remove ? onlyTarget : 0);
