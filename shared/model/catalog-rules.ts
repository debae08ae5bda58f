import type { FolderKind, ObjectKind, ObjectRef } from './catalog';
import { quoteQualified } from './quote';

const RELATION_FOLDERS: readonly FolderKind[] = ['columns', 'constraints', 'indexes', 'triggers'];

const FOLDERS: Readonly<Partial<Record<ObjectKind | 'server', readonly FolderKind[]>>> = {
  server: ['databases', 'roles', 'tablespaces'],
  database: ['schemas', 'extensions'],
  schema: ['tables', 'foreign-tables', 'views', 'materialized-views', 'sequences', 'functions', 'types', 'domains'],
  table: [...RELATION_FOLDERS, 'partitions'],
  'foreign-table': ['columns', 'constraints', 'triggers'],
  view: ['columns', 'triggers'],
  'materialized-view': ['columns', 'indexes'],
};

/** Folders that a kind can have, in the order shown; `server` is the root of a server. Empty for leaves. */
export const foldersOf = (kind: ObjectKind | 'server'): readonly FolderKind[] => FOLDERS[kind] ?? [];

const WITH_ROWS = new Set<ObjectKind>(['table', 'foreign-table', 'view', 'materialized-view']);

/** Whether one can SELECT from it. */
export const hasRows = (kind: ObjectKind): boolean => WITH_ROWS.has(kind);

const WITH_DDL = new Set<ObjectKind>([
  'schema',
  'extension',
  'table',
  'foreign-table',
  'view',
  'materialized-view',
  'sequence',
  'function',
  'procedure',
  'aggregate',
  'trigger-function',
  'type',
  'domain',
  'constraint',
  'index',
  'trigger',
]);

/** Kinds whose statements can be shown. */
export const hasDdl = (kind: ObjectKind): boolean => WITH_DDL.has(kind);

/** First rows of a relation, ready to run. */
export const selectScript = (object: ObjectRef, rows: number): string =>
  `SELECT *\n  FROM ${quoteQualified(object.schema, object.name)}\n LIMIT ${rows};\n`;

/** `schema.name` as a person reads it, unquoted. */
export const displayName = (object: ObjectRef): string =>
  object.schema === '' ? object.name : `${object.schema}.${object.name}`;
