import type { Relation, RelationColumn } from '../change-stream';
import { FollowHalt, type Decisions } from '../follow-model';
import { NULL_VALUE, TEXT_VALUE, UNCHANGED_VALUE } from './tuple';

/** Looks a table up in the catalog of the source as it is now; null when there is none of that name. */
export type FindRelation = (schema: string, name: string) => Promise<Relation | null>;

/** A decoder of text that needs to know where in the WAL a payload stood. */
export interface PositionedDecoder {
  /** Takes one payload with the positions of its XLogData header. A promise: nothing more before it resolves. */
  push(payload: Buffer, walStart: bigint, walEnd: bigint): Promise<void> | undefined;
  close(): Promise<void>;
}

/** A value as text of its type: null is NULL, undefined was not sent because it did not change. */
export type TextValue = Buffer | null | undefined;

/** One row of text: values by the names of their columns. */
export type TextRow = ReadonlyMap<string, TextValue>;

/** The TupleData of values in the order of the columns; pgoutput writes the same. */
export function encodeTuple(values: readonly TextValue[]): Buffer {
  const size = values.reduce((sum, value) => sum + (value ? 5 + value.length : 1), 2);
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeInt16BE(values.length, 0);
  for (const value of values) {
    if (value) {
      at = bytes.writeUInt8(TEXT_VALUE, at);
      at = bytes.writeInt32BE(value.length, at);
      at += value.copy(bytes, at);
    } else at = bytes.writeUInt8(value === null ? NULL_VALUE : UNCHANGED_VALUE, at);
  }
  return bytes;
}

/** The tuple of a row; `lacking` stands for columns that the row does not name. */
export const tupleOf = (relation: Relation, row: TextRow, lacking: null | undefined): Buffer =>
  encodeTuple(relation.columns.map(({ name }) => (row.has(name) ? row.get(name) : lacking)));

/** What the text says of bytes that stand for themselves: one character a byte. */
export const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
export const nameOf = (text: string): string => bytesOf(text).toString('utf8');

/** Milliseconds since 1970 of a time as the server shows it under ISO; 0 when it is none. */
export function timeOf(text: string): number {
  const found = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)(?::?(\d\d))?$/.exec(text);
  if (!found) return 0;
  const [, day = '', time = '', hours = '+00', minutes = '00'] = found;
  const parsed = Date.parse(`${day}T${time.slice(0, 12)}${hours}:${minutes}`);
  return Number.isNaN(parsed) ? 0 : parsed;
}

export interface TableBookOptions {
  readonly relations: FindRelation;
  /** Whether changes of the table matter; without, all do. */
  readonly wanted?: (schema: string, name: string) => boolean;
  /** What was decided on tables that cannot be told from the text. */
  readonly decisions?: Decisions;
}

/** Tables that a stream of text speaks of. Text names columns and no more: the rest comes from the catalog, as it is now. */
export interface TableBook {
  /**
   * The table that rows with these columns are of; `whole`: those are all it had. `told` is true the first time. Null: its changes are left
   * out. Fails with `FollowHalt` when the catalog does not know it any more.
   */
  find(schema: string, name: string, columns: Iterable<string>, whole: boolean): Found | Promise<Found>;
}
export type Found = { readonly relation: Relation; readonly told: boolean } | null;

const same = (columns: readonly RelationColumn[], names: readonly string[]): boolean =>
  columns.length === names.length && columns.every(({ name }, at) => name === names[at]);

export function createTableBook(options: TableBookOptions): TableBook {
  const known = new Map<string, Relation>();
  const lookUp = async (
    key: string,
    schema: string,
    name: string,
    columns: readonly string[],
    whole: boolean,
  ): Promise<Found> => {
    const now = await options.relations(schema, name);
    const columnsNow = new Map(now?.columns.map((column) => [column.name, column]));
    if (!now || (!whole && columns.some((column) => !columnsNow.has(column)))) {
      const id = `structure:0:${schema}.${name}`;
      if (options.decisions?.get(id)?.choice === 'skip') return null;
      throw new FollowHalt({
        id,
        kind: 'structure',
        text: now
          ? `Changes of ${schema}.${name} name columns that the table has no more`
          : `There are changes of ${schema}.${name}, which is not on the source any more`,
        statement: '',
        schema,
        table: name,
        choices: ['retry', 'skip'],
      });
    }
    const relation = whole
      ? {
          ...now,
          columns: columns.map(
            (column) => columnsNow.get(column) ?? { name: column, typeOid: 0, typeModifier: -1, key: false },
          ),
        }
      : now;
    known.set(key, relation);
    return { relation, told: true };
  };
  return {
    find(schema, name, columns, whole) {
      if (options.wanted && !options.wanted(schema, name)) return null;
      const key = `${schema}\0${name}`;
      const names = [...columns];
      const relation = known.get(key);
      if (relation) {
        const fits = whole
          ? same(relation.columns, names)
          : names.every((column) => relation.columns.some((each) => each.name === column));
        if (fits) return { relation, told: false };
      }
      return lookUp(key, schema, name, names, whole);
    },
  };
}

/** A change whose row the source does not name. */
export function namelessHalt(relation: Relation, decisions: Decisions | undefined): FollowHalt | null {
  const { oid, schema, name } = relation;
  const id = `structure:${oid}:nameless`;
  if (decisions?.get(id)?.choice === 'skip') return null;
  return new FollowHalt({
    id,
    kind: 'structure',
    text: `A row of ${schema}.${name} was changed, and the source does not say which: the table has no replica identity`,
    statement: '',
    schema,
    table: name,
    choices: ['skip', 'retry'],
  });
}

/** Whether the old row comes with updates and deletes of a table. */
export const isNamed = ({ identity, columns }: Relation): boolean =>
  identity === 'full' || (identity !== 'nothing' && columns.some(({ key }) => key));
