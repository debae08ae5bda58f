import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRateLimit } from '../../electron/control-plane/migration/copy/rate-limit';
import { partsOf } from '../../electron/control-plane/migration/copy/split';
import { copyStatements } from '../../electron/control-plane/migration/copy/copy-statements';
import { createWorkPool } from '../../electron/control-plane/migration/copy/work-pool';
import { openJournal, readJournal } from '../../electron/control-plane/migration/journal';
import type { PlannedTable } from '../../electron/control-plane/migration/plan-model';

const MIB = 1024 * 1024;

const table = (change: Partial<PlannedTable> = {}): PlannedTable => ({
  oid: 20_000,
  schema: 'public',
  name: 'orders',
  targetSchema: 'public',
  targetName: 'orders',
  kind: 'table',
  persistence: 'permanent',
  columns: [
    { name: 'id', type: 'integer', generated: false, identity: '' },
    { name: 'odd "name"', type: 'text', generated: false, identity: '' },
    { name: 'total', type: 'numeric', generated: true, identity: '' },
  ],
  bytes: 100 * MIB,
  rows: 1_000_000,
  integerKey: 'id',
  rowFilter: '',
  ...change,
});

describe('parts of a table', () => {
  const facts = { splitAbove: 30 * MIB, serverVersionNum: 170_010, keyRange: null };

  test('a small table, and any when splitting is off, is one part', () => {
    expect(partsOf(table({ bytes: 30 * MIB }), facts)).toEqual([{ number: 1, of: 1, where: '', bytes: 30 * MIB }]);
    expect(partsOf(table(), { ...facts, splitAbove: 0 })).toHaveLength(1);
  });

  test('from 14 on by position: without a gap, and open at both ends', () => {
    const parts = partsOf(table(), facts).map(({ where }) => where);
    expect(parts).toEqual([
      "ctid < '(3200,0)'::tid",
      "ctid >= '(3200,0)'::tid AND ctid < '(6400,0)'::tid",
      "ctid >= '(6400,0)'::tid AND ctid < '(9600,0)'::tid",
      "ctid >= '(9600,0)'::tid",
    ]);
  });

  test('before 14 by an integer key, whatever its range', () => {
    const keyRange = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
    const parts = partsOf(table({ bytes: 60 * MIB }), { ...facts, serverVersionNum: 130_000, keyRange });
    expect(parts.map(({ where }) => where)).toEqual(['id < 0', 'id >= 0']);
  });

  test('before 14 without such a key, or with too few values, not at all', () => {
    const old = { ...facts, serverVersionNum: 130_000 };
    expect(partsOf(table({ integerKey: null }), { ...old, keyRange: { min: 1n, max: 9n } })).toHaveLength(1);
    expect(partsOf(table(), { ...old, keyRange: null })).toHaveLength(1);
    expect(partsOf(table(), { ...old, keyRange: { min: 1n, max: 3n } })).toHaveLength(1);
  });

  test('never more parts than sessions and scans are worth', () => {
    expect(partsOf(table({ bytes: 10_000 * 30 * MIB }), facts)).toHaveLength(256);
  });
});

describe('the statements of a copy', () => {
  test('name the columns on both sides, leave out generated ones, and join the conditions', () => {
    const filtered = table({ rowFilter: 'id > 5 OR true', targetSchema: 'New "S"', targetName: 'o' });
    expect(copyStatements(filtered, { number: 1, of: 2, where: 'ctid < x', bytes: 1 })).toEqual({
      read: 'COPY (SELECT id, "odd ""name""" FROM ONLY public.orders WHERE (ctid < x) AND (id > 5 OR true)) TO STDOUT',
      write: 'COPY "New ""S""".o (id, "odd ""name""") FROM STDIN',
    });
  });

  test('a table without columns has rows all the same', () => {
    const { read, write } = copyStatements(table({ columns: [] }), { number: 1, of: 1, where: '', bytes: 0 });
    expect(read).toBe('COPY (SELECT  FROM ONLY public.orders) TO STDOUT');
    expect(write).toBe('COPY public.orders FROM STDIN');
  });
});

describe('works side by side', () => {
  const gate = () => {
    let open: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (open = resolve));
    return { open: () => open(), closed };
  };

  test('as many as allowed, the most urgent first, and more when the limit is raised', async () => {
    const pool = createWorkPool(1);
    const begun: string[] = [];
    const gates = new Map(['first', 'small', 'large', 'also large'].map((name) => [name, gate()]));
    const add = (name: string, urgency: number) =>
      pool.add(urgency, async () => {
        begun.push(name);
        await gates.get(name)?.closed;
        return name;
      });
    const done = [add('first', 0), add('small', 1), add('large', 9), add('also large', 9)];
    expect(begun).toEqual(['first']);
    gates.get('first')?.open();
    expect(await done[0]).toBe('first');
    expect(begun).toEqual(['first', 'large']);
    pool.setLimit(3);
    expect(begun).toEqual(['first', 'large', 'also large', 'small']);
    for (const each of gates.values()) each.open();
    expect(await Promise.all(done)).toEqual(['first', 'small', 'large', 'also large']);
    expect(pool.running).toBe(0);
  });

  test('a work that fails makes room', async () => {
    const pool = createWorkPool(1);
    const held = gate();
    const failing = pool.add(1, async () => {
      await held.closed;
      throw new Error('broken');
    });
    const waiting = pool.add(1, async () => 'next');
    held.open();
    await expect(failing).rejects.toThrow('broken');
    expect(await waiting).toBe('next');
  });

  test('a work that throws at once fails, and makes room too', async () => {
    const pool = createWorkPool(1);
    const throwing = pool.add(1, () => {
      throw new Error('at once');
    });
    await expect(throwing).rejects.toThrow('at once');
    expect(await pool.add(1, async () => 'next')).toBe('next');
  });

  test('twenty thousand works are ordered without a pause', async () => {
    const pool = createWorkPool(1);
    const held = gate();
    const first = pool.add(0, () => held.closed);
    const order: number[] = [];
    const all = Array.from({ length: 20_000 }, (_none, index) =>
      pool.add((index * 7919) % 20_011, async () => void order.push((index * 7919) % 20_011)),
    );
    held.open();
    await Promise.all([first, ...all]);
    expect(order).toEqual(order.toSorted((a, b) => b - a));
  });
});

describe('the limit on bytes a second', () => {
  test('lets a short burst through, then holds for as long as the limit says', () => {
    let now = 0;
    const limit = createRateLimit(1000, () => now);
    expect(limit.take(100)).toBeUndefined();
    expect(limit.take(1)).toBeInstanceOf(Promise);
    now = 2000;
    expect(limit.take(100)).toBeUndefined();
  });

  test('can be taken away and set while it runs', () => {
    const limit = createRateLimit(0, () => 0);
    expect(limit.take(1e12)).toBeUndefined();
    limit.set(10);
    expect(limit.take(100)).toBeInstanceOf(Promise);
    limit.set(0);
    expect(limit.take(1e12)).toBeUndefined();
  });
});

describe('the journal of a task', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'howdah-journal-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const step = (name: string) => ({ did: 'step' as const, database: 'shop', step: name });

  test('is read as it was written, also by the next process', async () => {
    const file = join(folder, 'progress.jsonl');
    const journal = await openJournal(file);
    await Promise.all(Array.from({ length: 100 }, (_none, index) => journal.add(step(String(index)))));
    await journal.close();
    const again = await openJournal(file);
    expect(again.entries).toEqual(Array.from({ length: 100 }, (_none, index) => step(String(index))));
    await again.close();
  });

  test('a last line that a crash cut off is left out, and does not spoil the next one', async () => {
    const file = join(folder, 'progress.jsonl');
    await writeFile(file, `${JSON.stringify(step('one'))}\n{"did":"st`);
    const journal = await openJournal(file);
    expect(journal.entries).toEqual([step('one')]);
    await journal.add(step('two'));
    await journal.close();
    expect(readJournal(await readFile(file, 'utf8'))).toEqual([step('one'), step('two')]);
  });

  test('what is told is on disk when it resolves, also while an earlier entry is being written', async () => {
    const file = join(folder, 'progress.jsonl');
    const journal = await openJournal(file);
    const first = journal.add(step('first'));
    await first;
    const second = journal.add(step('second'));
    const third = Promise.resolve().then(() => journal.add(step('third')));
    await Promise.all([second, third]);
    expect(readJournal(await readFile(file, 'utf8')).map((each) => each.did === 'step' && each.step)).toEqual([
      'first',
      'second',
      'third',
    ]);
    await journal.close();
  });
});
