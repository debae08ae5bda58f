import { describe, expect, it } from 'vitest';
import type { Relation } from '../../electron/control-plane/migration/follow/change-stream';
import { StreamDamage } from '../../electron/control-plane/migration/follow/decode/stream-damage';
import { createWal2jsonDecoder } from '../../electron/control-plane/migration/follow/decode/wal2json';
import { FollowHalt } from '../../electron/control-plane/migration/follow/follow-model';
import { createRecorder, type RecordedChange } from '../support/change-recorder';
import { random } from '../support/pgoutput-streams';
import { randomTable, randomValue, relationOf } from '../support/text-streams';

const SEED = Number(process.env['HOWDAH_SEED'] ?? Math.floor(Math.random() * 1e6));
const ITEM = relationOf('public', 'item', ['id', 'name', 'raw'], ['id'], { raw: 17 });

async function decode(
  lines: readonly (object | string)[],
  tables: readonly Relation[] = [ITEM],
): Promise<RecordedChange[]> {
  const recorder = createRecorder();
  const decoder = createWal2jsonDecoder(recorder, {
    relations: (schema, name) =>
      Promise.resolve(tables.find((each) => each.schema === schema && each.name === name) ?? null),
  });
  for (const line of lines)
    await decoder.push(Buffer.from(typeof line === 'string' ? line : JSON.stringify(line)), 0n, 0n);
  await decoder.close();
  return recorder.changes;
}
const BEGIN = { action: 'B', xid: 7, timestamp: '2024-02-29 12:00:00.25+00', lsn: '1/10', nextlsn: '1/40' };
const COMMIT = { ...BEGIN, action: 'C' };
const TABLE = { schema: 'public', table: 'item', xid: 7, timestamp: BEGIN.timestamp, lsn: '1/5' };
const rows = async (...lines: object[]): Promise<RecordedChange[]> =>
  (await decode([BEGIN, ...lines.map((line) => ({ ...TABLE, ...line })), COMMIT]))
    .slice(1, -1)
    .filter(({ kind }) => kind !== 'relation');
const column = (name: string, value: string | boolean | null, typeoid = 25) => ({ name, typeoid, value });

describe('lines of wal2json', () => {
  it('tells where a transaction was committed and where it ends', async () => {
    const committedAt = Date.UTC(2024, 1, 29, 12, 0, 0, 250);
    expect(await decode([BEGIN, COMMIT])).toEqual([
      { kind: 'begin', xid: 7, commitLsn: 0x1_0000_0010n, committedAt },
      { kind: 'commit', commitLsn: 0x1_0000_0010n, endLsn: 0x1_0000_0040n, committedAt },
    ]);
  });

  it('brings values as their types write them', async () => {
    expect(
      await rows(
        {
          action: 'I',
          columns: [column('id', '12345678901234567890.10', 1700), column('name', true, 16), column('raw', '00ff', 17)],
        },
        { action: 'I', columns: [column('id', 'NaN', 701), column('name', null), { name: 'raw', value: '' }] },
        { action: 'I', columns: [column('id', '3'), column('name', 't', 99_999), column('raw', '\\x00', 99_998)] },
      ),
    ).toMatchObject([
      { values: ['12345678901234567890.10', 't', '\\x00ff'] },
      { values: ['NaN', null, '\\x'] },
      { values: ['3', 't', '\\x00'] },
    ]);
  });

  it('knows updates of keys from others, and columns that were not sent', async () => {
    const identity = (id: string) => [column('id', id, 23)];
    expect(
      await rows(
        { action: 'U', columns: [column('id', '1', 23), column('name', 'a')], identity: identity('1') },
        {
          action: 'U',
          columns: [column('id', '2', 23), column('name', 'a'), column('raw', null, 17)],
          identity: identity('1'),
        },
        { action: 'D', identity: identity('2') },
      ),
    ).toEqual([
      { kind: 'update', table: 'public.item', old: 'none', oldValues: null, values: ['1', 'a', undefined] },
      { kind: 'update', table: 'public.item', old: 'key', oldValues: ['1', null, null], values: ['2', 'a', null] },
      { kind: 'delete', table: 'public.item', old: 'key', oldValues: ['2', null, null] },
    ]);
    await expect(rows({ action: 'D' })).rejects.toThrow(FollowHalt);
    const full: Relation = { ...ITEM, identity: 'full' };
    const changes = await decode(
      [
        BEGIN,
        {
          ...TABLE,
          action: 'U',
          columns: [column('id', '1'), column('name', 'b')],
          identity: [column('id', '1'), column('name', null), column('raw', '01', 17)],
        },
        COMMIT,
      ],
      [full],
    );
    expect(changes).toContainEqual({
      kind: 'update',
      table: 'public.item',
      old: 'full',
      oldValues: ['1', null, '\\x01'],
      values: ['1', 'b', undefined],
    });
  });

  it('puts the tables of one TRUNCATE together', async () => {
    const other = relationOf('public', 'others', ['id'], ['id']);
    const line = (table: string, lsn: string) => ({ ...TABLE, action: 'T', table, lsn });
    const changes = await decode(
      [BEGIN, line('item', '1/5'), line('others', '1/5'), line('item', '1/6'), COMMIT],
      [ITEM, other],
    );
    expect(changes.filter(({ kind }) => kind === 'truncate')).toMatchObject([
      { tables: ['public.item', 'public.others'] },
      { tables: ['public.item'] },
    ]);
  });

  it('keeps messages in and outside of transactions', async () => {
    const message = { action: 'M', lsn: '1/8', prefix: 'howdah', content: 'ü\n' };
    expect(
      await decode([
        { ...message, xid: null, timestamp: null, transactional: false },
        BEGIN,
        { ...message, transactional: true },
        COMMIT,
      ]),
    ).toMatchObject([
      { kind: 'message', content: 'ü\n', transactional: false },
      { kind: 'begin' },
      { kind: 'message', transactional: true },
      { kind: 'commit' },
    ]);
  });

  it('takes nothing that is not of it', async () => {
    const insert = { ...TABLE, action: 'I', columns: [column('id', '1')] };
    for (const lines of [
      ['{'],
      [[]],
      [insert],
      [COMMIT],
      [BEGIN, BEGIN],
      [BEGIN, { ...insert, columns: [{ name: 'id', value: 1 }] }],
      [BEGIN, { ...insert, action: 'X' }],
      [BEGIN, COMMIT, BEGIN, COMMIT],
      [BEGIN, { action: 'M', lsn: '1/8', prefix: 'p', content: '', transactional: false }],
    ])
      await expect(decode(lines)).rejects.toThrow(StreamDamage);
  });

  it(`brings what was written, of 300 random rows (seed ${SEED})`, async () => {
    const below = random(SEED);
    for (let round = 0; round < 300; round += 1) {
      const relation = randomTable(below);
      const row = relation.columns.map(() => randomValue(below, false));
      const items = relation.columns.map(({ name }, at) => column(name, row[at] ?? null));
      const changes = await decode(
        [BEGIN, { ...TABLE, action: 'I', schema: relation.schema, table: relation.name, columns: items }, COMMIT],
        [relation],
      );
      expect(
        changes.find(({ kind }) => kind === 'insert'),
        `seed ${SEED}, round ${round}`,
      ).toMatchObject({ values: row });
    }
  });

  it(`never takes a damaged line for another value without a quote in it (seed ${SEED})`, async () => {
    const below = random(SEED);
    const line = JSON.stringify({
      ...TABLE,
      action: 'U',
      columns: [column('id', '1'), column('name', 'a"b')],
      identity: [column('id', '1')],
    });
    for (let round = 0; round < 1500; round += 1) {
      const bytes = Buffer.from(line);
      bytes[below(bytes.length)] = below(256);
      const cut = below(4) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes;
      const recorder = createRecorder();
      const decoder = createWal2jsonDecoder(recorder, { relations: () => Promise.resolve(ITEM) });
      await decoder.push(Buffer.from(JSON.stringify(BEGIN)), 0n, 0n);
      try {
        await decoder.push(cut, 0n, 0n);
      } catch (error) {
        expect(
          error instanceof StreamDamage || error instanceof FollowHalt,
          `seed ${SEED}, round ${round}: ${cut.toString('latin1')}: ${String(error)}`,
        ).toBe(true);
      }
    }
  });
});
