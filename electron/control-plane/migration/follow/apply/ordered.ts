import { PipelineWriter } from '../../../../adapters/postgres/pipeline-messages';
import type { BoundColumn, BoundTable } from './bound-table';
import { sameKey } from './compact';
import { NULL_KIND, TEXT_KIND, UNCHANGED_KIND, lengthAt, valueAt } from './tuple-walk';
import type { Unit } from './units';
import { DELETE_FULL, DELETE_KEY, INSERT, UPDATE, UPDATE_FULL, type Window } from './window';

/** Prepared statements that a session keeps at most. */
const STATEMENTS = 400;

/** A value of a change: which column, and whether it is one of the old values. */
interface Value {
  readonly column: BoundColumn;
  readonly old: boolean;
}

interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** Types whose equal values are the same in every byte of their text. Others are compared by the text that the receiving side makes of them. */
const EXACT = new Set(
  'int2 int4 int8 oid bool text varchar char name bytea uuid date time timestamp timestamptz inet macaddr'.split(' '),
);

const COLLATED = new Set(['text', 'varchar']);
const BYTES = 'COLLATE pg_catalog."C"';

class StatementBuilder {
  private readonly values: Value[] = [];

  /** A parameter for the value. */
  parameter(column: BoundColumn, old: boolean): string {
    this.values.push({ column, old });
    return `$${this.values.length}`;
  }

  /** The row with the key. */
  keyCondition(table: BoundTable, old: boolean): string {
    return table.keyColumns
      .map((column) => `${column.quoted} OPERATOR(${column.equal}) ${this.parameter(column, old)}`)
      .join(' AND ');
  }

  /** One of the rows that have all of the old values, byte by byte: a collation may hold different texts for equal. */
  rowCondition(table: BoundTable, isNull: (column: BoundColumn) => boolean): string {
    const conditions = table.columns.map((column) => {
      if (isNull(column)) return `${column.quoted} IS NULL`;
      const value = this.parameter(column, true);
      if (!EXACT.has(column.builtIn))
        return `${column.quoted}::pg_catalog.text OPERATOR(pg_catalog.=) (${value}::${column.type})::pg_catalog.text ${BYTES}`;
      const equal = `${column.quoted} OPERATOR(pg_catalog.=) ${value}`;
      // An index may help with the first.
      return COLLATED.has(column.builtIn) ? `${equal} AND ${equal} ${BYTES}` : equal;
    });
    // Rows of partitions are told apart by their table too.
    const place = table.target.kind === 'r' ? 'ctid' : '(tableoid, ctid)';
    const found = table.target.kind === 'r' ? 'ctid' : 'tableoid, ctid';
    return `${place} = (SELECT ${found} FROM ${table.from} WHERE ${conditions.join(' AND ') || 'true'} LIMIT 1)`;
  }

  done(sql: string): Statement {
    return { sql, values: this.values };
  }
}

function insertOf(table: BoundTable): Statement {
  const builder = new StatementBuilder();
  if (table.columns.length === 0) return builder.done(`INSERT INTO ${table.target.name} DEFAULT VALUES`);
  const overriding = [...table.target.columns.values()].some(({ identity }) => identity !== '');
  const names = table.columns.map(({ quoted }) => quoted).join(', ');
  const values = table.columns.map((column) => builder.parameter(column, false)).join(', ');
  return builder.done(
    `INSERT INTO ${table.target.name} (${names}) ${overriding ? 'OVERRIDING SYSTEM VALUE ' : ''}VALUES (${values})`,
  );
}

/** Statements of one session for changes one by one, in the exact order of the source. */
export class OrderedStatements {
  private readonly names = new Map<string, string>();
  private readonly known = new Map<string, Statement>();
  private named = 0;

  /** After changes of structure, and when a transaction was undone: the session's statements are not trusted any more. */
  forget(): void {
    this.names.clear();
    this.known.clear();
  }

  /** Writes the changes; those that change nothing are left out. */
  encode(window: Window, tables: readonly BoundTable[], changes: Iterable<number>): Unit {
    const writer = new PipelineWriter();
    const done: number[] = [];
    for (const change of changes) {
      const table = tables[window.tables[change] ?? 0];
      if (table && this.write(writer, window, table, change)) done.push(change);
    }
    return { kind: 'rows', messages: [writer.take()], changes: done };
  }

  private write(writer: PipelineWriter, window: Window, table: BoundTable, change: number): boolean {
    const kind = window.kinds[change] ?? 0;
    const old = window.olds[change] ?? -1;
    const fresh = window.news[change] ?? -1;
    const { bytes } = window;
    const kindOf = (column: BoundColumn, tuple: number): number => bytes[valueAt(bytes, tuple, column.position)] ?? 0;
    /** The same statement serves all changes of one shape. */
    let shape = `${table.number} ${kind}`;
    let make: () => Statement | null;
    if (kind === INSERT) make = () => insertOf(table);
    else {
      const isNull = (column: BoundColumn): boolean => kindOf(column, old) === NULL_KIND;
      const byRow = table.lookup === 'row';
      if (byRow) shape += ` ${table.columns.map((column) => (isNull(column) ? '0' : '1')).join('')}`;
      const whereOf = (builder: StatementBuilder): string =>
        byRow ? builder.rowCondition(table, isNull) : builder.keyCondition(table, old >= 0);
      if (kind === DELETE_KEY || kind === DELETE_FULL)
        make = () => {
          const builder = new StatementBuilder();
          return builder.done(`DELETE FROM ${table.from} WHERE ${whereOf(builder)}`);
        };
      else {
        const keyStays = !byRow && (kind === UPDATE || sameKey(bytes, table, old, fresh));
        const sent = table.columns.map((column) => kindOf(column, fresh) !== UNCHANGED_KIND);
        shape += ` ${keyStays ? 'k' : 'n'}${sent.map((each) => (each ? '1' : '0')).join('')}`;
        make = () => {
          const builder = new StatementBuilder();
          const set = table.columns.filter(
            (column, at) => sent[at] && !(keyStays && column.key) && (column.identity !== 'a' || column.key),
          );
          // What the server always gives cannot be set: the row must have that value already.
          const given = table.columns.filter((column, at) => sent[at] && column.identity === 'a' && !column.key);
          const settable = table.columns.find(({ identity }) => identity !== 'a') ?? table.columns[0];
          // Where values did not come the row must be there, though nothing of it changes.
          if (set.length === 0 && given.length === 0 && sent.every(Boolean)) return null;
          const assignments = set.map((column) => `${column.quoted} = ${builder.parameter(column, false)}`);
          if (assignments.length === 0 && settable) assignments.push(`${settable.quoted} = ${settable.quoted}`);
          const conditions = [
            whereOf(builder),
            ...given.map((column) => `${column.quoted} OPERATOR(pg_catalog.=) ${builder.parameter(column, false)}`),
          ];
          return builder.done(`UPDATE ${table.from} SET ${assignments.join(', ')} WHERE ${conditions.join(' AND ')}`);
        };
      }
    }
    const statement = this.known.get(shape) ?? make();
    if (statement === null) return false;
    const name = this.nameOf(writer, shape, statement);
    writer.bind(name, statement.values.length);
    for (const { column, old: isOld } of statement.values) {
      const at = valueAt(bytes, isOld && kind !== UPDATE ? old : fresh, column.position);
      const value = valuePlace(window, old, kind, column, at);
      if (bytes[value] === TEXT_KIND) writer.value(bytes, value + 5, value + 5 + lengthAt(bytes, value));
      else writer.nullValue();
    }
    writer.bound();
    return true;
  }

  private nameOf(writer: PipelineWriter, shape: string, statement: Statement): string {
    const known = this.names.get(shape);
    if (known !== undefined) {
      this.names.delete(shape);
      this.names.set(shape, known);
      return known;
    }
    if (this.names.size >= STATEMENTS) {
      for (const [oldest, name] of this.names) {
        writer.close(name);
        this.names.delete(oldest);
        this.known.delete(oldest);
        break;
      }
    }
    this.named += 1;
    const name = `howdah_${this.named}`;
    writer.parse(name, statement.sql);
    this.names.set(shape, name);
    this.known.set(shape, statement);
    return name;
  }
}

/** Where the value of a parameter stands: a key value that did not change and was not sent with the new ones is among the old ones. */
const valuePlace = (window: Window, old: number, kind: number, column: BoundColumn, at: number): number =>
  window.bytes[at] === UNCHANGED_KIND && old >= 0 && (kind === UPDATE_FULL || column.key)
    ? valueAt(window.bytes, old, column.position)
    : at;
