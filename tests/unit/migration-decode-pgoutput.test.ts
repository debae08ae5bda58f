import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createPgoutputDecoder,
  type StreamDecoder,
} from '../../electron/control-plane/migration/follow/decode/pgoutput';
import {
  openTransactionSpool,
  SpoolFull,
  type TransactionSpool,
} from '../../electron/control-plane/migration/follow/decode/transaction-spool';
import { StreamDamage } from '../../electron/control-plane/migration/follow/decode/stream-damage';
import { createRecorder, type ChangeRecorder } from '../support/change-recorder';
import { int32, table, tuple, write } from '../support/pgoutput-writer';

const T = table(70_000, 't', ['id', 'a', 'b']);
const FULL = table(4_000_000_001, 'f', ['id', 'a'], { identity: 'full' });
const AT = Date.UTC(2026, 5, 1, 12, 30, 0, 250);
const BEGIN = { kind: 'begin', xid: 700, commitLsn: 100n, committedAt: AT };
const COMMIT = { kind: 'commit', commitLsn: 100n, endLsn: 108n, committedAt: AT };

let recorder: ChangeRecorder;
let decoder: StreamDecoder;
beforeEach(() => {
  recorder = createRecorder();
  decoder = createPgoutputDecoder(recorder, { protocol: 1, spool: null });
});

async function push(...payloads: readonly Buffer[]): Promise<void> {
  for (const payload of payloads) await decoder.push(payload);
}
const inTransaction = (...payloads: readonly Buffer[]): Promise<void> =>
  push(write.begin(700, 100n, AT), write.relation(T), write.relation(FULL), ...payloads, write.commit(100n, 108n, AT));
/** What came between the tables that were told and the commit. */
const inside = (): unknown[] => recorder.changes.slice(3, -1);

describe('messages', () => {
  it('begin, commit and tables come with all their fields', async () => {
    await inTransaction();
    expect(recorder.changes).toEqual([
      BEGIN,
      { kind: 'relation', relation: T },
      { kind: 'relation', relation: FULL },
      COMMIT,
    ]);
  });

  it('a rollback that nobody asked for is nothing, as 18 sends it now and then', async () => {
    await push(write.streamAbort(10, 11));
    await inTransaction();
    expect(recorder.changes.map(({ kind }) => kind)).toEqual(['begin', 'relation', 'relation', 'commit']);
  });

  it('an object number and a transaction number beyond 2^31 are positive', async () => {
    await push(write.begin(4_294_967_290, 0xffff_ffff_0000_0001n, AT), write.relation(FULL));
    await push(write.insert(FULL.oid, ['1', 'x']));
    expect(recorder.changes[0]).toMatchObject({ xid: 4_294_967_290, commitLsn: 0xffff_ffff_0000_0001n });
    expect(recorder.changes[2]).toMatchObject({ kind: 'insert', table: 'public.f' });
  });

  it('a table of the system comes with its schema', async () => {
    const system = { ...T, schema: '' };
    await push(write.begin(1, 1n), write.relation(system));
    expect(recorder.changes[1]).toMatchObject({ relation: { schema: 'pg_catalog', name: 't' } });
  });

  it.each([
    ['insert', write.insert(T.oid, ['1', null, 'é']), { kind: 'insert', table: 'public.t', values: ['1', null, 'é'] }],
    [
      'update whose key did not change',
      write.update(T.oid, null, ['1', 'x', undefined]),
      { kind: 'update', table: 'public.t', old: 'none', oldValues: null, values: ['1', 'x', undefined] },
    ],
    [
      'update of the key',
      write.update(T.oid, { kind: 'key', values: ['1', null, null] }, ['2', '', undefined]),
      {
        kind: 'update',
        table: 'public.t',
        old: 'key',
        oldValues: ['1', null, null],
        values: ['2', '', undefined],
      },
    ],
    [
      'update of a table without a key',
      write.update(FULL.oid, { kind: 'full', values: ['1', 'long'] }, ['1', undefined]),
      { kind: 'update', table: 'public.f', old: 'full', oldValues: ['1', 'long'], values: ['1', undefined] },
    ],
    [
      'delete by the key',
      write.delete(T.oid, 'key', ['1', null, null]),
      { kind: 'delete', table: 'public.t', old: 'key', oldValues: ['1', null, null] },
    ],
    [
      'delete by all values',
      write.delete(FULL.oid, 'full', ['1', null]),
      { kind: 'delete', table: 'public.f', old: 'full', oldValues: ['1', null] },
    ],
    [
      'truncate of several tables',
      write.truncate([FULL.oid, T.oid], true, true),
      { kind: 'truncate', tables: ['public.f', 'public.t'], cascade: true, restartIdentity: true },
    ],
    [
      'message',
      write.message('howdah', '{"a":1}'),
      { kind: 'message', prefix: 'howdah', content: '{"a":1}', transactional: true },
    ],
    ['origin', write.origin('elsewhere', 5n), { kind: 'origin', name: 'elsewhere' }],
  ])('%s', async (_name, payload, change) => {
    await inTransaction(payload);
    expect(inside()).toEqual([change]);
  });

  it('an insert that lacks a value is the update that it was, and damage where all old values come', async () => {
    await inTransaction(write.insert(T.oid, ['1', 'x', undefined]));
    expect(inside()).toEqual([
      { kind: 'update', table: 'public.t', old: 'none', oldValues: null, values: ['1', 'x', undefined] },
    ]);
    await push(write.begin(701, 200n, AT));
    expect(() => decoder.push(write.insert(FULL.oid, ['1', undefined]))).toThrow(StreamDamage);
  });

  it('types are not handed on, and a message may come outside of transactions', async () => {
    await inTransaction(write.type(90_000, 'public', 'mood'));
    expect(inside()).toEqual([]);
    await push(write.message('p', 'x', { transactional: false, lsn: 200n }));
    expect(recorder.changes.at(-1)).toEqual({ kind: 'message', prefix: 'p', content: 'x', transactional: false });
  });

  it('a table that is told again is another one from then on', async () => {
    const wider = table(T.oid, 'renamed', ['id', 'a', 'b', 'c']);
    await inTransaction(
      write.insert(T.oid, ['1', '2', '3']),
      write.relation(wider),
      write.insert(T.oid, ['1', '2', '3', '4']),
    );
    expect(inside()).toMatchObject([{ table: 'public.t' }, { kind: 'relation' }, { table: 'public.renamed' }]);
  });

  it('a table without columns has rows', async () => {
    const bare = table(9, 'bare', []);
    await inTransaction(write.relation(bare), write.insert(9, []));
    expect(inside().at(-1)).toEqual({ kind: 'insert', table: 'public.bare', values: [] });
  });

  it('a sink that has enough holds the stream', async () => {
    let release = (): void => undefined;
    recorder = createRecorder((change) =>
      change.kind === 'insert' ? new Promise((resolve) => (release = resolve)) : undefined,
    );
    decoder = createPgoutputDecoder(recorder, { protocol: 1, spool: null });
    await push(write.begin(1, 1n), write.relation(T));
    const wait = decoder.push(write.insert(T.oid, ['1', '2', '3']));
    expect(wait).toBeInstanceOf(Promise);
    release();
    await wait;
    expect(decoder.push(write.commit(1n, 2n))).toBeUndefined();
  });
});

describe('what no server sends', () => {
  const binary = tuple(['1', '2', '3']);
  binary[2] = 0x62;
  const refused: [string, Buffer, RegExp][] = [
    ['a row of a table that was not told', write.insert(12, ['1']), /message I: table 12/],
    ['a row with too few values', write.insert(T.oid, ['1', '2']), /message I: .*number of columns/],
    ['a binary value', Buffer.concat([Buffer.from('I'), int32(T.oid), Buffer.from('N'), binary]), /unknown kind/],
    [
      'an update whose key lacks a value',
      write.update(T.oid, { kind: 'key', values: [undefined, null, null] }, ['1', '2', '3']),
      /unknown kind/,
    ],
    ['an insert that lacks a value and has too few', write.insert(T.oid, ['1', undefined]), /number of columns/],
    ['an old row that lacks a value', write.delete(T.oid, 'key', ['1', undefined, null]), /unknown kind/],
    ['an update that is an old row only', write.delete(T.oid, 'key', ['1', null, null]).fill('U', 0, 1), /message U/],
    ['a second begin', write.begin(2, 3n), /message B/],
    ['a commit of another transaction', write.commit(99n, 108n), /message C/],
    ['a commit that ends before it begins', write.commit(100n, 100n), /message C/],
    ['flags of a commit', Buffer.concat([Buffer.from('C\x01'), Buffer.alloc(24)]), /flags/],
    ['an empty message', Buffer.alloc(0), /cannot be read/],
    ['an unknown type', Buffer.from('Z'), /message Z/],
    ['a byte after a row', Buffer.concat([write.insert(T.oid, ['1', '2', '3']), Buffer.from('x')]), /follows/],
    ['a byte after a message', Buffer.concat([write.message('a', 'b'), Buffer.from('x')]), /follow/],
    ['a table without an end', write.relation(T).subarray(0, -1), /message R: it is cut short/],
    ['a number of tables that is too large', Buffer.concat([Buffer.from('T'), int32(2 ** 31), Buffer.alloc(5)]), /T/],
    ['a block of a streamed transaction that was not asked for', write.streamStart(5, true), /message S/],
  ];
  it.each(refused)('%s ends the stream for good', async (_name, payload, words) => {
    await push(write.begin(700, 100n, AT), write.relation(T));
    recorder.clear();
    expect(() => decoder.push(payload)).toThrow(StreamDamage);
    expect(() => decoder.push(payload)).toThrow(words);
    expect(() => decoder.push(write.insert(T.oid, ['1', '2', '3']))).toThrow(words);
    expect(recorder.changes).toEqual([]);
  });

  it.each(['b', 'P', 'K', 'r', 'p'])('a prepared transaction (%s) is told as such', (type) => {
    expect(() => decoder.push(Buffer.concat([Buffer.from(type), Buffer.alloc(30)]))).toThrow(/two_phase|prepared/);
  });

  it('rows outside of a transaction, and commits that go backwards', async () => {
    expect(() => decoder.push(write.insert(T.oid, ['1', '2', '3']))).toThrow(/no transaction/);
    decoder = createPgoutputDecoder(recorder, { protocol: 1, spool: null });
    await push(write.begin(1, 100n), write.commit(100n, 108n), write.begin(2, 50n));
    expect(() => decoder.push(write.commit(50n, 58n))).toThrow(/before the transaction before/);
  });
});

describe('transactions that are sent while they run', () => {
  let folder: string;
  let spool: TransactionSpool;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'howdah-spool-')), 'spool');
    await use(64 * 1024 * 1024);
  });
  afterEach(async () => {
    await decoder.close();
    await rm(join(folder, '..'), { recursive: true, force: true });
  });
  async function use(maxBytes: number, protocol: 2 | 4 = 2): Promise<void> {
    spool = await openTransactionSpool({ folder, maxBytes });
    decoder = createPgoutputDecoder(recorder, { protocol, spool });
  }
  const row = (id: number, xid: number, text = ''): Buffer => write.insert(T.oid, [`${id}`, text, null], xid);
  const ids = (): unknown[] => recorder.rows('public.t').map((change) => 'values' in change && change.values[0]);

  it('come at their commit, in the order of commits, whole', async () => {
    await push(
      write.streamStart(10, true),
      write.origin('there'),
      write.relation(T, 10),
      row(1, 10),
      write.streamStop(),
      write.begin(11, 90n),
      write.relation(T),
      write.insert(T.oid, ['2', '', null]),
      write.commit(90n, 98n),
      write.streamStart(10, false),
      write.update(T.oid, { kind: 'key', values: ['1', null, null] }, ['3', undefined, null], 10),
      write.delete(T.oid, 'key', ['3', null, null], 10),
      write.truncate([T.oid], false, false, 10),
      write.message('m', 'x', { xid: 10 }),
      write.type(5, 'public', 'mood', 10),
      write.streamStop(),
      write.streamCommit(10, 100n, 108n, AT),
    );
    expect(recorder.changes.map(({ kind }) => kind)).toEqual([
      ...['begin', 'relation', 'insert', 'commit'],
      ...['begin', 'origin', 'relation', 'insert', 'update', 'delete', 'truncate', 'message', 'commit'],
    ]);
    expect(recorder.changes[4]).toEqual({ ...BEGIN, xid: 10 });
    expect(recorder.changes.at(-1)).toEqual(COMMIT);
    expect(spool.bytes).toBe(0);
  });

  it('leave out what was rolled back, and tables that were told within it', async () => {
    await push(
      write.streamStart(10, true),
      write.relation(T, 10),
      row(1, 10),
      write.relation(FULL, 11),
      write.insert(FULL.oid, ['9', ''], 11),
      row(2, 11),
      row(3, 12),
      write.streamStop(),
      write.streamAbort(10, 11),
      write.streamStart(10, false),
      row(4, 10),
      write.streamStop(),
      write.streamCommit(10, 100n, 108n),
    );
    expect(ids()).toEqual(['1', '3', '4']);
    expect(recorder.changes).not.toContainEqual({ kind: 'relation', relation: FULL });
    await push(write.begin(13, 110n));
    expect(() => decoder.push(write.insert(FULL.oid, ['9', '']))).toThrow(/was not told/);
  });

  it('a table that came within one is known to later transactions', async () => {
    await push(
      write.streamStart(10, true),
      write.relation(T, 10),
      row(1, 10),
      write.streamStop(),
      write.streamCommit(10, 100n, 108n),
      write.begin(11, 110n),
      write.insert(T.oid, ['2', '', null]),
      write.commit(110n, 118n),
    );
    expect(ids()).toEqual(['1', '2']);
  });

  it.each([
    [2, undefined],
    [4, { lsn: 5n, at: AT }],
    [4, undefined],
  ] as const)('vanish when they are rolled back (protocol %s, %s)', async (protocol, details) => {
    await use(1e9, protocol);
    const large = 'x'.repeat(200_000);
    await push(
      ...[write.streamStart(10, true), write.relation(T, 10), row(1, 10, large), row(2, 10, large)],
      ...[row(3, 10, large), write.streamStop()],
    );
    expect(await readdir(folder)).toHaveLength(1);
    await push(write.streamAbort(10, 10, details));
    expect([recorder.changes, spool.bytes, await readdir(folder)]).toEqual([[], 0, []]);
    expect(() => decoder.push(write.streamCommit(10, 100n, 108n))).toThrow(/has not begun/);
  });

  it.each([10, 3000, 300_000, 1_000_000])('come from disk as they were (rows of %s bytes)', async (size) => {
    const count = Math.min(20_000, Math.ceil(1_500_000 / size));
    await push(write.streamStart(10, true), write.relation(T, 10));
    await push(write.streamStop());
    for (let id = 0; id < count; id += 1) {
      const other = id % 3 === 0 ? 20 : 10;
      await push(write.streamStart(other, id === 0), ...(id === 0 ? [write.relation(T, 20)] : []));
      await push(row(id, id % 7 === 0 ? other + 1 : other, String(id).padEnd(size, '·')), write.streamStop());
    }
    expect((await readdir(folder)).length).toBeGreaterThan(0);
    await push(write.streamAbort(20, 21));
    expect(recorder.changes).toEqual([]);
    await push(write.streamCommit(20, 50n, 58n), write.streamCommit(10, 100n, 108n));
    const all = Array.from({ length: count }, (_, id) => id);
    expect(ids()).toEqual(
      [...all.filter((id) => id % 3 === 0 && id % 7 > 0), ...all.filter((id) => id % 3 > 0)].map(String),
    );
    const lengths = new Set(recorder.rows('public.t').map((change) => 'values' in change && change.values[1]?.length));
    expect([...lengths]).toEqual([size]);
    expect([spool.bytes, await readdir(folder)]).toEqual([0, []]);
  });

  it('a rollback of one of which nothing came is nothing', async () => {
    await push(write.streamAbort(10, 11), write.streamAbort(10, 10), write.streamStart(10, true), write.streamStop());
    expect(recorder.changes).toEqual([]);
  });

  it('a sink that has enough holds what is handed on', async () => {
    let held = 0;
    recorder = createRecorder(() => {
      held += 1;
      expect(held).toBe(1);
      return new Promise((resolve) => setImmediate(() => resolve(void (held -= 1))));
    });
    await use(1e9);
    await push(write.streamStart(10, true), write.relation(T, 10), row(1, 10), row(2, 10), write.streamStop());
    await push(write.streamCommit(10, 100n, 108n));
    expect(ids()).toEqual(['1', '2']);
  });

  it('a row that cannot be read, found at the commit, ends the stream for good', async () => {
    await push(write.streamStart(10, true), write.insert(T.oid, ['1'], 10), write.streamStop());
    await expect(decoder.push(write.streamCommit(10, 100n, 108n))).rejects.toThrow(StreamDamage);
    expect(() => decoder.push(write.begin(11, 200n))).toThrow(/was not told/);
  });

  it('more than there is room for is told as such', async () => {
    await use(100_000);
    await push(write.streamStart(10, true), write.relation(T, 10), row(1, 10, 'x'.repeat(60_000)));
    expect(() => decoder.push(row(2, 10, 'x'.repeat(60_000)))).toThrow(SpoolFull);
  });

  it('what an earlier worker left is removed, and what is left at the end too', async () => {
    await writeFile(join(folder, 'transaction-9'), 'left');
    await use(1e9);
    expect(await readdir(folder)).toEqual([]);
    await push(write.streamStart(10, true), row(1, 10, 'x'.repeat(300_000)), write.streamStop());
    expect(await readdir(folder)).toHaveLength(1);
    await decoder.close();
    await expect(readdir(folder)).rejects.toThrow(/ENOENT/);
    expect(() => decoder.push(write.begin(1, 1n))).toThrow('Cancelled');
  });

  it.each([
    ['a block in a transaction', [write.begin(1, 1n), write.streamStart(10, true)], /message S/],
    ['a block that goes on without a beginning', [write.streamStart(10, false)], /without having begun/],
    [
      'a block that begins twice',
      [write.streamStart(10, true), write.streamStop(), write.streamStart(10, true)],
      /twice/,
    ],
    ['a begin in a block', [write.streamStart(10, true), write.begin(1, 1n)], /message B/],
    ['an end without a block', [write.streamStop()], /message E/],
    ['details that were not asked for', [write.streamAbort(10, 10, { lsn: 1n, at: AT })], /follow/],
  ])('%s ends the stream', async (_name, payloads, words) => {
    await push(...payloads.slice(0, -1));
    expect(() => decoder.push(payloads.at(-1) ?? Buffer.alloc(0))).toThrow(words);
  });
});
