import type { ObjectSelection, TableChoice } from '../../../../shared/model/migration';
import {
  findDatabase,
  findSchema,
  newDatabase,
  newSchema,
  withDatabase,
  withoutDatabase,
  withSchema,
} from './selection';

/** What is said about what travels: new names, and which rows: pure. */

/** Gives a database another name; empty is the one it has. In an entire instance only renamed databases are named. */
export function renameDatabase(selection: ObjectSelection, name: string, newName: string): ObjectSelection {
  const found = findDatabase(selection, name) ?? newDatabase(name, 'all');
  if (selection.mode === 'all' && newName === '') return withoutDatabase(selection, name);
  return withDatabase(selection, { ...found, newName });
}

export function renameSchema(
  selection: ObjectSelection,
  database: string,
  schema: string,
  newName: string,
): ObjectSelection {
  const found = findDatabase(selection, database);
  if (found === undefined) return selection;
  const known = findSchema(found, schema) ?? newSchema(schema, 'all');
  return withDatabase(selection, withSchema(found, { ...known, newName }));
}

/** Says something about a table: its new name, its rows; also of one that travels because its schema does. */
export function tellTable(
  selection: ObjectSelection,
  at: { readonly database: string; readonly schema: string },
  told: TableChoice,
): ObjectSelection {
  const found = findDatabase(selection, at.database);
  if (found === undefined) return selection;
  const schema = findSchema(found, at.schema) ?? newSchema(at.schema, 'all');
  const known = schema.tables.some(({ name }) => name === told.name);
  const tables = known
    ? schema.tables.map((each) => (each.name === told.name ? told : each))
    : [...schema.tables, told];
  return withDatabase(selection, withSchema(found, { ...schema, tables }));
}

/** What was said about a table or a schema is forgotten; that it travels stays. */
export function forgetTable(
  selection: ObjectSelection,
  at: { readonly database: string; readonly schema: string },
  name: string,
): ObjectSelection {
  const found = findDatabase(selection, at.database);
  const schema = findSchema(found, at.schema);
  if (found === undefined || schema === undefined) return selection;
  const tables = schema.tables.filter((each) => each.name !== name);
  return withDatabase(selection, withSchema(found, { ...schema, tables }));
}
