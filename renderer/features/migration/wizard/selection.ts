import type { DatabaseChoice, ObjectSelection, SchemaChoice } from '../../../../shared/model/migration';
import type { EndpointObject } from '../../../../shared/model/migration-api';

/** Which databases, schemas and objects travel, and under which names: pure. */

export type Tick = 'all' | 'some' | 'none';
/** The lists of a schema; the groups of the picker. */
export const GROUPS = ['tables', 'views', 'functions', 'sequences'] as const;
export type Group = (typeof GROUPS)[number];

export interface SourceSchema {
  readonly name: string;
  readonly objects: readonly EndpointObject[];
}

const GROUP_OF: Readonly<Record<EndpointObject['kind'], Group>> = {
  table: 'tables',
  partitioned: 'tables',
  foreign: 'tables',
  view: 'views',
  materialized: 'views',
  function: 'functions',
  sequence: 'sequences',
};
export const groupOf = ({ kind }: Pick<EndpointObject, 'kind'>): Group => GROUP_OF[kind];

export const newSchema = (name: string, mode: SchemaChoice['mode']): SchemaChoice => ({
  name,
  newName: '',
  mode,
  tables: [],
  views: [],
  functions: [],
  sequences: [],
});
export const newDatabase = (name: string, mode: DatabaseChoice['mode']): DatabaseChoice => ({
  name,
  newName: '',
  mode,
  schemas: [],
});

export const findDatabase = (selection: ObjectSelection, name: string): DatabaseChoice | undefined =>
  selection.databases.find((each) => each.name === name);
export const findSchema = (database: DatabaseChoice | undefined, name: string): SchemaChoice | undefined =>
  database?.schemas.find((each) => each.name === name);

const namesIn = (schema: SchemaChoice, group: Group): string[] =>
  group === 'tables' ? schema.tables.map(({ name }) => name) : schema[group];
const isEmpty = (schema: SchemaChoice): boolean => GROUPS.every((group) => schema[group].length === 0);

export function databaseTick(selection: ObjectSelection, name: string): Tick {
  const found = findDatabase(selection, name);
  if (found === undefined) return 'none';
  if (found.mode === 'all') return 'all';
  return found.schemas.some((schema) => schema.mode === 'all' || !isEmpty(schema)) ? 'some' : 'none';
}

/** What is ticked in a schema: everything, or the names by group. Asked once for a schema, not for each of its lines. */
export interface SchemaTicks {
  readonly schema: Tick;
  has(group: Group, name: string): boolean;
  readonly counts: Readonly<Record<Group, number>>;
}

export function schemaTicks(database: DatabaseChoice | undefined, name: string): SchemaTicks {
  const found = findSchema(database, name);
  const none = { tables: 0, views: 0, functions: 0, sequences: 0 };
  if (database?.mode === 'all' || found?.mode === 'all') return { schema: 'all', has: () => true, counts: none };
  if (found === undefined || isEmpty(found)) return { schema: 'none', has: () => false, counts: none };
  const sets = {
    tables: new Set(namesIn(found, 'tables')),
    views: new Set(found.views),
    functions: new Set(found.functions),
    sequences: new Set(found.sequences),
  };
  return {
    schema: 'some',
    has: (group, each) => sets[group].has(each),
    counts: {
      tables: sets.tables.size,
      views: sets.views.size,
      functions: sets.functions.size,
      sequences: sets.sequences.size,
    },
  };
}

export function withDatabase(selection: ObjectSelection, next: DatabaseChoice): ObjectSelection {
  const known = selection.databases.some(({ name }) => name === next.name);
  const databases = known
    ? selection.databases.map((each) => (each.name === next.name ? next : each))
    : [...selection.databases, next];
  return { ...selection, databases };
}

export const withoutDatabase = (selection: ObjectSelection, name: string): ObjectSelection => ({
  ...selection,
  databases: selection.databases.filter((each) => each.name !== name),
});

/** Writes a database back: one in which nothing is left goes, one whose schemas are all ticked is taken whole. */
function settle(
  selection: ObjectSelection,
  database: DatabaseChoice,
  schemas: readonly SourceSchema[],
): ObjectSelection {
  const kept = database.schemas.filter((schema) => schema.mode === 'all' || !isEmpty(schema));
  if (kept.length === 0) return withoutDatabase(selection, database.name);
  const whole = new Set(kept.filter(({ mode }) => mode === 'all').map(({ name }) => name));
  if (schemas.length > 0 && schemas.every(({ name }) => whole.has(name))) {
    const told = kept.filter((schema) => schema.newName !== '' || schema.tables.length > 0);
    return withDatabase(selection, { ...database, mode: 'all', schemas: told });
  }
  return withDatabase(selection, { ...database, mode: 'partial', schemas: kept });
}

export function toggleDatabase(selection: ObjectSelection, name: string): ObjectSelection {
  const found = findDatabase(selection, name);
  if (found?.mode === 'all') return withoutDatabase(selection, name);
  return withDatabase(selection, { ...(found ?? newDatabase(name, 'all')), mode: 'all', schemas: [] });
}

/** The database as a partial one: every schema named, so that one of them can be taken out. */
function opened(selection: ObjectSelection, name: string, schemas: readonly SourceSchema[]): DatabaseChoice {
  const found = findDatabase(selection, name);
  if (found === undefined) return newDatabase(name, 'partial');
  if (found.mode === 'partial') return found;
  return {
    ...found,
    mode: 'partial',
    schemas: schemas.map((schema) => findSchema(found, schema.name) ?? newSchema(schema.name, 'all')),
  };
}

export function withSchema(database: DatabaseChoice, next: SchemaChoice): DatabaseChoice {
  const known = database.schemas.some(({ name }) => name === next.name);
  return {
    ...database,
    schemas: known
      ? database.schemas.map((each) => (each.name === next.name ? next : each))
      : [...database.schemas, next],
  };
}

export function toggleSchema(
  selection: ObjectSelection,
  database: string,
  schema: string,
  schemas: readonly SourceSchema[],
): ObjectSelection {
  const open = opened(selection, database, schemas);
  const found = findSchema(open, schema);
  if (found?.mode === 'all') {
    return settle(selection, { ...open, schemas: open.schemas.filter(({ name }) => name !== schema) }, schemas);
  }
  const whole = { ...newSchema(schema, 'all'), newName: found?.newName ?? '' };
  return settle(selection, withSchema(open, whole), schemas);
}

/** Everything of a schema by name, with what was said about its tables before. */
function named(schema: SchemaChoice, objects: readonly EndpointObject[]): SchemaChoice {
  const told = new Map(schema.tables.map((table) => [table.name, table]));
  const of = (group: Group): string[] => objects.filter((each) => groupOf(each) === group).map(({ name }) => name);
  return {
    ...schema,
    mode: 'partial',
    tables: of('tables').map((name) => told.get(name) ?? { name, newName: '', rowFilter: '' }),
    views: of('views'),
    functions: of('functions'),
    sequences: of('sequences'),
  };
}

export function change(schema: SchemaChoice, group: Group, names: ReadonlySet<string>, on: boolean): SchemaChoice {
  if (group === 'tables') {
    const kept = schema.tables.filter(({ name }) => on || !names.has(name));
    const known = new Set(kept.map(({ name }) => name));
    const added = on ? [...names].filter((name) => !known.has(name)) : [];
    return { ...schema, tables: [...kept, ...added.map((name) => ({ name, newName: '', rowFilter: '' }))] };
  }
  const kept = schema[group].filter((name) => on || !names.has(name));
  const known = new Set(kept);
  return { ...schema, [group]: [...kept, ...(on ? [...names].filter((name) => !known.has(name)) : [])] };
}

const isWhole = (schema: SchemaChoice, objects: readonly EndpointObject[]): boolean => {
  const sets = new Map(GROUPS.map((group) => [group, new Set(namesIn(schema, group))]));
  return objects.length > 0 && objects.every((each) => sets.get(groupOf(each))?.has(each.name) === true);
};

/** Ticks or unticks objects of one group of a schema. A schema in which everything is ticked is taken whole. */
export function setObjects(
  selection: ObjectSelection,
  at: { readonly database: string; readonly schema: string; readonly group: Group },
  names: readonly string[],
  on: boolean,
  schemas: readonly SourceSchema[],
): ObjectSelection {
  const objects = schemas.find(({ name }) => name === at.schema)?.objects ?? [];
  const open = opened(selection, at.database, schemas);
  const before = findSchema(open, at.schema) ?? newSchema(at.schema, 'partial');
  const partial = before.mode === 'all' ? named(before, objects) : before;
  const next = change(partial, at.group, new Set(names), on);
  const whole: SchemaChoice = {
    ...next,
    mode: 'all',
    tables: next.tables.filter(({ newName, rowFilter }) => newName !== '' || rowFilter !== ''),
    views: [],
    functions: [],
    sequences: [],
  };
  return settle(selection, withSchema(open, isWhole(next, objects) ? whole : next), schemas);
}

export interface SelectionCounts {
  /** Entire ones. */
  readonly databases: number;
  /** Entire ones of other databases. */
  readonly schemas: number;
  /** Single ones. */
  readonly tables: number;
  readonly others: number;
}

export function countSelection(selection: ObjectSelection): SelectionCounts {
  const partial = selection.databases.filter(({ mode }) => mode === 'partial').flatMap(({ schemas }) => schemas);
  const namedOnly = partial.filter(({ mode }) => mode === 'partial');
  const sum = (of: (schema: SchemaChoice) => number): number => namedOnly.reduce((total, each) => total + of(each), 0);
  return {
    databases: selection.databases.filter(({ mode }) => mode === 'all').length,
    schemas: partial.length - namedOnly.length,
    tables: sum(({ tables }) => tables.length),
    others: sum(({ views, functions, sequences }) => views.length + functions.length + sequences.length),
  };
}
