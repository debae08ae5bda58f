import type { Statement } from '../../catalog';
import { quoteIdent } from '../../quote';
import { commentChange } from '../identity';
import { foreignOptionChanges, foreignOptionList, optionChanges } from '../options';
import { written } from '../written';
import type { Column } from './column-shape';

/** First version whose CREATE TABLE knows STORAGE. */
const INLINE_STORAGE = 160000;

const collate = (column: Column): string => (column.collation === '' ? '' : ` COLLATE ${column.collation}`);

const distinctOptions = (column: Column) => [
  ...(column.nDistinct === '' ? [] : [{ name: 'n_distinct', value: column.nDistinct }]),
  ...(column.nDistinctInherited === '' ? [] : [{ name: 'n_distinct_inherited', value: column.nDistinctInherited }]),
];

/** Options of an identity's sequence that were given; with `before` those that differ. */
function sequenceOptions(column: Column, before: Column | null): string[] {
  const parts: string[] = [];
  const say = (key: 'start' | 'increment' | 'minimum' | 'maximum' | 'cache', words: string, none: string): void => {
    const value = column[key];
    if (value === (before?.[key] ?? '')) return;
    if (value !== '') parts.push(`${words} ${value}`);
    else if (none !== '') parts.push(none);
  };
  say('increment', 'INCREMENT BY', '');
  say('minimum', 'MINVALUE', 'NO MINVALUE');
  say('maximum', 'MAXVALUE', 'NO MAXVALUE');
  say('start', 'START WITH', '');
  say('cache', 'CACHE', '');
  if (column.cycle !== (before?.cycle ?? false)) parts.push(column.cycle ? 'CYCLE' : 'NO CYCLE');
  return parts;
}

const identityClause = (column: Column): string => {
  const given = sequenceOptions(column, null);
  return `GENERATED ${column.identity} AS IDENTITY${given.length === 0 ? '' : ` (${given.join(' ')})`}`;
};

/** What a column says of its values: generation, identity, default and NOT NULL. */
function valueClauses(column: Column): string {
  const parts: string[] = [];
  if (column.generated !== '') parts.push(`GENERATED ALWAYS AS (${written(column.expression)}) ${column.generated}`);
  else if (column.identity !== '') parts.push(identityClause(column));
  else if (column.default !== '') parts.push(`DEFAULT ${written(column.default)}`);
  if (column.notNull) parts.push('NOT NULL');
  return parts.map((part) => ` ${part}`).join('');
}

/** A column in CREATE TABLE and ADD COLUMN. */
export function columnDefinition(column: Column, version: number): string {
  const storage = column.storage !== '' && version >= INLINE_STORAGE ? ` STORAGE ${column.storage}` : '';
  const compression = column.compression === '' ? '' : ` COMPRESSION ${quoteIdent(column.compression)}`;
  const foreign = column.options.length === 0 ? '' : ` OPTIONS (${foreignOptionList(column.options)})`;
  return `${quoteIdent(column.name)} ${written(column.type)}${storage}${compression}${foreign}${collate(column)}${valueClauses(column)}`;
}

/** What a table of a type says of one of its columns; null when it adds nothing. */
export function typedColumn(column: Column): string | null {
  const clauses = valueClauses(column);
  return clauses === '' ? null : `${quoteIdent(column.name)} WITH OPTIONS${clauses}`;
}

/** What a new column needs beyond its definition. `typed`: its definition could say nothing of how it is stored. */
export function columnExtras(table: string, column: Column, version: number, typed = false): Statement[] {
  const name = quoteIdent(column.name);
  const alter = `ALTER TABLE ${table} ALTER COLUMN ${name}`;
  const statements: Statement[] = [];
  if (column.storage !== '' && (typed || version < INLINE_STORAGE)) {
    statements.push({ sql: `${alter} SET STORAGE ${column.storage}` });
  }
  if (typed && column.compression !== '')
    statements.push({ sql: `${alter} SET COMPRESSION ${quoteIdent(column.compression)}` });
  if (column.statistics !== null) statements.push({ sql: `${alter} SET STATISTICS ${column.statistics}` });
  return [
    ...statements,
    ...optionChanges(`TABLE ${table} ALTER COLUMN ${name}`, [], distinctOptions(column)),
    ...commentChange(`COLUMN ${table}.${name}`, null, column.comment),
  ];
}

export const addColumn = (table: string, column: Column, version: number): Statement[] => [
  { sql: `ALTER TABLE ${table} ADD COLUMN ${columnDefinition(column, version)}` },
  ...columnExtras(table, column, version),
];

export const dropColumn = (table: string, column: Column): Statement => ({
  sql: `ALTER TABLE ${table} DROP COLUMN ${quoteIdent(column.name)}`,
});

export const renameColumn = (table: string, from: string, to: string): Statement => ({
  sql: `ALTER TABLE ${table} RENAME COLUMN ${quoteIdent(from)} TO ${quoteIdent(to)}`,
});

/**
 * Renames in an order in which no name is taken twice; columns that trade names go over one that is nobody's. `taken` are all names before.
 */
export function columnRenames(
  table: string,
  wanted: readonly { readonly from: string; readonly to: string }[],
  taken: readonly string[],
): Statement[] {
  const names = new Set(taken);
  const statements: Statement[] = [];
  let waiting = [...wanted];
  const rename = (from: string, to: string): void => {
    statements.push(renameColumn(table, from, to));
    names.delete(from);
    names.add(to);
  };
  while (waiting.length > 0) {
    const [first] = waiting;
    const free = waiting.find(({ to }) => !names.has(to));
    if (free) {
      rename(free.from, free.to);
      waiting = waiting.filter((each) => each !== free);
    } else if (first) {
      let number = 1;
      while (names.has(`renamed_${number}`)) number += 1;
      const between = `renamed_${number}`;
      // The name of somebody who trades with nobody is the server's to refuse.
      if (!waiting.some(({ from }) => from === first.to)) {
        rename(first.from, first.to);
        waiting = waiting.filter((each) => each !== first);
      } else {
        rename(first.from, between);
        waiting = waiting.map((each) => (each === first ? { from: between, to: first.to } : each));
      }
    }
  }
  return statements;
}

function identityChanges(alter: string, before: Column, after: Column): Statement[] {
  if (after.identity === '') return [];
  if (before.identity === '') return [{ sql: `${alter} ADD ${identityClause(after)}` }];
  const parts = [
    ...(before.identity === after.identity ? [] : [`SET GENERATED ${after.identity}`]),
    ...sequenceOptions(after, before).map((part) => `SET ${part}`),
  ];
  return parts.length === 0 ? [] : [{ sql: `${alter} ${parts.join(' ')}` }];
}

const isRetyped = (before: Column, after: Column): boolean =>
  before.type !== after.type || before.collation !== after.collation;

function storageChanges(alter: string, before: Column, after: Column): Statement[] {
  const statements: Statement[] = [];
  const say = (sql: string): void => void statements.push({ sql: `${alter} ${sql}` });
  // Saying the type anew, or its collation, makes the server forget how the column is stored.
  const isKept = !isRetyped(before, after);
  const storage = isKept ? before.storage : '';
  const compression = isKept ? before.compression : '';
  if (after.storage !== storage) {
    const wanted = after.storage === '' ? after.typeStorage : after.storage;
    if (wanted !== '') say(`SET STORAGE ${wanted}`);
  }
  if (after.compression !== compression) {
    say(`SET COMPRESSION ${after.compression === '' ? 'default' : quoteIdent(after.compression)}`);
  }
  if (after.statistics !== before.statistics) say(`SET STATISTICS ${after.statistics ?? -1}`);
  return statements;
}

/** What turns a column into another, the name aside: it has the new one already. `table` is as SQL writes it, `foreign`: options are changed. */
export function columnChanges(table: string, before: Column, after: Column): Statement[] {
  const name = quoteIdent(after.name);
  const alter = `ALTER TABLE ${table} ALTER COLUMN ${name}`;
  const statements: Statement[] = [];
  const say = (sql: string): void => void statements.push({ sql: `${alter} ${sql}` });
  const wasDefault = before.generated === '' ? before.default : '';
  const isDefault = after.generated === '' && after.identity === '' ? after.default : '';
  const retyped = isRetyped(before, after);
  if (wasDefault !== '' && wasDefault !== isDefault && (isDefault === '' || retyped)) say('DROP DEFAULT');
  if (before.identity !== '' && after.identity === '') say('DROP IDENTITY');
  if (before.generated !== '' && after.generated === '') say('DROP EXPRESSION');
  if (retyped) {
    const using = after.using === '' ? '' : ` USING ${written(after.using)}`;
    say(`TYPE ${written(after.type)}${collate(after)}${using}`);
  }
  // An identity needs it.
  const notNull = after.notNull || after.identity !== '';
  if (before.notNull !== notNull) say(notNull ? 'SET NOT NULL' : 'DROP NOT NULL');
  statements.push(...identityChanges(alter, before, after));
  if (isDefault !== '' && wasDefault !== isDefault) say(`SET DEFAULT ${written(isDefault)}`);
  if (after.generated !== '' && before.expression !== after.expression)
    say(`SET EXPRESSION AS (${written(after.expression)})`);
  return [
    ...statements,
    ...storageChanges(alter, before, after),
    ...optionChanges(`TABLE ${table} ALTER COLUMN ${name}`, distinctOptions(before), distinctOptions(after)),
    ...foreignOptionChanges(`FOREIGN TABLE ${table} ALTER COLUMN ${name}`, before.options, after.options),
    ...commentChange(`COLUMN ${table}.${name}`, before.comment, after.comment),
  ];
}
