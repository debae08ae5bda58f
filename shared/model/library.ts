/** One run of a text, as the history keeps it. */
export interface HistoryEntry {
  readonly id: string;
  readonly serverId: string;
  /** Name of the server when it ran. */
  readonly server: string;
  readonly database: string;
  readonly user: string;
  readonly sql: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds. */
  readonly ms: number;
  readonly outcome: 'done' | 'failed' | 'cancelled' | 'lost';
  /** Rows that came or were changed, of all statements. */
  readonly rows: number;
  /** The first error; empty when there was none. */
  readonly error: string;
}

/** A text that a person keeps under a name. */
export interface SavedQuery {
  readonly id: string;
  readonly name: string;
  /** Path of its folder, parts joined by `/`; empty is the top. */
  readonly folder: string;
  readonly sql: string;
  /** Null: for any server. */
  readonly serverId: string | null;
  readonly database: string;
  readonly changedAt: number;
}

/** A piece of text with places to fill in (`$1`, `${1:name}`), found by its prefix while typing. */
export interface Snippet {
  readonly id: string;
  readonly prefix: string;
  readonly name: string;
  readonly body: string;
}

/** SQL bound to keys. `$SELECTION$` stands for what is selected in the editor. */
export interface Macro {
  readonly id: string;
  readonly name: string;
  readonly sql: string;
  /** As in the keymap, e.g. `mod+alt+1`; empty is none. */
  readonly keys: string;
}

/** A file that a text belongs to. */
export interface TextFile {
  /** To write it, and to read it again. */
  readonly token: string;
  readonly name: string;
  readonly lineEnd: 'lf' | 'crlf';
}

/** The text of a query tab, kept so that it survives a crash. */
export interface Draft {
  readonly id: string;
  readonly text: string;
  /** Offset of the cursor. */
  readonly cursor: number;
  /** The file it belongs to; null is none. Tokens of a new run of the program. */
  readonly file: TextFile | null;
  /** Whether the text is other than the file's. */
  readonly changed: boolean;
}

/** A kept text of a tab that isn't there any more. */
export interface DraftInfo {
  readonly id: string;
  /** How it begins. */
  readonly head: string;
  /** UTF-16 units. */
  readonly length: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Name of the file it belongs to; empty is none. */
  readonly fileName: string;
}

/** A file that was opened or saved before. */
export interface RecentFile {
  readonly token: string;
  readonly name: string;
  /** Name of the folder that it is in. */
  readonly folder: string;
}

/** Stands for the selected text in a macro. */
export const SELECTION = '$SELECTION$';

/** What a macro runs where `selected` is selected. */
export const macroText = (sql: string, selected: string): string => sql.replaceAll(SELECTION, () => selected);
