/** Names on the receiving side, as the person chose them, for objects that appear while changes are followed. */
export interface SchemaNames {
  /** Of a schema on the receiving side; undefined: nothing of it is of the task. */
  schema(name: string): string | undefined;
  /** Whether what appears in the schema joins the task: the schema was chosen as a whole. */
  joins(schema: string): boolean;
  /** Schemas and tables that have another name on the receiving side, by their names on the sending side. */
  readonly changed: ReadonlySet<string>;
}

/** Whether a schema is the server's own, or ours. */
export const isOurs = (schema: string): boolean => /^(?:pg_|information_schema$|howdah_migration$)/.test(schema);
