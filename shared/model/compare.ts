import type { ShapeObject } from './compare-shape';

export const COMPARE_STATES = ['only-source', 'only-target', 'different', 'equal'] as const;
export type CompareState = (typeof COMPARE_STATES)[number];

/** What a comparison doesn't look at. */
export interface CompareOptions {
  readonly ignoreOwners: boolean;
  readonly ignorePrivileges: boolean;
  readonly ignoreComments: boolean;
  readonly ignoreTablespaces: boolean;
  /** The order of columns can't be altered: unless it is ignored, a table that differs in nothing else stays different. */
  readonly ignoreColumnOrder: boolean;
  readonly ignoreStorageOptions: boolean;
  readonly ignoreExtensionVersions: boolean;
}

export const DEFAULT_COMPARE_OPTIONS: CompareOptions = {
  ignoreOwners: false,
  ignorePrivileges: false,
  ignoreComments: false,
  ignoreTablespaces: false,
  ignoreColumnOrder: true,
  ignoreStorageOptions: false,
  ignoreExtensionVersions: false,
};

/** One object of either side. */
export interface CompareItem {
  readonly key: string;
  readonly object: ShapeObject;
  readonly state: CompareState;
}

/** Why a statement wants a second look. `loss`: rows or values may go; `rebuild`: a thing is dropped and made anew. */
export type ScriptMark = 'loss' | 'rebuild';

export interface ScriptStatement {
  /** With its semicolon. */
  readonly sql: string;
  /** Runs alone, before the transaction. */
  readonly outside?: true | undefined;
  readonly mark?: ScriptMark | undefined;
  /** Key of the object that it is for; empty for settings of the script. */
  readonly item: string;
}

/** What a person must know of a script. `code` is a key of the translations `compare.warnings`, `name` what it is about. */
export interface ScriptWarning {
  readonly code:
    | 'column-order'
    | 'not-null'
    | 'needs-table'
    | 'enum-label'
    | 'narrowing'
    | 'drop-column'
    | 'drop-table'
    | 'name-taken'
    | 'left-out'
    | 'column-kept'
    | 'subscription';
  readonly name: string;
}

export interface SyncScript {
  readonly statements: readonly ScriptStatement[];
  readonly warnings: readonly ScriptWarning[];
}

/** A script as one text, in a transaction but for what can't be. */
export function scriptText({ statements }: SyncScript): string {
  if (statements.length === 0) return '';
  const outside = statements.filter((each) => each.outside === true).map(({ sql }) => sql);
  const inside = statements.filter((each) => each.outside !== true).map(({ sql }) => sql);
  return `${[...outside, ...(inside.length > 0 ? ['BEGIN;', ...inside, 'COMMIT;'] : [])].join('\n')}\n`;
}

/** A row that differs. Values are the server's text; null is NULL. */
export interface DataDifference {
  readonly kind: 'only-source' | 'only-target' | 'changed';
  readonly source: readonly (string | null)[] | null;
  readonly target: readonly (string | null)[] | null;
}

export interface DataResult {
  readonly columns: readonly string[];
  /** Columns of the key that rows are matched by. */
  readonly key: readonly string[];
  readonly onlySource: number;
  readonly onlyTarget: number;
  readonly changed: number;
  readonly equal: number;
  /** The first of them, in the order of the key. */
  readonly rows: readonly DataDifference[];
  readonly more: boolean;
}

/** A table of both sides. `reason` is a key of the translations `compare.data.reasons`; empty: it can be compared. */
export interface DataTable {
  readonly schema: string;
  readonly name: string;
  readonly key: readonly string[];
  readonly reason: '' | 'no-key' | 'different-columns';
}
