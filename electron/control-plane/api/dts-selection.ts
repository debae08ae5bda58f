import { z } from 'zod';
import type { DBItem } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import type { ObjectSelection, SchemaChoice } from '../../../shared/model/migration';
import { invalid, missing } from './common';

/**
 * What travels, as the public `dts` service describes it: one item for each schema of each database. A list without a mode counts as
 * `partial`; a mode that is missing follows the others of its schema. Two things that the public shape has no field for come as JSON in
 * `ExtraAttr`: `RowFilter` `[{"database","schema","table","filter"}]` and `Sequences` `[{"database","schema","sequences":[]}]`.
 */

const mode = z.enum(['all', 'partial']).optional();
const name = z.string().max(63).optional();
const names = z.array(z.string().max(4000)).max(100_000).optional();

export const dbItem = z.strictObject({
  DbName: name,
  NewDbName: name,
  SchemaName: name,
  NewSchemaName: name,
  DBMode: mode,
  SchemaMode: mode,
  TableMode: mode,
  Tables: z
    .array(
      z.strictObject({
        TableName: name,
        NewTableName: name,
        TmpTables: names,
        TableEditMode: z.enum(['rename', 'pt']).optional(),
      }),
    )
    .max(100_000)
    .optional(),
  ViewMode: mode,
  Views: z
    .array(z.strictObject({ ViewName: name, NewViewName: name }))
    .max(100_000)
    .optional(),
  RoleMode: mode,
  Roles: z
    .array(z.strictObject({ RoleName: name, NewRoleName: name }))
    .max(10_000)
    .optional(),
  FunctionMode: mode,
  TriggerMode: mode,
  EventMode: mode,
  ProcedureMode: mode,
  Functions: names,
  Procedures: names,
  Events: names,
  Triggers: names,
});
type Item = z.output<typeof dbItem>;

const filters = z.array(
  z.strictObject({ database: z.string(), schema: z.string(), table: z.string(), filter: z.string() }),
);
const sequenceLists = z.array(
  z.strictObject({ database: z.string(), schema: z.string(), sequences: z.array(z.string()) }),
);

function readJson<T>(schema: z.ZodType<T>, text: string | undefined, key: string): T | null {
  if (text === undefined || text === '') return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw invalid(`${key} is not the JSON that is documented`);
  }
}

/** Fails when something would get another name that cannot. */
function sameName(from: string | undefined, to: string | undefined, what: string): string {
  if (!from) throw missing(`the name of a ${what}`);
  if (to !== undefined && to !== '' && to !== from) throw invalid(`The ${what} ${from} cannot get another name`);
  return from;
}

function tablesOf({ Tables = [] }: Item): SchemaChoice['tables'] {
  return Tables.map(({ TableName, NewTableName = '', TmpTables = [], TableEditMode }) => {
    if (!TableName) throw missing('Tables.TableName');
    if (TmpTables.length > 0 || TableEditMode === 'pt') throw invalid('TmpTables are for MySQL only');
    return { name: TableName, newName: NewTableName === TableName ? '' : NewTableName, rowFilter: '' };
  });
}

/** Whether all of a schema travels. Fails for all of one kind and a part of another one: a list of names would be guessed. */
function schemaMode(item: Item): 'all' | 'partial' {
  const parts = (
    [
      ['TableMode', item.TableMode, item.Tables?.some(({ NewTableName }) => !NewTableName)],
      ['ViewMode', item.ViewMode, (item.Views ?? []).length > 0],
      ['FunctionMode', item.FunctionMode, (item.Functions ?? []).length > 0],
      ['ProcedureMode', item.ProcedureMode, (item.Procedures ?? []).length > 0],
    ] as const
  ).flatMap(([key, given, listed]) => {
    const found = given ?? (listed ? 'partial' : undefined);
    return found === undefined ? [] : [[key, found] as const];
  });
  if (item.SchemaMode === 'all') return 'all';
  const partial = parts.find(([, each]) => each === 'partial');
  const all = parts.find(([, each]) => each === 'all');
  if (partial && all) {
    throw invalid(
      `${all[0]} all and ${partial[0]} partial in the schema ${item.SchemaName ?? ''}: name what travels, or choose all of the schema`,
    );
  }
  if (partial) return 'partial';
  if (all) return 'all';
  return item.SchemaMode ?? 'all';
}

function schemaOf(item: Item): SchemaChoice | null {
  if (!item.SchemaName) return null;
  const { SchemaName, NewSchemaName = '' } = item;
  return {
    name: SchemaName,
    newName: NewSchemaName === SchemaName ? '' : NewSchemaName,
    mode: schemaMode(item),
    tables: tablesOf(item),
    views: (item.Views ?? []).map(({ ViewName, NewViewName }) => sameName(ViewName, NewViewName, 'view')),
    functions: [...(item.Functions ?? []), ...(item.Procedures ?? [])],
    sequences: [],
  };
}

type Databases = ObjectSelection['databases'];

/** The items of one database become one choice. */
function addItem(databases: Databases, item: Item): Databases {
  const { DbName, NewDbName = '', DBMode } = item;
  if (!DbName) throw missing('Databases.DbName');
  const schema = schemaOf(item);
  if (!schema && (item.Tables?.length || item.Views?.length || item.Functions?.length))
    throw missing('Databases.SchemaName');
  if (!schema && DBMode === 'partial') throw missing('Databases.SchemaName');
  const found = databases.find((each) => each.name === DbName);
  if (schema && found?.schemas.some((each) => each.name === schema.name))
    throw invalid(`The schema ${schema.name} of ${DbName} is given twice`);
  const chosen = found ?? {
    name: DbName,
    newName: NewDbName === DbName ? '' : NewDbName,
    mode: DBMode ?? (schema ? 'partial' : 'all'),
    schemas: [],
  };
  if (DBMode !== undefined && chosen.mode !== DBMode) throw invalid(`The database ${DbName} is given with two modes`);
  const next = { ...chosen, schemas: schema ? [...chosen.schemas, schema] : chosen.schemas };
  return found ? databases.map((each) => (each === found ? next : each)) : [...databases, next];
}

/** Changes one schema of a selection; makes it when only its contents are told. Fails when its database is not chosen. */
function inSchema(
  databases: Databases,
  database: string,
  schema: string,
  key: string,
  change: (schema: SchemaChoice) => SchemaChoice,
): Databases {
  const chosen = databases.find((each) => each.name === database);
  const found = chosen?.schemas.find((each) => each.name === schema);
  if (!chosen || (!found && chosen.mode === 'partial'))
    throw invalid(`${key} names ${database}.${schema}, which is not chosen`);
  const empty: SchemaChoice = {
    name: schema,
    newName: '',
    mode: 'all',
    tables: [],
    views: [],
    functions: [],
    sequences: [],
  };
  const next = change(found ?? empty);
  const schemas = found ? chosen.schemas.map((each) => (each === found ? next : each)) : [...chosen.schemas, next];
  return databases.map((each) => (each === chosen ? { ...chosen, schemas } : each));
}

function rolesOf(
  items: readonly Item[],
  objectMode: string,
  accounts: boolean | undefined,
): Pick<ObjectSelection, 'roleMode' | 'roles'> {
  if (accounts === false) return { roleMode: 'none', roles: [] };
  const roles = [
    ...new Set(
      items.flatMap(({ Roles = [] }) =>
        Roles.map(({ RoleName, NewRoleName }) => sameName(RoleName, NewRoleName, 'role')),
      ),
    ),
  ];
  if (items.some(({ RoleMode }) => RoleMode === 'all')) return { roleMode: 'all', roles: [] };
  if (roles.length > 0) return { roleMode: 'partial', roles };
  return {
    roleMode: accounts === true || (accounts === undefined && objectMode === 'all') ? 'all' : 'none',
    roles: [],
  };
}

/** Fails with `InvalidParameterValue` or `MissingParameter`. */
export function selectionOf(
  table: { readonly ObjectMode: 'all' | 'partial'; readonly Databases?: readonly Item[] | undefined },
  accounts: boolean | undefined,
  rowFilter: string | undefined,
  sequences: string | undefined,
): ObjectSelection {
  const items = table.Databases ?? [];
  if (table.ObjectMode === 'partial' && items.length === 0) throw missing('MigrateOption.DatabaseTable.Databases');
  // An item that names roles only chooses no database.
  const named = items.filter(({ DbName, Roles }) => DbName !== undefined || Roles === undefined);
  let databases = named.reduce(addItem, []);
  for (const { database, schema, table: of, filter } of readJson(filters, rowFilter, 'RowFilter') ?? []) {
    databases = inSchema(databases, database, schema, 'RowFilter', (chosen) => {
      const known = chosen.tables.some((each) => each.name === of);
      if (!known && chosen.mode === 'partial') throw invalid(`RowFilter names ${schema}.${of}, which is not chosen`);
      const tables = known
        ? chosen.tables.map((each) => (each.name === of ? { ...each, rowFilter: filter } : each))
        : [...chosen.tables, { name: of, newName: '', rowFilter: filter }];
      return { ...chosen, tables };
    });
  }
  for (const { database, schema, sequences: of } of readJson(sequenceLists, sequences, 'Sequences') ?? []) {
    databases = inSchema(databases, database, schema, 'Sequences', (chosen) => ({ ...chosen, sequences: of }));
  }
  return { mode: table.ObjectMode, ...rolesOf(items, table.ObjectMode, accounts), databases };
}

function schemaItem(common: DBItem, schema: SchemaChoice): DBItem {
  const shared = {
    ...common,
    SchemaName: schema.name,
    NewSchemaName: schema.newName || schema.name,
    SchemaMode: schema.mode,
    Tables: schema.tables.map((each) => ({ TableName: each.name, NewTableName: each.newName || each.name })),
  };
  if (schema.mode === 'all') return { ...shared, TableMode: 'all' };
  return {
    ...shared,
    TableMode: 'partial',
    ViewMode: 'partial',
    Views: schema.views.map((ViewName) => ({ ViewName, NewViewName: ViewName })),
    FunctionMode: 'partial',
    Functions: schema.functions,
  };
}

/** The way back. `rowFilter` and `sequences` are JSON, empty where there are none. */
export function databaseItems({ databases, roleMode, roles }: ObjectSelection): {
  readonly databases: DBItem[];
  readonly rowFilter: string;
  readonly sequences: string;
} {
  const items = databases.flatMap(({ name: DbName, newName, mode: DBMode, schemas }): DBItem[] => {
    const common: DBItem = { DbName, NewDbName: newName || DbName, DBMode };
    return schemas.length === 0 ? [common] : schemas.map((schema) => schemaItem(common, schema));
  });
  const ofRoles: DBItem[] =
    roleMode === 'partial'
      ? [{ RoleMode: 'partial', Roles: roles.map((RoleName) => ({ RoleName, NewRoleName: RoleName })) }]
      : [];
  const inSchemas = databases.flatMap(({ name: database, schemas }) => schemas.map((schema) => ({ database, schema })));
  const rowFilters = inSchemas.flatMap(({ database, schema }) =>
    schema.tables
      .filter((each) => each.rowFilter !== '')
      .map((each) => ({ database, schema: schema.name, table: each.name, filter: each.rowFilter })),
  );
  const lists = inSchemas
    .filter(({ schema }) => schema.sequences.length > 0)
    .map(({ database, schema }) => ({ database, schema: schema.name, sequences: schema.sequences }));
  return {
    databases: [...items, ...ofRoles],
    rowFilter: rowFilters.length === 0 ? '' : JSON.stringify(rowFilters),
    sequences: lists.length === 0 ? '' : JSON.stringify(lists),
  };
}
