/** Kinds of tree nodes that stand for a thing of the server. */
export const OBJECT_KINDS = [
  'database',
  'role',
  'tablespace',
  'replica',
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
  'collation',
  'conversion',
  'operator',
  'operator-class',
  'operator-family',
  'text-search-configuration',
  'text-search-dictionary',
  'text-search-parser',
  'text-search-template',
  'statistics-object',
  'extension',
  'cast',
  'transform',
  'access-method',
  'event-trigger',
  'foreign-data-wrapper',
  'foreign-server',
  'user-mapping',
  'language',
  'publication',
  'subscription',
  'column',
  'constraint',
  'index',
  'trigger',
  'rule',
  'policy',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** Folders of the tree, named by what they hold. */
export const FOLDER_KINDS = [
  'databases',
  'roles',
  'tablespaces',
  'replicas',
  'schemas',
  'catalogs',
  'extensions',
  'casts',
  'transforms',
  'access-methods',
  'event-triggers',
  'foreign-data-wrappers',
  'foreign-servers',
  'user-mappings',
  'languages',
  'publications',
  'subscriptions',
  'tables',
  'foreign-tables',
  'views',
  'materialized-views',
  'sequences',
  'functions',
  'procedures',
  'aggregates',
  'trigger-functions',
  'types',
  'domains',
  'domain-constraints',
  'collations',
  'conversions',
  'operators',
  'operator-classes',
  'operator-families',
  'text-search-configurations',
  'text-search-dictionaries',
  'text-search-parsers',
  'text-search-templates',
  'statistics-objects',
  'columns',
  'constraints',
  'indexes',
  'triggers',
  'rules',
  'policies',
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

/** The things of one folder as a grid. */
export interface Listing {
  /** Keys in the translations of `catalog.columns`; the name is the first. */
  readonly columns: readonly string[];
  readonly rows: readonly ListingRow[];
}

export interface ListingRow {
  readonly ref: ObjectRef;
  readonly mark: string;
  /** One text for each column; empty is none. */
  readonly cells: readonly string[];
}

/** Something that an object needs, or that needs it. */
export interface RelatedObject {
  /** Null for parts that have no node of their own, e.g. a column's default. */
  readonly ref: ObjectRef | null;
  /** As the server describes it, e.g. `column total of table sales.orders`. */
  readonly text: string;
  /** `deptype` of pg_depend or pg_shdepend: n, a, i, e, x, p, P, S, o, a, r, t. */
  readonly how: string;
}

/** The most statements of one run. */
export const MAX_STATEMENTS = 20_000;

/** One statement ready to run, without a semicolon at its end. */
export interface Statement {
  readonly sql: string;
  /** It runs outside of any transaction block, alone, e.g. CREATE DATABASE. */
  readonly outside?: true | undefined;
}

/** What dropping would do. */
export interface DropPlan {
  readonly statements: readonly Statement[];
  /** What falls with the objects (CASCADE), or keeps them from being dropped. */
  readonly falls: readonly RelatedObject[];
  /** How many others fall that `falls` does not tell; absent is none. */
  readonly more?: number | undefined;
}

/** One place where a text was found. */
export interface FoundObject {
  readonly node: TreeNode;
  /** What it is a part of, e.g. the table of a column; null for none. */
  readonly parent: ObjectRef | null;
  /** The line of a body or comment that holds the text; empty when the name does. */
  readonly line: string;
}
