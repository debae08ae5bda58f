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
