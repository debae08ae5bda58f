import { quoteIdent } from '../../../../../shared/model/quote';
import type { BoundColumn, BoundTable } from './bound-table';
import { Compactor, DELETED, INSERTED, REPLACED, UPDATED } from './compact';
import { CopyText } from './copy-text';
import { UNCHANGED_KIND, nextValue } from './tuple-walk';
import type { Unit } from './units';
import type { Window } from './window';

/** Temporary tables that a session keeps at most. */
const STAGES = 200;
/** Keys of these types are sorted by the server before rows are looked up: neighbours lie together. */
const SORTED = new Set('int2 int4 int8 oid uuid date timestamp timestamptz'.split(' '));

interface Stage {
  /** `pg_temp.…` */
  readonly name: string;
  /** Number of the transaction that filled it last; 0: none. */
  filledIn: number;
}

/** Statements of one session for many changes of a table at once: rows travel by COPY, deletions and updates through temporary tables. */
export class Batches {
  private readonly compactor = new Compactor();
  private readonly stages = new Map<string, Stage>();
  /**
   * Of the receiving side, counted where windows are turned into statements: that is before those of the transaction before have run, so that
   * nothing that happens on the server may decide what is empty.
   */
  private transaction = 1;
  /** In this transaction temporary tables may hold rows that nobody remembers. */
  private forgottenIn = 0;

  /** `staging`: the account may make temporary tables; without, only insertions are joined. */
  constructor(private readonly staging: boolean) {}

  /** What was made may be gone: a transaction was undone, or the structure changed. */
  forget(): void {
    this.stages.clear();
    this.forgottenIn = this.transaction;
  }

  /** What is encoded from here on is of the next transaction, in which temporary tables are empty at first. */
  next(): void {
    this.transaction += 1;
  }

  get used(): boolean {
    return this.stages.size > 0;
  }

  /** `changes[from … to)` of one table, or null when they must be done one by one. */
  encode(window: Window, table: BoundTable, changes: Int32Array, from: number, to: number): Unit[] | null {
    const { compactor } = this;
    if (table.lookup === 'none') return this.inserts(window, table, changes, from, to);
    if (!this.staging || !compactor.join(window, table, changes, from, to)) return null;
    const units: Unit[] = [];
    const deleted = new CopyText();
    const inserted = new CopyText();
    const updated = new Map<string, CopyText>();
    let whole: CopyText | null = null;
    for (let entry = 0; entry < compactor.entries; entry += 1) {
      const tuple = compactor.tuples[entry] ?? -1;
      switch (compactor.states[entry]) {
        case DELETED:
          deleted.row(window.bytes, compactor.keys[entry] ?? 0, table.keyed);
          break;
        case INSERTED:
          inserted.row(window.bytes, tuple, table.written);
          break;
        case UPDATED:
        case REPLACED: {
          const pattern = patternOf(window.bytes, tuple, table);
          // Nothing is written, but the row must be there.
          if (pattern !== '' && columnsAt(table, markedBy(pattern)).every(({ key }) => key)) return null;
          let text: CopyText | null | undefined = pattern === '' ? whole : updated.get(pattern);
          if (!text) {
            text = new CopyText();
            updated.set(pattern, text);
            if (pattern === '') whole = text;
          }
          text.row(window.bytes, tuple, pattern === '' ? wholeOf(table) : markedBy(pattern));
          break;
        }
        default:
          break;
      }
    }
    if (deleted.rows > 0) units.push(...this.staged(table, 'd', table.keyColumns, deleted, deletion));
    for (const [pattern, text] of updated) {
      const marked = pattern === '' ? wholeOf(table) : markedBy(pattern);
      const columns = columnsAt(table, marked);
      if (columns.every(({ key }) => key)) continue;
      units.push(...this.staged(table, `u${patternNumber(table, pattern)}`, columns, text, update));
    }
    if (inserted.rows > 0) units.push(copyInto(table, inserted));
    return units;
  }

  private inserts(window: Window, table: BoundTable, changes: Int32Array, from: number, to: number): Unit[] {
    const text = new CopyText();
    for (let i = from; i < to; i += 1) text.row(window.bytes, window.news[changes[i] ?? 0] ?? 0, table.written);
    return [copyInto(table, text)];
  }

  /** Fills a temporary table and does with it what `make` says. */
  private staged(
    table: BoundTable,
    purpose: string,
    columns: readonly BoundColumn[],
    text: CopyText,
    make: (table: BoundTable, columns: readonly BoundColumn[], stage: string, rows: number) => Unit,
  ): Unit[] {
    const key = `${table.number}_${purpose}`;
    const units: Unit[] = [];
    let stage = this.stages.get(key);
    if (stage) this.stages.delete(key);
    else {
      for (const [oldest, { name, filledIn }] of this.stages) {
        if (this.stages.size < STAGES || filledIn === this.transaction) break;
        units.push({ kind: 'sql', sql: `DROP TABLE IF EXISTS ${name}` });
        this.stages.delete(oldest);
      }
      stage = { name: `pg_temp.howdah_${key}`, filledIn: this.forgottenIn };
      units.push({
        kind: 'sql',
        sql: `CREATE TEMP TABLE IF NOT EXISTS howdah_${key} ON COMMIT DELETE ROWS AS SELECT ${columns
          .map(({ quoted, position }) => `${quoted} AS c${position}`)
          .join(', ')} FROM ${table.from} WITH NO DATA`,
      });
    }
    if (stage.filledIn === this.transaction) units.push({ kind: 'sql', sql: `TRUNCATE ${stage.name}` });
    stage.filledIn = this.transaction;
    this.stages.set(key, stage);
    units.push(
      { kind: 'copy', sql: `COPY ${stage.name} FROM STDIN`, data: text.take(), rows: text.rows },
      make(table, columns, stage.name, text.rows),
    );
    return units;
  }
}

const copyInto = (table: BoundTable, text: CopyText): Unit => ({
  kind: 'copy',
  sql: `COPY ${table.target.name} (${table.columns.map(({ name }) => quoteIdent(name)).join(', ')}) FROM STDIN`,
  data: text.take(),
  rows: text.rows,
});

const matched = (table: BoundTable): string =>
  table.keyColumns.map(({ quoted, equal, position }) => `t.${quoted} OPERATOR(${equal}) v.c${position}`).join(' AND ');

function rowsOf(table: BoundTable, stage: string): string {
  const sorted = table.keyColumns.every(({ builtIn }) => SORTED.has(builtIn));
  const order = table.keyColumns.map(({ position }) => `c${position}`).join(', ');
  return sorted ? `(SELECT * FROM ${stage} ORDER BY ${order}) AS v` : `${stage} AS v`;
}

const deletion = (table: BoundTable, _columns: readonly BoundColumn[], stage: string, rows: number): Unit => ({
  kind: 'sql',
  sql: `DELETE FROM ${table.from} AS t USING ${rowsOf(table, stage)} WHERE ${matched(table)}`,
  tag: `DELETE ${rows}`,
});

const update = (table: BoundTable, columns: readonly BoundColumn[], stage: string, rows: number): Unit => ({
  kind: 'sql',
  sql: `UPDATE ${table.from} AS t SET ${columns
    .filter(({ key }) => !key)
    .map(({ quoted, position }) => `${quoted} = v.c${position}`)
    .join(', ')} FROM ${rowsOf(table, stage)} WHERE ${matched(table)}`,
  tag: `UPDATE ${rows}`,
});

/** '' when every value came, else for each position whether it is written: `1` or `0`. */
function patternOf(bytes: Buffer, tuple: number, table: BoundTable): string {
  const count = table.written.length;
  let here = tuple + 2;
  let unchanged = false;
  for (let position = 0; position < count && !unchanged; position += 1) {
    unchanged = bytes[here] === UNCHANGED_KIND;
    here = nextValue(bytes, here);
  }
  if (!unchanged) return '';
  let pattern = '';
  here = tuple + 2;
  for (let position = 0; position < count; position += 1) {
    const taken = table.keyed[position] === 1 || (table.written[position] === 1 && bytes[here] !== UNCHANGED_KIND);
    pattern += taken ? '1' : '0';
    here = nextValue(bytes, here);
  }
  return pattern;
}

const wholeOf = (table: BoundTable): Uint8Array => table.written;
const markedBy = (pattern: string): Uint8Array => Uint8Array.from(pattern, Number);
const columnsAt = (table: BoundTable, marked: Uint8Array): BoundColumn[] =>
  table.columns.filter(({ position }) => marked[position] === 1);

function patternNumber(table: BoundTable, pattern: string): number {
  const known = table.patterns.get(pattern);
  if (known !== undefined) return known;
  table.patterns.set(pattern, table.patterns.size);
  return table.patterns.size - 1;
}
