/** Which schemas and tables of a database are taken: pure. A ticked schema takes all of its tables and everything else in it. */

export interface SourceObject {
  readonly schema: string;
  readonly name: string;
  readonly bytes: number;
  readonly rows: number;
}

export interface ObjectChoice {
  readonly schemas: readonly string[];
  /** `schema.table` of schemas that are not ticked. */
  readonly tables: readonly string[];
}

export interface PickLine {
  readonly key: string;
  readonly schema: string;
  /** Null on the schema's own line. */
  readonly table: string | null;
  readonly state: 'all' | 'some' | 'none';
  readonly bytes: number;
  readonly rows: number;
}

const keyOf = ({ schema, name }: Pick<SourceObject, 'schema' | 'name'>): string => `${schema}.${name}`;

/** The lines to show: a schema, then its tables unless it is folded; a filter keeps matching tables and opens everything. */
export function pickLines(
  objects: readonly SourceObject[],
  choice: ObjectChoice,
  filter: string,
  closed: ReadonlySet<string>,
): PickLine[] {
  const words = filter.trim().toLowerCase();
  const bySchema = new Map<string, SourceObject[]>();
  for (const each of objects) {
    if (words !== '' && !keyOf(each).toLowerCase().includes(words)) continue;
    const held = bySchema.get(each.schema);
    if (held) held.push(each);
    else bySchema.set(each.schema, [each]);
  }
  const ticked = new Set(choice.tables);
  return [...bySchema].flatMap(([schema, tables]) => {
    const whole = choice.schemas.includes(schema);
    const some = tables.some((each) => ticked.has(keyOf(each)));
    const head: PickLine = {
      key: `schema ${schema}`,
      schema,
      table: null,
      state: whole ? 'all' : some ? 'some' : 'none',
      bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    };
    if (closed.has(schema) && words === '') return [head];
    return [
      head,
      ...tables.map((each): PickLine => ({
        key: keyOf(each),
        schema,
        table: each.name,
        state: whole || ticked.has(keyOf(each)) ? 'all' : 'none',
        bytes: each.bytes,
        rows: each.rows,
      })),
    ];
  });
}

export function toggleSchema(choice: ObjectChoice, schema: string): { schemas: string[]; tables: string[] } {
  const tables = choice.tables.filter((table) => !table.startsWith(`${schema}.`));
  return choice.schemas.includes(schema)
    ? { schemas: choice.schemas.filter((each) => each !== schema), tables }
    : { schemas: [...choice.schemas, schema], tables };
}

/** Unticking one table of a ticked schema leaves its other tables ticked one by one. */
export function toggleTable(
  choice: ObjectChoice,
  objects: readonly SourceObject[],
  schema: string,
  table: string,
): { schemas: string[]; tables: string[] } {
  const key = `${schema}.${table}`;
  if (choice.schemas.includes(schema)) {
    const others = objects.filter((each) => each.schema === schema && each.name !== table).map(keyOf);
    return {
      schemas: choice.schemas.filter((each) => each !== schema),
      tables: [...choice.tables.filter((each) => !others.includes(each)), ...others],
    };
  }
  return {
    schemas: [...choice.schemas],
    tables: choice.tables.includes(key) ? choice.tables.filter((each) => each !== key) : [...choice.tables, key],
  };
}

export function chosenBytes(objects: readonly SourceObject[], choice: ObjectChoice): number {
  const tables = new Set(choice.tables);
  return objects
    .filter((each) => choice.schemas.includes(each.schema) || tables.has(keyOf(each)))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
