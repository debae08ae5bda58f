import type { RefObject } from 'react';
import type { SqlEditorHandle } from '../../../ui/sql-editor/sql-editor';
import type { TabDraft } from './use-draft';

export interface LibraryMenuProps {
  readonly editor: RefObject<SqlEditorHandle | null>;
  readonly draft: TabDraft;
  readonly serverId: string;
  readonly database: string;
  /** Runs a text, e.g. of a macro. */
  readonly onRun: (sql: string) => void;
}

/** Of the run bar: files, saved queries, history, macros, snippets. */
export function LibraryMenu(_props: LibraryMenuProps) {
  return null;
}
