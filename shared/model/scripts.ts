import type { ObjectRef } from './catalog';
import { quoteIdent, quoteQualified } from './quote';

/** One column as the tree lists it. */
export interface ScriptColumn {
  readonly name: string;
  readonly type: string;
  /** Part of the primary key. */
  readonly key: boolean;
  /** The server computes it, or it is an identity that is always generated: it can't be written. */
  readonly generated: boolean;
}

const nameOf = (object: ObjectRef): string => quoteQualified(object.schema, object.name);
const list = (items: readonly string[], separator: string): string => items.join(separator);

/** What a person fills in: a comment that says the type, so that running it unchanged fails at its place. A type name can't end the comment. */
const blank = (column: ScriptColumn): string =>
  `/* ${column.name.replaceAll('*/', '* /').replaceAll('/*', '/ *')}: ${column.type.replaceAll('*/', '* /')} */`;

const keyCondition = (columns: readonly ScriptColumn[]): string => {
  const keys = columns.filter(({ key }) => key);
  return list(
    (keys.length > 0 ? keys : columns.slice(0, 1)).map((column) => `${quoteIdent(column.name)} = ${blank(column)}`),
    '\n   AND ',
  );
};

/** Every column by name. */
export const selectColumnsScript = (object: ObjectRef, columns: readonly ScriptColumn[]): string =>
  columns.length === 0
    ? `SELECT *\n  FROM ${nameOf(object)};\n`
    : `SELECT ${list(
        columns.map(({ name }) => quoteIdent(name)),
        ',\n       ',
      )}\n  FROM ${nameOf(object)};\n`;

export function insertScript(object: ObjectRef, columns: readonly ScriptColumn[]): string {
  const written = columns.filter(({ generated }) => !generated);
  if (written.length === 0) return `INSERT INTO ${nameOf(object)} DEFAULT VALUES;\n`;
  return `INSERT INTO ${nameOf(object)} (\n       ${list(
    written.map(({ name }) => quoteIdent(name)),
    ',\n       ',
  )})\nVALUES (\n       ${list(written.map(blank), ',\n       ')});\n`;
}

export function updateScript(object: ObjectRef, columns: readonly ScriptColumn[]): string {
  const written = columns.filter(({ generated, key }) => !generated && !key);
  const set = (written.length > 0 ? written : columns.filter(({ generated }) => !generated)).map(
    (column) => `${quoteIdent(column.name)} = ${blank(column)}`,
  );
  return `UPDATE ${nameOf(object)}\n   SET ${list(set, ',\n       ')}\n WHERE ${keyCondition(columns)};\n`;
}

export const deleteScript = (object: ObjectRef, columns: readonly ScriptColumn[]): string =>
  `DELETE FROM ${nameOf(object)}\n WHERE ${keyCondition(columns)};\n`;

/** Calls a function or procedure; `args` are its arguments as the tree notes them, e.g. `(a integer, b text)`. */
export function executeScript(object: ObjectRef, args: string): string {
  const inner = args.replace(/^\(/, '').replace(/\)$/, '');
  const call = `${nameOf(object)}(${inner === '' ? '' : `/* ${inner.replaceAll('*/', '* /').replaceAll('/*', '/ *')} */`})`;
  return object.kind === 'procedure' ? `CALL ${call};\n` : `SELECT *\n  FROM ${call};\n`;
}

/** The first or last rows by the primary key, as far as there is one; ready to run. */
export function rowsScript(
  object: ObjectRef,
  columns: readonly ScriptColumn[],
  which: { readonly limit: number | null; readonly last: boolean },
): string {
  const keys = columns.filter(({ key }) => key).map(({ name }) => `${quoteIdent(name)}${which.last ? ' DESC' : ''}`);
  const order = keys.length === 0 ? '' : `\n ORDER BY ${list(keys, ', ')}`;
  const limit = which.limit === null ? '' : `\n LIMIT ${which.limit}`;
  return `SELECT *\n  FROM ${nameOf(object)}${order}${limit};\n`;
}

/** A query to be narrowed by hand; it is not run by itself. */
export const filteredScript = (object: ObjectRef, columns: readonly ScriptColumn[]): string =>
  `SELECT *\n  FROM ${nameOf(object)}\n WHERE ${keyCondition(columns) || 'true'};\n`;

/** Columns from the nodes of a *Columns* folder. */
export const scriptColumn = (name: string, type: string, mark: string): ScriptColumn => ({
  name,
  type,
  key: /^pk\b/.test(mark),
  generated: /\b(generated|identity)$/.test(mark),
});
