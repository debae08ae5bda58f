import { describe, expect, it } from 'vitest';
import { bindTable, type BoundTable } from '../../electron/control-plane/migration/follow/apply/bound-table';
import {
  Compactor,
  DELETED,
  GONE,
  hashKey,
  INSERTED,
  REPLACED,
  UPDATED,
} from '../../electron/control-plane/migration/follow/apply/compact';
import type { TargetTable } from '../../electron/control-plane/migration/follow/apply/target-table';
import {
  DELETE_FULL,
  DELETE_KEY,
  INSERT,
  UPDATE,
  UPDATE_FULL,
  UPDATE_KEY,
  Window,
} from '../../electron/control-plane/migration/follow/apply/window';
import { valuesAt, type RecordedValue } from '../support/change-recorder';
import { random } from '../support/pgoutput-streams';
import { table, tuple } from '../support/pgoutput-writer';

const SEED = Number(process.env['HOWDAH_SEED'] ?? Math.floor(Math.random() * 1e6));
const ROUNDS = 1500;
const COLUMNS = ['note', 'a', 'big', 'b'];
type Row = readonly (string | null)[];
type Rows = Map<string, Row>;

/** `a` and `b` are the key, and are not the first columns. */
function boundTable(identity: 'default' | 'full'): BoundTable {
  const relation = table(1, 't', COLUMNS, { identity });
  const columns = relation.columns.map((column) => ({ ...column, key: column.name === 'a' || column.name === 'b' }));
  const target: TargetTable = {
    name: 'public.t',
    kind: 'r',
    uniques: 1,
    columns: new Map(
      COLUMNS.map((name) => [
        name,
        {
          name,
          type: 'pg_catalog."text"',
          builtIn: 'text',
          notNull: name.length === 1,
          hasDefault: false,
          generated: false,
          identity: '',
        },
      ]),
    ),
    keys: [
      {
        columns: [
          { name: 'b', equal: 'pg_catalog.=' },
          { name: 'a', equal: 'pg_catalog.=' },
        ],
      },
    ],
  };
  return bindTable(0, { ...relation, columns }, { schema: 'public', name: 't', syncedAt: 0n }, target);
}

const keyOf = (row: readonly RecordedValue[]): string => `${row[1]},${row[3]}`;

/** Changes as a source writes them, and what they make of the rows. */
class Source {
  readonly window = new Window(64);
  readonly rows: Rows;
  readonly said: string[] = [];

  constructor(
    private readonly below: (below: number) => number,
    private readonly full: boolean,
    before: Rows,
  ) {
    this.rows = new Map(before);
  }

  fresh(): Row {
    const { below } = this;
    // "1" and "12", "2" and "" next to one another: keys are not to be taken for one another.
    const part = (): string => ['1', '12', '2', ''][below(4)] ?? '';
    const value = (): string | null => (below(4) === 0 ? null : `v${below(1000)}`);
    return [value(), part(), value(), part()];
  }

  step(): void {
    const row = this.fresh();
    const key = keyOf(row);
    const there = this.rows.get(key);
    if (!there) {
      this.add(INSERT, null, row);
      this.rows.set(key, row);
      return;
    }
    if (this.below(3) === 0) {
      this.add(this.full ? DELETE_FULL : DELETE_KEY, this.old(there), null);
      this.rows.delete(key);
      return;
    }
    // Large values that did not change do not come.
    const kept = this.below(2) === 0;
    const wish = this.below(2) === 0 ? this.fresh() : row;
    const goal = this.rows.has(keyOf(wish)) ? row : wish;
    const next: Row = kept ? [goal[0] ?? null, goal[1] ?? null, there[2] ?? null, goal[3] ?? null] : goal;
    const moves = keyOf(next) !== key;
    const sent = next.map((value, at) => (kept && at === 2 ? undefined : value));
    if (this.full) this.add(UPDATE_FULL, this.old(there), sent);
    else this.add(moves || this.below(4) === 0 ? UPDATE_KEY : UPDATE, this.old(there), sent);
    this.rows.delete(key);
    this.rows.set(keyOf(next), next);
  }

  private old(row: Row): Row {
    return this.full ? row : row.map((value, at) => (at === 1 || at === 3 ? value : null));
  }

  private add(kind: number, old: Row | null, sent: readonly RecordedValue[] | null): void {
    const { window } = this;
    const keep = (values: readonly RecordedValue[]): number => window.keep(tuple(values), 0);
    const oldAt = old !== null && kind !== UPDATE ? keep(old) : -1;
    window.add(kind, 0, oldAt, sent === null ? -1 : keep(sent), window.count + 1);
    this.said.push(`${kind} ${JSON.stringify(old)} ${JSON.stringify(sent)}`);
  }
}

/** Does with the rows what the entries say, as the statements of a batch do it: deletions, updates, insertions. */
function carryOut(window: Window, compactor: Compactor, before: Rows): Rows {
  const rows = new Map(before);
  const entries = Array.from({ length: compactor.entries }, (_each, entry) => ({
    state: compactor.states[entry] ?? 0,
    key: keyOf(valuesAt(window.bytes, compactor.keys[entry] ?? 0)),
    values: (compactor.tuples[entry] ?? -1) < 0 ? [] : valuesAt(window.bytes, compactor.tuples[entry] ?? 0),
  }));
  expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
  for (const { state, key } of entries) if (state === DELETED) expect(rows.delete(key), `delete ${key}`).toBe(true);
  for (const { state, key, values } of entries) {
    if (state !== UPDATED && state !== REPLACED) continue;
    const there = rows.get(key);
    if (!there) throw new Error(`update ${key} finds nothing`);
    expect(keyOf(values)).toBe(key);
    if (state === REPLACED) expect(values).not.toContain(undefined);
    rows.set(
      key,
      values.map((value, at) => (value === undefined ? (there[at] ?? null) : value)),
    );
  }
  for (const { state, key, values } of entries) {
    if (state === GONE) expect(rows.has(key), `gone ${key}`).toBe(false);
    if (state !== INSERTED) continue;
    expect(rows.has(key), `insert ${key}`).toBe(false);
    expect(values).not.toContain(undefined);
    rows.set(
      key,
      values.map((value) => value ?? null),
    );
  }
  return rows;
}

const sorted = (rows: Rows): unknown[] => [...rows].toSorted(([one], [other]) => (one < other ? -1 : 1));

describe(`changes joined by key (seed ${SEED}, HOWDAH_SEED repeats it)`, () => {
  it.each(['default', 'full'] as const)('do what they do one by one: identity %s', (identity) => {
    const bound = boundTable(identity);
    const compactor = new Compactor();
    let joined = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const below = random(SEED * 10_000 + round);
      const before: Rows = new Map();
      const seeding = new Source(below, identity === 'full', before);
      for (let row = below(12); row > 0; row -= 1) {
        const fresh = seeding.fresh();
        before.set(keyOf(fresh), fresh);
      }
      const source = new Source(below, identity === 'full', before);
      for (let step = 1 + below(40); step > 0; step -= 1) source.step();
      const { window } = source;
      const changes = Int32Array.from({ length: window.count }, (_each, at) => at);
      try {
        // What a key is changed to needs every value; where one is not known all is done one by one.
        if (!compactor.join(window, bound, changes, 0, changes.length)) {
          expect(identity).toBe('default');
          continue;
        }
        joined += 1;
        expect(sorted(carryOut(window, compactor, before))).toEqual(sorted(source.rows));
      } catch (error) {
        throw new Error(`round ${round}\n${JSON.stringify([...before])}\n${source.said.join('\n')}`, { cause: error });
      }
    }
    expect(joined).toBeGreaterThan(ROUNDS / 5);
  });

  it('of two keys with the same hash stay apart', () => {
    const bound = boundTable('default');
    const window = new Window(64);
    for (const key of ['jngecu', 'ypjkmm', 'yzmgwt', 'kesgkc'])
      window.add(INSERT, 0, -1, window.keep(tuple(['n', key, 'x', '']), 0), 1);
    const hashes = Array.from(window.news.subarray(0, 4), (at) => hashKey(window.bytes, bound.keyed, at));
    expect(new Set(hashes).size).toBe(2);
    const compactor = new Compactor();
    expect(compactor.join(window, bound, Int32Array.of(0, 1, 2, 3), 0, 4)).toBe(true);
    expect(compactor.entries).toBe(4);
  });

  it('are refused where they contradict themselves', () => {
    const bound = boundTable('default');
    const row = ['n', '1', 'x', '2'];
    const cases: readonly (readonly (readonly [number, readonly RecordedValue[]])[])[] = [
      [
        [INSERT, row],
        [INSERT, row],
      ],
      [
        [DELETE_KEY, row],
        [DELETE_KEY, row],
      ],
      [
        [DELETE_KEY, row],
        [UPDATE, row],
      ],
      [
        [UPDATE, row],
        [INSERT, row],
      ],
    ];
    for (const changes of cases) {
      const window = new Window(64);
      for (const [kind, values] of changes) {
        const at = window.keep(tuple(values), 0);
        window.add(kind, 0, kind === DELETE_KEY ? at : -1, kind === DELETE_KEY ? -1 : at, 1);
      }
      expect(new Compactor().join(window, bound, Int32Array.of(0, 1), 0, 2)).toBe(false);
    }
  });
});
