/** Kinds of tree nodes that stand for a thing of the server. */
export const OBJECT_KINDS = [
  'database',
  'role',
  'tablespace',
  'schema',
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
  'extension',
  'column',
  'constraint',
  'index',
  'trigger',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** Folders of the tree, named by what they hold. */
export const FOLDER_KINDS = [
  'databases',
  'roles',
  'tablespaces',
  'schemas',
  'extensions',
  'tables',
  'foreign-tables',
  'views',
  'materialized-views',
  'sequences',
  'functions',
  'types',
  'domains',
  'columns',
  'constraints',
  'indexes',
  'triggers',
  'partitions',
] as const;
export type FolderKind = (typeof FOLDER_KINDS)[number];

/** Identifies one object of a server; `oid` is the identity, names are for showing and for scripts. */
export interface ObjectRef {
  readonly kind: ObjectKind;
  readonly oid: number;
  /** Schema of the object (or of its table); empty when it has none. */
  readonly schema: string;
  readonly name: string;
  /** For columns: attnum. Otherwise 0. */
  readonly sub: number;
}

/** One child in the tree, kept small: 50,000 of them cross the bridge at once. */
export interface TreeNode {
  readonly ref: ObjectRef;
  /** Text beside the name, e.g. a column's type or a function's arguments; empty is none. */
  readonly note: string;
  /** A short mark that chooses a variant of the icon: `pk`, `fk`, `unique`, `partitioned`, `login`, `invalid`, … ; empty is none. */
  readonly mark: string;
}

/** A list of named facts; `kind` chooses how the value is shown. */
export interface PropertyItem {
  /** Key in the translations of `catalog.properties`. */
  readonly key: string;
  readonly value: string;
  readonly kind: 'text' | 'bytes' | 'count' | 'boolean' | 'code' | 'time';
}

/** A small grid under the properties, e.g. the columns of a table. */
export interface PropertyGrid {
  /** Key in the translations of `catalog.grids`. */
  readonly key: string;
  /** Keys in the translations of `catalog.columns`. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface ObjectProperties {
  readonly items: readonly PropertyItem[];
  readonly grids: readonly PropertyGrid[];
}
