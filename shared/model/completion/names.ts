/** A table, a view or what else has rows. */
export interface RelationName {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
}

export interface ColumnName {
  readonly name: string;
  /** Empty when it isn't known. */
  readonly type: string;
}

export interface FunctionName {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** As the server writes them, e.g. `a integer, b text`. */
  readonly args: string;
  readonly result: string;
  readonly kind: 'function' | 'procedure' | 'aggregate';
}

export interface TypeName {
  readonly schema: string;
  readonly name: string;
}

/** A foreign key as seen from one of its two tables. */
export interface KeyName {
  readonly own: readonly string[];
  /** The other table. */
  readonly other: RelationName;
  readonly others: readonly string[];
}

export interface RelationDetail {
  readonly columns: readonly ColumnName[];
  readonly keys: readonly KeyName[];
}

/** What is searched for: a word in lower case, and where. */
export interface NameSearch {
  readonly word: string;
  /** Null: in all schemas. */
  readonly schema: string | null;
  readonly limit: number;
}

/** The names of a database as they are known now. Details that are not known yet are null, and wished for. */
export interface DatabaseNames {
  readonly schemas: readonly string[];
  /** Where names are looked for without a schema, in this order. */
  readonly path: readonly string[];
  readonly roles: readonly string[];
  readonly databases: readonly string[];
  readonly settings: readonly string[];
  /** The relation that a name means; the schema is null when none was written. */
  relation(schema: string | null, name: string): RelationName | null;
  /** The relation of a number; null when there is none. */
  relationOf(oid: number): RelationName | null;
  /** Functions of a name, all of their forms. */
  functionsOf(schema: string | null, name: string): readonly FunctionName[];
  relations(search: NameSearch): readonly RelationName[];
  functions(search: NameSearch): readonly FunctionName[];
  types(search: NameSearch): readonly TypeName[];
  detail(oid: number): RelationDetail | null;
  /** Columns of what a function returns; empty when it is a plain value. */
  resultColumns(oid: number): readonly ColumnName[] | null;
  /** Tables whose triggers call a function. */
  triggerTables(schema: string | null, name: string): readonly number[];
}
