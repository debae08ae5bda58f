import type { ObjectKind } from './catalog';

/** A database or schema in the form in which two of them are compared: no oids, names as scripts write them. */
export interface Shape {
  /** `server_version_num`. */
  readonly version: number;
  /** Each after what it needs. */
  readonly pieces: readonly ShapePiece[];
}

/** What an object is called; all pieces of one object have the same. */
export interface ShapeObject {
  readonly kind: ObjectKind;
  readonly schema: string;
  readonly name: string;
  /** The table of a part; null for none. */
  readonly table: string | null;
}

/** Statements that make one thing or say something of it. */
export interface ShapePiece {
  /** The same for the same thing of two databases. */
  readonly key: string;
  /** What makes it, e.g. `pg_class`, `pg_constraint`, `default`, `attach`. */
  readonly sort: string;
  /** Key of the object that it belongs to. */
  readonly item: string;
  readonly object: ShapeObject;
  readonly phase: number;
  /** Qualified name, quoted. */
  readonly name: string;
  /** Each with its semicolon. */
  readonly statements: readonly string[];
  /** Keys of pieces that must stand before. */
  readonly needs: readonly string[];
  readonly table: TableShape | null;
  /** Columns of a view; null for others. */
  readonly columns: readonly { readonly name: string; readonly type: string }[] | null;
  readonly type: TypeShape | null;
}

export interface TableShape {
  readonly kind: string;
  readonly persistence: string;
  readonly ofType: string | null;
  readonly partitionKey: string | null;
  readonly isPartition: boolean;
  /** Qualified names of the tables that it inherits from. */
  readonly parents: readonly string[];
  readonly server: string | null;
  /** `name=value`. */
  readonly foreignOptions: readonly string[];
  readonly options: readonly string[];
  readonly tablespace: string | null;
  readonly accessMethod: string | null;
  readonly columns: readonly ColumnShape[];
  /** Checks that stand in CREATE TABLE. */
  readonly checks: readonly CheckShape[];
}

export interface CheckShape {
  readonly name: string;
  readonly definition: string;
}

export interface ColumnShape {
  readonly name: string;
  /** As ADD COLUMN takes it; null: it comes with a parent. */
  readonly line: string | null;
  readonly type: string;
  readonly collation: string | null;
  /** Null for none, and for those that stand apart as a piece. */
  readonly default: string | null;
  readonly notNull: boolean;
  /** 18 and newer: name of the constraint; null before. */
  readonly notNullName: string | null;
  readonly noInherit: boolean;
  readonly identity: string;
  readonly identityOptions: readonly string[];
  readonly identitySequence: string | null;
  /** The sequence that a column owns whose counting goes on when it becomes an identity: qualified name, quoted. */
  readonly serial?: string;
  readonly generated: string;
  readonly foreignOptions: readonly string[];
  /** Whether it is its own and no parent's. */
  readonly own: boolean;
  /** Storage that the type gives. */
  readonly usualStorage: string;
}

export interface TypeShape {
  readonly kind: string;
  readonly labels: readonly string[];
  readonly attributes: readonly { readonly name: string; readonly type: string; readonly collation: string | null }[];
  readonly domain: {
    readonly base: string;
    readonly collation: string | null;
    readonly default: string | null;
    readonly notNull: boolean;
    readonly checks: readonly CheckShape[];
  } | null;
}
