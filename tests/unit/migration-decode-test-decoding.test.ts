import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Relation } from '../../electron/control-plane/migration/follow/change-stream';
import { StreamDamage } from '../../electron/control-plane/migration/follow/decode/stream-damage';
import { createTestDecodingDecoder } from '../../electron/control-plane/migration/follow/decode/test-decoding';
import { readTestDecoding } from '../../electron/control-plane/migration/follow/decode/test-decoding-text';
import { openTransactionSpool } from '../../electron/control-plane/migration/follow/decode/transaction-spool';
import { FollowHalt } from '../../electron/control-plane/migration/follow/follow-model';
import { quoteIdent } from '../../shared/model/quote';
import { createRecorder, type RecordedChange, type RecordedValue } from '../support/change-recorder';
import { random } from '../support/pgoutput-streams';
import { randomTable, randomValue, relationOf } from '../support/text-streams';

const SEED = Number(process.env['HOWDAH_SEED'] ?? Math.floor(Math.random() * 1e6));

let folder: string;
let spools = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'howdah-text-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ITEM = relationOf('public', 'item', ['id', 'name', 'n'], ['id']);

async function decode(
  lines: readonly string[],
  tables: readonly Relation[] = [ITEM],
  ends?: readonly bigint[],
): Promise<RecordedChange[]> {
  const recorder = createRecorder();
  spools += 1;
  const spool = await openTransactionSpool({ folder: join(folder, String(spools)), maxBytes: 1e8 });
  const decoder = createTestDecodingDecoder(recorder, {
    spool,
    relations: (schema, name) =>
      Promise.resolve(tables.find((each) => each.schema === schema && each.name === name) ?? null),
  });
  let commit = 0;
  try {
    for (const line of lines) {
      if (line.startsWith('COMMIT')) commit += 1;
      const end = line.startsWith('COMMIT') ? (ends?.[commit - 1] ?? BigInt(1000 * commit)) : 5n;
      await decoder.push(Buffer.from(line), end, end);
    }
  } finally {
    await decoder.close();
  }
  return recorder.changes;
}
const rows = async (...lines: string[]): Promise<RecordedChange[]> =>
  (await decode(['BEGIN 7', ...lines, 'COMMIT 7'])).slice(1, -1).filter(({ kind }) => kind !== 'relation');

describe('text of test_decoding', () => {
  it.each([
    ['a number', 'n[integer]:-5', '-5'],
    ['a number that is none', `n[double precision]:NaN`, 'NaN'],
    ['without end', 'n[real]:-Infinity', '-Infinity'],
    ['an exponent', 'n[double precision]:1e+300', '1e+300'],
    ['NULL', 'n[text]:null', null],
    ['the word null', `n[text]:'null'`, 'null'],
    ['unchanged', 'n[text]:unchanged-toast-datum', undefined],
    ['the words for it', `n[text]:'unchanged-toast-datum'`, 'unchanged-toast-datum'],
    ['true', 'n[boolean]:true', 't'],
    ['a domain over it', `n[public.yes]:'t'`, 't'],
    ['bits', `n[bit varying]:B'101'`, '101'],
    ['quotes', `n[text]:'it''s '' fine'`, `it's ' fine`],
    ['only quotes', `n[text]:''''''`, `''`],
    ['empty', `n[text]:''`, ''],
    ['backslashes', String.raw`n[text]:'a\'`, 'a\\'],
    ['lines', `n[text]:'a\nnew-tuple: b[c]:1'`, 'a\nnew-tuple: b[c]:1'],
    ['an array', `n[text[]]:'{"a b",NULL}'`, '{"a b",NULL}'],
    ['an odd type', `n["Odd ""[]]: Type"[]]:'x'`, 'x'],
    ['letters of others', `n[text]:'ü€😀'`, 'ü€😀'],
  ])('reads %s', async (_what, column, value) => {
    const [change] = await rows(`table public.item: UPDATE: id[integer]:1 name[text]:'x' ${column}`);
    expect(change).toMatchObject({ kind: 'update', old: 'none', values: ['1', 'x', value] });
  });

  it('reads names in quotes, old rows and rows that are not told', async () => {
    const odd = relationOf('My "S"', 'a.b: c', ['the id', 'x"y'], ['the id']);
    const lines = [
      `table "My ""S"""."a.b: c": UPDATE: old-key: "the id"[integer]:1 new-tuple: "the id"[integer]:2 "x""y"[text]:'v'`,
      `table "My ""S"""."a.b: c": DELETE: "the id"[integer]:2`,
    ];
    const changes = await decode(['BEGIN 1', ...lines, 'COMMIT 1 (at 2024-02-29 12:00:00.25+00)'], [odd]);
    expect(changes.filter(({ kind }) => kind !== 'relation')).toEqual([
      { kind: 'begin', xid: 1, commitLsn: 999n, committedAt: Date.UTC(2024, 1, 29, 12, 0, 0, 250) },
      { kind: 'update', table: 'My "S".a.b: c', old: 'key', oldValues: ['1', null], values: ['2', 'v'] },
      { kind: 'delete', table: 'My "S".a.b: c', old: 'key', oldValues: ['2', null] },
      { kind: 'commit', commitLsn: 999n, endLsn: 1000n, committedAt: Date.UTC(2024, 1, 29, 12, 0, 0, 250) },
    ]);
    await expect(rows('table public.item: DELETE: (no-tuple-data)')).rejects.toThrow(FollowHalt);
  });

  it('reads TRUNCATE of many tables, and what was committed without a number', async () => {
    const other = relationOf('public', 'other', ['id'], ['id']);
    const changes = await decode(
      [
        'BEGIN 9',
        'table public.item, public.other: TRUNCATE: restart_seqs cascade',
        'COMMIT',
        'BEGIN 10',
        'table public.item: TRUNCATE: (no-flags)',
        'COMMIT 10',
      ],
      [ITEM, other],
    );
    expect(changes.filter(({ kind }) => kind === 'truncate')).toEqual([
      { kind: 'truncate', tables: ['public.item', 'public.other'], cascade: true, restartIdentity: true },
      { kind: 'truncate', tables: ['public.item'], cascade: false, restartIdentity: false },
    ]);
  });

  it('tells a table anew when its columns are others, and halts where the catalog does not know it', async () => {
    const changes = await decode([
      'BEGIN 1',
      `table public.item: INSERT: id[integer]:1 name[text]:'a' n[integer]:1`,
      `table public.item: INSERT: id[integer]:2 old[text]:'b'`,
      'COMMIT 1',
    ]);
    expect(
      changes.flatMap((change) =>
        change.kind === 'relation' ? [change.relation.columns.map(({ name }) => name)] : [],
      ),
    ).toEqual([
      ['id', 'name', 'n'],
      ['id', 'old'],
    ]);
    await expect(decode(['BEGIN 1', 'table public.gone: INSERT: id[integer]:1', 'COMMIT 1'])).rejects.toThrow(
      /not on the source any more/,
    );
  });

  it('does not go on when commits are out of order, or lines are none', async () => {
    await expect(decode(['BEGIN 1', 'COMMIT 1', 'BEGIN 2', 'COMMIT 2'], [ITEM], [2000n, 2000n])).rejects.toThrow(
      StreamDamage,
    );
    await expect(decode(['table public.item: INSERT: id[integer]:1'])).rejects.toThrow(StreamDamage);
    await expect(decode(['BEGIN 1', 'BEGIN 2', 'COMMIT 2'])).rejects.toThrow(StreamDamage);
    await expect(decode(['COMMIT 1'])).rejects.toThrow(StreamDamage);
    for (const line of [
      'table public.item: INSERT: id[integer]:1x',
      `table public.item: INSERT: id[text]:'a`,
      'table public.item: MERGE: id[integer]:1',
      'table public.item INSERT: id[integer]:1',
      `table public.item: UPDATE: old-key: id[integer]:1`,
      'table public.item: INSERT: id[integer:1',
      'table public.item: TRUNCATE: ',
      'opening a streamed block for transaction TXN 1',
    ])
      await expect(rows(line)).rejects.toThrow(StreamDamage);
  });

  it(`brings what was written, of 300 random rows (seed ${SEED})`, async () => {
    const below = random(SEED);
    for (let round = 0; round < 300; round += 1) {
      const relation = randomTable(below);
      const value = (unchanged: boolean): RecordedValue => randomValue(below, unchanged);
      const said = (names: readonly string[], values: readonly RecordedValue[], nulls: boolean): string =>
        names
          .map((name, at) => ({ name, text: values[at] }))
          .filter(({ text }) => nulls || text !== null)
          .map(
            ({ name, text }) =>
              ` ${quoteIdent(name)}[text]:${text === null ? 'null' : text === undefined ? 'unchanged-toast-datum' : `'${text.replaceAll("'", "''")}'`}`,
          )
          .join('');
      const names = relation.columns.map(({ name }) => name);
      const old = names.map(() => value(false));
      const row = names.map(() => value(true));
      const line = `table ${quoteIdent(relation.schema)}.${quoteIdent(relation.name)}: UPDATE: old-key:${said(names, old, false)} new-tuple:${said(names, row, true)}`;
      const changes = await decode(['BEGIN 1', line, 'COMMIT 1'], [relation]);
      expect(
        changes.find(({ kind }) => kind === 'update'),
        `seed ${SEED}, round ${round}`,
      ).toMatchObject({ oldValues: old, values: row });
    }
  });

  it(`reads a damaged line wrongly never, or says so (seed ${SEED})`, () => {
    const below = random(SEED);
    const line = `table public."I""m": UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2 name["T ""x"[]]:'a''b' n[bit]:B'1' t[text]:unchanged-toast-datum`;
    for (let round = 0; round < 3000; round += 1) {
      const bytes = Buffer.from(line);
      for (let times = 1 + below(3); times > 0; times -= 1) bytes[below(bytes.length)] = below(256);
      const cut = below(4) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes;
      try {
        readTestDecoding(cut);
      } catch (error) {
        expect(error, `seed ${SEED}, round ${round}: ${cut.toString('latin1')}`).toBeInstanceOf(StreamDamage);
      }
    }
  });
});
