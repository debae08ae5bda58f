import type { ErrorInfo } from '../errors';

/** What a file was recognised as, from its content. */
export type DumpKind = 'plain' | 'custom' | 'tar' | 'directory' | 'unknown';
export type Compression = 'none' | 'gzip';

export interface DumpPreview {
  readonly fileName: string;
  readonly kind: DumpKind;
  /** Why the file cannot be imported as it is and what to do; empty otherwise. */
  readonly problem: string;
  readonly compression: Compression;
  /** Bytes on disk. */
  readonly sizeBytes: number;
  /** The encoding the dump names (`client_encoding`), else what the bytes are; empty when unknown. */
  readonly encoding: string;
  /** Whether the encoding was named by the dump. */
  readonly encodingStated: boolean;
  /** e.g. `15.2`; empty when the dump does not say. */
  readonly serverVersion: string;
  readonly dumpVersion: string;
  /** Schemas, tables, roles and extensions that the dump names (of plain dumps: as far as read). */
  readonly schemas: readonly string[];
  readonly tables: readonly string[];
  readonly roles: readonly string[];
  readonly extensions: readonly string[];
  /** Extensions whose types the tables use though the dump does not create them. */
  readonly typesOf: readonly string[];
  /** psql meta-commands that act outside the database (`\!`, `\copy … program`, `\i`, …), by line; refused unless allowed. */
  readonly unsafeLines: readonly { readonly line: number; readonly text: string }[];
  /** Databases that the script goes on in by itself (`\\connect`); empty for a dump of one database. */
  readonly connects: readonly string[];
  /** Whether the whole file was read for the lists above. */
  readonly scannedAll: boolean;
}

export type FindingLevel = 'ok' | 'warning' | 'blocking';

/** One check before anything runs. */
export interface Finding {
  /** Key in the translations of `transfer.findings`: encoding, version, tools, extensions, roles, disk, same-names, privileges, source, unsafe-commands. */
  readonly key: string;
  readonly level: FindingLevel;
  /** What was found, with the names. */
  readonly found: string;
  /** What to do; empty when ok. */
  readonly fix: string;
}

export const IMPORT_CONTENTS = ['all', 'structure', 'data'] as const;
export type ImportContent = (typeof IMPORT_CONTENTS)[number];

/** Rows and objects of one table or kind, source beside target. Null is not known. */
export interface ReportRow {
  readonly schema: string;
  readonly name: string;
  readonly sourceRows: number | null;
  readonly targetRows: number | null;
}

export interface SkippedStatement {
  /** 1-based line in the script; 0 when unknown. */
  readonly line: number;
  readonly statement: string;
  readonly message: string;
  readonly sqlstate: string;
  /** True for owner and privilege statements that may be ignored. */
  readonly harmless: boolean;
}

export interface ImportReport {
  readonly taskId: string;
  readonly outcome: 'succeeded' | 'succeeded-with-errors' | 'failed' | 'cancelled';
  readonly error: ErrorInfo | null;
  readonly tables: readonly ReportRow[];
  /** Objects of each kind in the target now, source beside it when known. */
  readonly objects: readonly { readonly kind: string; readonly source: number | null; readonly target: number }[];
  /** At most the first 1,000 of each sort; `counts` has all. */
  readonly skipped: readonly SkippedStatement[];
  readonly counts: { readonly errors: number; readonly harmless: number; readonly warnings: number };
  /** What was left out or rewritten on purpose, with how many statements: owners, privileges, settings the target does not know. */
  readonly adapted: readonly { readonly reason: string; readonly count: number }[];
  /** Command lines that ran, without secrets. */
  readonly commands: readonly string[];
  /** What is in the target now, in one sentence; never empty after a failure. */
  readonly targetState: string;
  readonly seconds: number;
  /** Whether *Undo* can drop what this import made. */
  readonly canUndo: boolean;
}

/** A client program of one installation. */
export interface ClientTool {
  readonly name: 'pg_dump' | 'pg_restore' | 'psql' | 'pg_dumpall';
  readonly path: string;
  /** e.g. `15.20`. */
  readonly version: string;
  readonly major: number;
  readonly origin: 'path' | 'distribution' | 'chosen' | 'embedded';
}
