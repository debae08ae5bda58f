export const COMPLETION_KINDS = [
  'keyword',
  'schema',
  'table',
  'view',
  'column',
  'function',
  'type',
  'alias',
  'cte',
  'variable',
  'database',
  'role',
  'setting',
  'snippet',
  'join',
] as const;
export type CompletionKind = (typeof COMPLETION_KINDS)[number];

/** One thing that can stand at the cursor. */
export interface CompletionItem {
  readonly kind: CompletionKind;
  /** What the list shows. */
  readonly label: string;
  /** What is put in place of the word at the cursor: quoted and qualified as need be. */
  readonly insert: string;
  /** e.g. a column's type, a function's arguments. */
  readonly detail: string;
  /** Best first: smaller is better. */
  readonly rank: number;
}

export interface Completion {
  readonly items: readonly CompletionItem[];
  /** The part of the text that an item replaces: UTF-16 offsets, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** More fit than are listed: ask again with the next character. */
  readonly more: boolean;
  /** Names of the database are still being read. */
  readonly loading: boolean;
}

/** What a name in a statement means. */
export interface NameMeaning {
  /** The name by which the object is found that it leads to, with its schema; null for what only the statement knows. */
  readonly path: readonly string[] | null;
  /** A line for each form, e.g. of a column `total numeric`, of a function `f(a integer) → text`; none for what has columns. */
  readonly lines: readonly string[];
  /** Of a relation, an alias or an expression of WITH. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}
