import type { ObjectSelection, SchemaChoice } from '../../../../shared/model/migration';

export interface ChosenLine {
  readonly kind: 'database' | 'schema' | 'table' | 'view' | 'function' | 'sequence';
  /** e.g. `shop.public.orders`. */
  readonly path: string;
  /** Empty: as on the source. */
  readonly newName: string;
  /** With everything in it. */
  readonly whole: boolean;
  readonly rowFilter: string;
}

function linesOf(database: string, schema: SchemaChoice): ChosenLine[] {
  const path = `${database}.${schema.name}`;
  const plain = (kind: ChosenLine['kind'], names: readonly string[]): ChosenLine[] =>
    names.map((name) => ({ kind, path: `${path}.${name}`, newName: '', whole: false, rowFilter: '' }));
  return [
    { kind: 'schema', path, newName: schema.newName, whole: schema.mode === 'all', rowFilter: '' },
    ...schema.tables.map(({ name, newName, rowFilter }): ChosenLine => ({
      kind: 'table',
      path: `${path}.${name}`,
      newName,
      whole: false,
      rowFilter,
    })),
    ...plain('view', schema.views),
    ...plain('function', schema.functions),
    ...plain('sequence', schema.sequences),
  ];
}

/** A selection as lines to read, from the database down to what is named in it. */
export const chosenLines = (objects: ObjectSelection): ChosenLine[] =>
  objects.databases.flatMap((database) => [
    {
      kind: 'database',
      path: database.name,
      newName: database.newName,
      whole: database.mode === 'all',
      rowFilter: '',
    },
    ...database.schemas.flatMap((schema) => linesOf(database.name, schema)),
  ]);
