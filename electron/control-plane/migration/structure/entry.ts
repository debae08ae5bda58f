/** One piece of a dump of the structure: what pg_dump writes under one of its `-- Name: …; Type: …; Schema: …; Owner: …` comments. */
export interface StructureEntry {
  /** Unique in its dump: section, kind, schema and name, with a number when that is taken. Stays the same from dump to dump. */
  readonly key: string;
  readonly section: 'pre' | 'post';
  /** As the comment has it, e.g. `TABLE`, `FK CONSTRAINT`, `SEQUENCE OWNED BY`. */
  readonly kind: string;
  /** Empty where the comment has `-`. */
  readonly schema: string;
  /** As the comment has it: line breaks are blanks there. */
  readonly name: string;
  readonly owner: string;
  /** One or several statements. */
  readonly sql: string;
  readonly origin: EntryOrigin;
}

/** Which object it is, as the source and pg_dump count them. */
export interface EntryOrigin {
  /** pg_dump's number of the entry. */
  readonly id: number;
  /** Oid of the catalog that knows the object, e.g. 1259; 0 for comments, privileges and the like. */
  readonly catalog: number;
  readonly oid: number;
  /** Numbers of the entries that a comment or a privilege belongs to; empty for most others. */
  readonly belongsTo: readonly number[];
}
