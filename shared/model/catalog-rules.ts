import type { FolderKind, ObjectKind, ObjectRef } from './catalog';
import { quoteQualified } from './quote';

const RELATION_FOLDERS: readonly FolderKind[] = [
  'columns',
  'constraints',
  'indexes',
  'policies',
  'rules',
  'triggers',
  'statistics-objects',
];

const FOLDERS: Readonly<Partial<Record<ObjectKind | 'server', readonly FolderKind[]>>> = {
  server: ['databases', 'roles', 'tablespaces', 'replicas'],
  database: [
    'schemas',
    'catalogs',
    'extensions',
    'casts',
    'event-triggers',
    'foreign-data-wrappers',
    'languages',
    'publications',
    'subscriptions',
    'transforms',
    'access-methods',
  ],
  schema: [
    'tables',
    'foreign-tables',
    'views',
    'materialized-views',
    'sequences',
    'functions',
    'procedures',
    'trigger-functions',
    'aggregates',
    'types',
    'domains',
    'collations',
    'conversions',
    'operators',
    'operator-classes',
    'operator-families',
    'statistics-objects',
    'text-search-configurations',
    'text-search-dictionaries',
    'text-search-parsers',
    'text-search-templates',
  ],
  table: [...RELATION_FOLDERS, 'partitions'],
  'foreign-table': ['columns', 'constraints', 'triggers', 'statistics-objects'],
  view: ['columns', 'rules', 'triggers'],
  'materialized-view': ['columns', 'indexes', 'statistics-objects'],
  domain: ['domain-constraints'],
  'foreign-data-wrapper': ['foreign-servers'],
  'foreign-server': ['user-mappings'],
};

/** Folders that a kind can have, in the order shown; `server` is the root of a server. Empty for leaves. */
export const foldersOf = (kind: ObjectKind | 'server'): readonly FolderKind[] => FOLDERS[kind] ?? [];

const WITH_ROWS = new Set<ObjectKind>(['table', 'foreign-table', 'view', 'materialized-view']);

/** Whether one can SELECT from it. */
export const hasRows = (kind: ObjectKind): boolean => WITH_ROWS.has(kind);

/** Kinds whose statements can be shown: all but replicas, which are no thing of this server. */
export const hasDdl = (kind: ObjectKind): boolean => kind !== 'replica';

const OF_SERVER: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema', 'pg_toast']);

/** Whether it is one of the schemas that the server itself fills, or stands in one: nothing there is made, changed or dropped by hand. */
export const isOfServer = ({ kind, schema, name }: ObjectRef): boolean =>
  OF_SERVER.has(kind === 'schema' ? name : schema);

/** How the columns of grids and listings are shown; those that aren't named are text. */
const COLUMN_FORMATS: Readonly<Partial<Record<string, ColumnFormat>>> = {
  size: 'bytes',
  tableSize: 'bytes',
  indexesSize: 'bytes',
  totalSize: 'bytes',
  estimatedSize: 'bytes',
  number: 'count',
  estimatedRows: 'count',
  deadRows: 'count',
  indexScans: 'count',
  entriesRead: 'count',
  indexRows: 'count',
  averageWidth: 'count',
  count: 'count',
  tables: 'count',
  statisticsTarget: 'count',
  notNull: 'boolean',
  validated: 'boolean',
  valid: 'boolean',
  admin: 'boolean',
  inherit: 'boolean',
  set: 'boolean',
  isDefault: 'boolean',
  primaryKey: 'boolean',
  unique: 'boolean',
  partitioned: 'boolean',
  populated: 'boolean',
  trusted: 'boolean',
  allTables: 'boolean',
  active: 'boolean',
  canLogin: 'boolean',
  superuser: 'boolean',
  createDatabases: 'boolean',
  createRoles: 'boolean',
  replication: 'boolean',
  bypassRls: 'boolean',
  validUntil: 'time',
  lastMessageSent: 'time',
  lastMessageReceived: 'time',
};
export type ColumnFormat = 'text' | 'bytes' | 'count' | 'boolean' | 'time';

/** How the values of a column (a key of `catalog.columns`) are to be read: bytes and counts are whole numbers, times are ISO 8601. */
export const columnFormat = (column: string): ColumnFormat => COLUMN_FORMATS[column] ?? 'text';

/** First rows of a relation, ready to run. */
export const selectScript = (object: ObjectRef, rows: number): string =>
  `SELECT *\n  FROM ${quoteQualified(object.schema, object.name)}\n LIMIT ${rows};\n`;

/** `schema.name` as a person reads it, unquoted. */
export const displayName = (object: ObjectRef): string =>
  object.schema === '' ? object.name : `${object.schema}.${object.name}`;
