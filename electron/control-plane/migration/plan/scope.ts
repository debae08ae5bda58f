import { AppError } from '../../../../shared/errors';
import type { DatabaseChoice, SchemaChoice, TableChoice } from '../../../../shared/model/migration';

/** The lists of a choice, by what their names stand for. */
export type ChosenKind = 'table' | 'view' | 'function' | 'sequence';

/** What a choice says about an object by its name. */
export interface Scope {
  /** Whether the object is in something that travels wholly, or is named. */
  has(kind: ChosenKind, schema: string, name: string): boolean;
  /** Whether everything of the database travels. */
  readonly whole: boolean;
  /** Whether it is named. */
  names(kind: ChosenKind, schema: string, name: string): boolean;
  /** Whether the schema is named or everything of the database travels. */
  hasSchema(schema: string): boolean;
  wholeSchema(schema: string): boolean;
  table(schema: string, name: string): TableChoice | undefined;
  targetSchema(schema: string): string;
  /** Fails with `not-found` when something is named that is not there; the schemas and, by schema, the names that are. */
  requireAll(
    schemas: ReadonlySet<string>,
    there: Readonly<Record<ChosenKind, ReadonlyMap<string, ReadonlySet<string>>>>,
  ): void;
}

const MISSING_SHOWN = 20;

function missingError(database: string, missing: readonly string[]): AppError {
  const [first = ''] = missing;
  return new AppError({
    code: 'not-found',
    message: `The ${first} of the database ${database} is not on the source, or cannot travel by itself`,
    hint: 'It may have been dropped or renamed, or belong to an extension. Choose the objects again.',
    field: 'objects',
    ...(missing.length === 1 ? {} : { detail: `Also missing: ${missing.slice(1, MISSING_SHOWN).join(', ')}` }),
  });
}

export function scopeOf(choice: DatabaseChoice): Scope {
  const all = choice.mode === 'all';
  const schemas = new Map<string, SchemaChoice>(choice.schemas.map((each) => [each.name, each]));
  const tables = new Map(
    choice.schemas.map((each) => [each.name, new Map(each.tables.map((table) => [table.name, table]))]),
  );
  const named: Readonly<Record<ChosenKind, ReadonlyMap<string, ReadonlySet<string>>>> = {
    table: new Map(choice.schemas.map((each) => [each.name, new Set(each.tables.map(({ name }) => name))])),
    view: new Map(choice.schemas.map((each) => [each.name, new Set(each.views)])),
    function: new Map(choice.schemas.map((each) => [each.name, new Set(each.functions)])),
    sequence: new Map(choice.schemas.map((each) => [each.name, new Set(each.sequences)])),
  };
  const wholeSchema = (schema: string): boolean => all || schemas.get(schema)?.mode === 'all';
  const names: Scope['names'] = (kind, schema, name) => named[kind].get(schema)?.has(name) ?? false;
  return {
    whole: all,
    names,
    wholeSchema,
    has: (kind, schema, name) => wholeSchema(schema) || names(kind, schema, name),
    hasSchema: (schema) => all || schemas.has(schema),
    table: (schema, name) => tables.get(schema)?.get(name),
    targetSchema(schema) {
      const newName = schemas.get(schema)?.newName ?? '';
      return newName === '' ? schema : newName;
    },
    requireAll(present, there) {
      const missing: string[] = [];
      for (const schema of schemas.keys()) if (!present.has(schema)) missing.push(`schema ${schema}`);
      for (const kind of ['table', 'view', 'function', 'sequence'] as const)
        for (const [schema, list] of named[kind])
          for (const name of list)
            if (present.has(schema) && there[kind].get(schema)?.has(name) !== true)
              missing.push(`${kind} ${schema}.${name}`);
      if (missing.length > 0) throw missingError(choice.name, missing);
    },
  };
}
