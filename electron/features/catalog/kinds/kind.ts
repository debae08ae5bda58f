import type { FolderKind, ObjectKind, PropertyItem } from '../../../../shared/model/catalog';

/** SQL by the first server version (`server_version_num`) that it is for, lowest first; the highest that fits is taken. */
export type VersionedSql = Readonly<Record<number, string>>;

/** The text for a server. Fails when the server is older than every entry. */
export function sqlFor(versions: VersionedSql, serverVersionNum: number): string {
  let found: string | undefined;
  for (const [from, sql] of Object.entries(versions)) {
    if (Number(from) <= serverVersionNum) found = sql;
  }
  if (found === undefined) throw new Error(`no SQL for server version ${serverVersionNum}`);
  return found;
}

/** The oldest server that the catalog knows. */
const OLDEST = 100_000;

/** One text for every server. */
export const always = (sql: string): VersionedSql => ({ [OLDEST]: sql });

/** Row of every list query. `kind` overrides the folder's kind. */
export interface ListRow {
  readonly oid: number;
  readonly name: string;
  readonly note: string;
  readonly mark: string;
  readonly sub: number;
  readonly kind: ObjectKind | null;
}

/**
 * What `$1` is in the list of a folder: whether system objects are shown (folders of a server and of a database), or the oid of the schema
 * or other object (a relation, a domain, a foreign server, …) that holds the things.
 */
export type Scope = 'server' | 'database' | 'schema' | 'object';

/** A small grid of an object's properties; parameters as in its `PropertiesDefinition`. Every column is shown as text (null is empty). */
export interface GridDefinition {
  /** Key in the translations of `catalog.grids`. */
  readonly key: string;
  /** Output columns of the query, in order; keys in the translations of `catalog.columns`. */
  readonly columns: readonly string[];
  readonly sql: VersionedSql;
}

/** Facts of one object: a query of one row whose columns are the item keys. `$1` is the oid, `$2` (columns only) the attribute number. */
export interface PropertiesDefinition {
  readonly sql: VersionedSql;
  /** In the order shown; items whose value is null are left out. */
  readonly items: readonly (readonly [key: string, kind: PropertyItem['kind']])[];
  readonly grids: readonly GridDefinition[];
  /** Facts that some accounts may not read: asked for, with the same parameters, only when the expression `allowed` is true. */
  readonly guarded?: {
    readonly allowed: string;
    readonly sql: VersionedSql;
    readonly items: PropertiesDefinition['items'];
  };
}

/** One kind of object: how it is listed and counted, and what is told of one. */
export interface KindDefinition {
  readonly folder: FolderKind;
  /** Of rows that don't name their own. */
  readonly kind: ObjectKind;
  readonly scope: Scope;
  /** The folder is in the tree only when something is in it: most databases have nothing of the kind. */
  readonly rare?: true;
  /** Output columns of the list: those of `ListRow` that aren't empty. */
  readonly select: VersionedSql;
  /** FROM and WHERE; shared by list and count so that they always agree. */
  readonly from: VersionedSql;
  /** In place of `from` under parents of these kinds. */
  readonly fromWithin?: Readonly<Partial<Record<ObjectKind, VersionedSql>>>;
  readonly order: string;
  readonly properties: Readonly<Partial<Record<ObjectKind, PropertiesDefinition>>>;
}

/** FROM and WHERE of a folder under a parent; null is the server. */
const fromSql = (definition: KindDefinition, parent: ObjectKind | null, version: number): string =>
  sqlFor((parent && definition.fromWithin?.[parent]) ?? definition.from, version);

/** List query of a folder; `more` are further output columns. */
export const listSql = (
  definition: KindDefinition,
  parent: ObjectKind | null,
  version: number,
  more: readonly string[] = [],
): string =>
  `SELECT ${[sqlFor(definition.select, version), ...more].join(', ')} ${fromSql(definition, parent, version)} ORDER BY ${definition.order}`;

/** Number of things in a folder, as an expression. */
export const countSql = (definition: KindDefinition, parent: ObjectKind | null, version: number): string =>
  `(SELECT count(*) ${fromSql(definition, parent, version)})::int4`;

/** Rows of a grid in their order, as an expression: an array of arrays of text, null for none. */
export const gridSql = (grid: GridDefinition, version: number): string => {
  const cells = grid.columns.map((column) => `g."${column}"::text`);
  return `(SELECT pg_catalog.array_agg(ARRAY[${cells.join(', ')}]) FROM (${sqlFor(grid.sql, version)}) g)`;
};
