import type { RefObject } from 'react';
import type { SqlEditorHandle } from '../../../ui/sql-editor/sql-editor';

export interface DraftOptions {
  readonly draftId: string | undefined;
  readonly editor: RefObject<SqlEditorHandle | null>;
  readonly initialSql: string;
}

/** A tab's text, kept while it is written, and the file that it belongs to. */
export interface TabDraft {
  /** The text to begin with; null until it is known. */
  readonly text: string | null;
  /** Name of the file; empty is none. */
  readonly fileName: string;
  /** Told of every change. */
  changed(text: string): void;
}

export function useDraft({ initialSql }: DraftOptions): TabDraft {
  return { text: initialSql, fileName: '', changed: () => undefined };
}
