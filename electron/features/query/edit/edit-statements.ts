import { AppError } from '../../../../shared/errors';
import type { NewValue, RowEdit } from '../../../../shared/model/edit';
import type { Row } from '../../../../shared/model/query';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import type { RelationColumn } from './edit-relation';
import type { FullTarget } from './edit-target';

/** One edit as it runs. */
export interface EditStatement {
  readonly sql: string;
  /** Where the new values stand in the text (UTF-16 units): an error's position tells the column. */
  readonly spans: readonly { readonly column: number; readonly start: number; readonly end: number }[];
}

export interface StatementOptions {
  /** Only the key must be as it was. */
  readonly overwrite: boolean;
  /** Whether the session writes dates, times and intervals as it did when the row was read: else their texts mean something else. */
  readonly sameStyle: boolean;
}

/** Types of integers and numeric, whose texts stand in SQL as they are (src/include/catalog/pg_type.dat). */
const NUMBERS = new Set([20, 21, 23, 1700]);
const PLAIN_NUMBER = /^-?\d{1,100}(\.\d{1,100})?$/;
/** Types whose texts say everything and whose `=` means the same value: bool, name, int8, int2, int4, text, oid, bpchar, varchar, numeric, uuid. */
const EXACT = new Set([16, 19, 20, 21, 23, 25, 26, 1042, 1043, 1700, 2950]);
/** date, timestamp, timestamptz: exact when they are written in ISO style, the only one that begins with the year. */
const DATES = new Set([1082, 1114, 1184]);
const ISO_DATE = /^(?:\d{4,}-\d\d-\d\d(?!\d)|-?infinity$)/;
/** bytea, char, json, xml, cidr, float4, float8, macaddr8, money, macaddr, inet, time, bit, varbit, tsvector, jsonb: written alike in any style of dates. */
const STEADY = new Set([17, 18, 114, 142, 650, 700, 701, 774, 790, 829, 869, 1083, 1560, 1562, 3614, 3802]);
const BPCHAR = 1042;

function literal(value: string, column: RelationColumn): string {
  if (value.includes('\0')) {
    throw new AppError({ code: 'invalid-input', message: `The value for ${column.name} holds a zero byte` });
  }
  return NUMBERS.has(column.baseTypeOid) && PLAIN_NUMBER.test(value) ? value : quoteLiteral(value);
}

/** A value for SET and VALUES: not cast, so that the server converts it as an assignment and refuses what does not fit. */
function assigned(value: NewValue, column: RelationColumn): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? literal(value, column) : 'DEFAULT';
}

/** `column` holds what it held when it was read. Types whose `=` is not identity, or that have none, are compared by their text. */
function unchanged(old: string | null, column: RelationColumn, { sameStyle }: StatementOptions): string {
  const name = quoteIdent(column.name);
  if (old === null) return `${name} IS NOT DISTINCT FROM NULL`;
  const exact = EXACT.has(column.baseTypeOid) || column.labels.length > 0;
  const sameText = `pg_catalog.concat(${name}) COLLATE pg_catalog."C" = ${quoteLiteral(old)}`;
  if (!exact && !(DATES.has(column.baseTypeOid) && ISO_DATE.test(old))) {
    if (!sameStyle && !STEADY.has(column.baseTypeOid)) throw otherStyle(column);
    return `${name} IS DISTINCT FROM NULL AND ${sameText}`;
  }
  const text = literal(old, column);
  const equal = `${name} = ${text.startsWith("'") || text.startsWith('E') ? `${text}::${column.baseType}` : text}`;
  // Texts that are not the same may be equal there: by blanks at the end, or by the collation.
  return column.deterministic && column.baseTypeOid !== BPCHAR ? equal : `${equal} AND ${sameText}`;
}

const otherStyle = ({ name }: RelationColumn): AppError =>
  new AppError({
    code: 'conflict',
    message: `The session writes dates and times in another style than when ${name} was read`,
    hint: 'Read the rows again. Nothing was saved.',
  });

/** Conditions that find the row again, and those that say that it was not changed. */
function conditions(
  target: FullTarget,
  old: Row,
  options: StatementOptions,
  compared: readonly number[],
): readonly string[] {
  const { key } = target.told;
  const columns = options.overwrite ? key : [...key, ...compared.filter((index) => !key.includes(index))];
  return columns.flatMap((index) => {
    const source = target.sources[index];
    return source ? [unchanged(old[index] ?? null, source, options)] : [];
  });
}

/** The relation, for new rows. */
export const nameOf = ({ relation }: FullTarget): string => quoteQualified(relation.schema, relation.name);

/** The relation, for rows that stand there. */
const rowsOf = (target: FullTarget): string =>
  `${target.only && target.relation.hasHeirs ? 'ONLY ' : ''}${nameOf(target)}`;

/** The result's columns, to be read by the same statement; computed ones as NULL. */
export const shownColumns = (target: FullTarget): string =>
  target.sources.map((source) => (source ? quoteIdent(source.name) : 'NULL')).join(', ');

/** Reads the row that an edit meant, by its key. */
export const readAgain = (target: FullTarget, old: Row, options: StatementOptions): string =>
  `SELECT ${shownColumns(target)} FROM ${rowsOf(target)} WHERE ${conditions(target, old, { ...options, overwrite: true }, []).join(' AND ')} LIMIT 2`;

/** Columns that an edit writes, in their order in the result. Fails with `invalid-input` for one that can't be written. */
function written(target: FullTarget, values: Readonly<Record<number, NewValue>>): readonly number[] {
  const indexes = Object.keys(values).map(Number);
  for (const index of indexes) {
    const column = target.told.columns[index];
    const isDefault = typeof values[index] === 'object' && values[index] !== null;
    if (!column || (column.fixed !== '' && !(isDefault && column.fixed !== 'computed'))) {
      throw new AppError({
        code: 'invalid-input',
        message: `Column ${column?.name ?? index} can not be written`,
        field: 'edits',
      });
    }
  }
  return indexes;
}

/** The statement of one edit; `old` is the row as it was read (not for an insert). */
export function statementOf(target: FullTarget, edit: RowEdit, old: Row, options: StatementOptions): EditStatement {
  switch (edit.kind) {
    case 'update':
      return updateStatement(target, edit.values, old, options);
    case 'delete': {
      const all = target.sources.map((_source, index) => index);
      const where = conditions(target, old, options, all).join('\n  AND ');
      return { sql: `DELETE FROM ${rowsOf(target)}\nWHERE ${where}`, spans: [] };
    }
    case 'insert':
      return insertStatement(target, edit.values);
  }
}

function updateStatement(
  target: FullTarget,
  values: Readonly<Record<number, NewValue>>,
  old: Row,
  options: StatementOptions,
): EditStatement {
  const columns = written(target, values);
  if (columns.length === 0) throw new AppError({ code: 'invalid-input', message: 'The edit changes nothing' });
  const text = new StatementText(`UPDATE ${rowsOf(target)}\nSET `);
  columns.forEach((index, at) => {
    const source = target.sources[index];
    if (!source) return;
    text.add(`${at === 0 ? '' : ', '}${quoteIdent(source.name)} = `);
    text.value(index, assigned(values[index] ?? null, source));
  });
  text.add(`\nWHERE ${conditions(target, old, options, columns).join('\n  AND ')}\nRETURNING ${shownColumns(target)}`);
  return text.statement();
}

function insertStatement(target: FullTarget, values: Readonly<Record<number, NewValue>>): EditStatement {
  const columns = written(target, values).flatMap((index) => {
    const source = target.sources[index];
    return source ? [{ index, source }] : [];
  });
  const text = new StatementText(`INSERT INTO ${nameOf(target)} `);
  if (columns.length === 0) text.add('DEFAULT VALUES');
  else {
    text.add(`(${columns.map(({ source }) => quoteIdent(source.name)).join(', ')})\nVALUES (`);
    columns.forEach(({ index, source }, at) => {
      if (at > 0) text.add(', ');
      text.value(index, assigned(values[index] ?? null, source));
    });
    text.add(')');
  }
  text.add(`\nRETURNING ${shownColumns(target)}`);
  return text.statement();
}

/** A text that remembers where its values stand. */
class StatementText {
  private readonly spans: { column: number; start: number; end: number }[] = [];
  constructor(private sql: string) {}

  add(text: string): void {
    this.sql += text;
  }

  value(column: number, text: string): void {
    this.spans.push({ column, start: this.sql.length, end: this.sql.length + text.length });
    this.sql += text;
  }

  statement(): EditStatement {
    return { sql: this.sql, spans: this.spans };
  }
}
