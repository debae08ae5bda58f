import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { openPipelineSession, type PipelineSession } from '../../electron/adapters/postgres/pipeline-session';
import { sendUnits } from '../../electron/control-plane/migration/follow/apply/units';
import { formatLsn } from '../../electron/control-plane/migration/follow/change-stream';
import {
  dropProgress,
  openProgress,
  readRoutes,
  saveRoutes,
} from '../../electron/control-plane/migration/follow/apply/progress';
import { askingOf, identityOf, makeSlot, startApply, type ApplyOptions } from '../support/migration-apply';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;
const SEED = Number(process.env['HOWDAH_SEED'] ?? Date.now() % 1_000_000);
const TABLES = ['t', 'u', 'v', 'log', 'bag'];
/** `log` takes everything twice that comes twice. */
const STRUCTURE = `CREATE TABLE t (id int PRIMARY KEY, place int UNIQUE, n int NOT NULL, big text); ALTER TABLE t ALTER big SET STORAGE EXTERNAL;
  CREATE TABLE u (a int, b text, n int NOT NULL, PRIMARY KEY (a, b)); CREATE TABLE v (id int PRIMARY KEY, n int); CREATE TABLE log (at int, what text);
  CREATE TABLE bag (k int, v text); ALTER TABLE bag REPLICA IDENTITY FULL`;

beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 15, settings: ['wal_level = logical', 'max_replication_slots = 60', 'max_wal_senders = 20'] }),
    startServer({ major: 16 }),
  ]);
  process.stdout.write(`seed ${SEED}\n`);
});
afterAll(() => Promise.all([source?.stop(), target?.stop()]));

/** Numbers that look random and come again with the seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One transaction that a source may run, or refuse. */
function transaction(pick: (below: number) => number): string {
  const id = (): number => pick(40);
  const statement = (): string => {
    switch (pick(14)) {
      case 0:
      case 1:
      case 2:
        return `INSERT INTO t VALUES (${id()}, ${pick(60)}, ${pick(9)}, repeat('v', ${pick(3) * 3000})) ON CONFLICT DO NOTHING`;
      case 3:
      case 4:
        return `UPDATE t SET n = n + 1 WHERE id BETWEEN ${id()} AND ${id()}`;
      case 5:
        return `UPDATE t SET place = NULL WHERE id = ${id()}; UPDATE t SET place = ${pick(60)} WHERE id = ${id()} AND NOT EXISTS (SELECT FROM t x WHERE x.place = t.place)`;
      case 6:
        return `UPDATE t SET id = id + 100 WHERE id = ${id()} AND NOT EXISTS (SELECT FROM t x WHERE x.id = t.id + 100); UPDATE t SET id = id - 100 WHERE id = ${100 + id()} AND NOT EXISTS (SELECT FROM t x WHERE x.id = t.id - 100)`;
      case 7:
        return `DELETE FROM t WHERE id IN (${id()}, ${id()}, ${100 + id()})`;
      case 8:
        return `INSERT INTO u VALUES (${id()}, 'k${pick(3)}', 0) ON CONFLICT (a, b) DO UPDATE SET n = u.n + 1`;
      case 9:
        return `DELETE FROM u WHERE a = ${id()}; INSERT INTO u SELECT i, 'k', 1 FROM generate_series(${id()}, ${id()}) i ON CONFLICT DO NOTHING`;
      case 10:
        return `UPDATE u SET b = b || 'x' WHERE a = ${id()} AND length(b) < 9`;
      case 11:
        return `INSERT INTO bag SELECT ${pick(4)}, 'same' FROM generate_series(1, ${pick(5)})`;
      case 12:
        return `DELETE FROM bag WHERE ctid IN (SELECT ctid FROM bag WHERE k = ${pick(4)} LIMIT 2); UPDATE bag SET v = v || '!' WHERE ctid IN (SELECT ctid FROM bag LIMIT 1)`;
      default:
        return pick(12) === 0 ? 'TRUNCATE bag' : `UPDATE t SET big = repeat('w', ${pick(4) * 2000}) WHERE id = ${id()}`;
    }
  };
  const statements = Array.from({ length: 1 + pick(8) }, statement);
  return `BEGIN; INSERT INTO log VALUES (${pick(1000)}, 'tx'); ${statements.join('; ')}; COMMIT`;
}

async function write(database: string, pick: (below: number) => number, transactions: number): Promise<void> {
  const client = new Client({ connectionString: source.uri(database) });
  await client.connect();
  for (let i = 0; i < transactions; i += 1) {
    await client.query(transaction(pick)).catch(() => client.query('ROLLBACK'));
  }
  await client.end();
}

async function rowsOf(server: TestServer, database: string): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown> = {};
  for (const table of TABLES)
    rows[table] = await server.sql(
      `SELECT md5(t::text) || left(t::text, 60) AS row FROM ${table} t ORDER BY 1`,
      database,
    );
  return rows;
}

async function place(database: string, targets: readonly string[] = [database]): Promise<void> {
  await source.createDatabase(database);
  await source.sql(STRUCTURE, database);
  for (const to of targets) {
    await target.createDatabase(to);
    await target.sql(STRUCTURE, to);
  }
}

describe('random transactions', () => {
  const WAYS: readonly (readonly [string, Partial<ApplyOptions>])[] = [
    ['w_tiny', { windowBytes: 150 }],
    ['w_small', { windowBytes: 20_000 }],
    ['w_large', {}],
    ['w_three', { jobs: 3, windowBytes: 30_000 }],
  ];
  it('end as on the source, in windows of every size and with several sessions', async () => {
    await place(
      'props',
      WAYS.map(([to]) => to),
    );
    await source.sql('CREATE PUBLICATION every FOR ALL TABLES', 'props');
    for (const [to] of WAYS) {
      await source.sql(`SELECT pg_create_logical_replication_slot('${to}', 'pgoutput')`, 'props');
      await source.sql(`CREATE PUBLICATION ${to} FOR ALL TABLES`, 'props');
    }
    await write('props', random(SEED), 700);
    for (const [to, how] of WAYS) {
      const run = await startApply({ source, target, database: 'props', slot: to, to, ...how });
      await run.drain();
      await run.close();
      expect(await rowsOf(target, to)).toEqual(await rowsOf(source, 'props'));
    }
  });
});

describe('exactly once', () => {
  it('whatever is cut, and when: before a commit, after it and before its answer, in the middle of rows', async () => {
    await place('cuts');
    await makeSlot(source, 'cuts', 'cuts');
    const pick = random(SEED + 1);
    let cuts = 0;
    for (let round = 0; round < 30; round += 1) {
      await write('cuts', pick, 12);
      let left = pick(12);
      const hit = (): boolean => (left -= 1) < 0;
      const wrap = (inner: PipelineSession): PipelineSession => ({
        ...inner,
        get serverVersionNum() {
          return inner.serverVersionNum;
        },
        get backendPid() {
          return inner.backendPid;
        },
        get closed() {
          return inner.closed;
        },
        async query(sql) {
          const answer = inner.query(sql);
          if (sql !== 'COMMIT' || !hit()) return answer;
          answer.catch(() => undefined);
          cuts += 1;
          switch (pick(3)) {
            case 0:
              inner.cut('cut behind COMMIT');
              return answer;
            case 1:
              // The server has committed, and nobody hears of it.
              await answer;
              inner.cut('cut before the answer');
              throw new Error('the answer is lost');
            default:
              await target.sql(`SELECT pg_terminate_backend(${inner.backendPid})`);
              return answer;
          }
        },
        execute(messages) {
          const answer = inner.execute(messages);
          if (pick(20) === 0) {
            cuts += 1;
            inner.cut('cut in the middle');
          }
          return answer;
        },
      });
      const run = await startApply({
        source,
        target,
        database: 'cuts',
        slot: 'cuts',
        windowBytes: 100 + pick(4000),
        jobs: 1 + pick(2),
        wrap,
      });
      await run.drain().catch(() => undefined);
      await run.close();
    }
    const last = await startApply({ source, target, database: 'cuts', slot: 'cuts' });
    await last.drain();
    await last.close();
    expect(await rowsOf(target, 'cuts')).toEqual(await rowsOf(source, 'cuts'));
    expect(cuts).toBeGreaterThan(10);
  });

  it('with several sessions side by side, of which some commit and some do not', async () => {
    await place('side');
    await makeSlot(source, 'side', 'side');
    const pick = random(SEED + 3);
    const busy = new Set<number>();
    let cuts = 0;
    let uneven = 0;
    for (let round = 0; round < 12; round += 1) {
      for (let i = 0; i < 12; i += 1)
        await source.sql(
          `INSERT INTO u SELECT ${pick(900)} + i, 'k', 0 FROM generate_series(1, 80) i ON CONFLICT (a, b) DO UPDATE SET n = u.n + 1;
           DELETE FROM u WHERE a % 40 = ${pick(40)}; INSERT INTO v SELECT i, 0 FROM generate_series(${pick(500)}, ${1000 + pick(900)}) i ON CONFLICT DO NOTHING;
           UPDATE v SET n = n + 1 WHERE id % 3 = ${pick(3)}; INSERT INTO log VALUES (${round}, 'once')`,
          'side',
        );
      let lanes = 0;
      const wrap = (inner: PipelineSession): PipelineSession => {
        lanes += 1;
        const lane = lanes;
        return {
          ...inner,
          get closed() {
            return inner.closed;
          },
          async query(sql) {
            if (sql !== 'COMMIT') return inner.query(sql);
            busy.add(lane);
            if (round === 11 || pick(6) > 0) return inner.query(sql);
            cuts += 1;
            // The others commit, and are ahead of this one then.
            if (pick(3) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
            else await inner.query(sql);
            inner.cut('cut around the commit');
            throw new Error('the answer is lost');
          },
        };
      };
      const windowBytes = 4000 + pick(30_000);
      const run = await startApply({ source, target, database: 'side', slot: 'side', windowBytes, jobs: 3, wrap });
      await run.drain().catch(() => undefined);
      await run.close();
      const ends = await target.sql('SELECT DISTINCT end_lsn FROM howdah_migration.progress', 'side');
      if (ends.length > 1) uneven += 1;
    }
    expect(uneven).toBeGreaterThan(1);
    // The number of sessions changes only when all of them are level.
    const last = await startApply({ source, target, database: 'side', slot: 'side', jobs: 2 });
    await last.drain();
    await last.close();
    expect(await rowsOf(target, 'side')).toEqual(await rowsOf(source, 'side'));
    expect(busy).toEqual(new Set([1, 2, 3]));
    expect(cuts).toBeGreaterThan(3);
  });

  it('transactions that commit in another order than they began', async () => {
    await place('weave');
    await makeSlot(source, 'weave', 'weave');
    const clients = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const client = new Client({ connectionString: source.uri('weave') });
        await client.connect();
        return client;
      }),
    );
    const pick = random(SEED + 2);
    for (let round = 0; round < 12; round += 1) {
      const run = await startApply({ source, target, database: 'weave', slot: 'weave', windowBytes: 500 });
      for (const [at, client] of clients.entries())
        await client.query(`BEGIN; INSERT INTO log VALUES (${round}, 'begun ${at}')`);
      for (const client of clients.toSorted(() => pick(3) - 1))
        await client.query(`INSERT INTO log VALUES (${round}, 'more'); COMMIT`);
      if (pick(2) === 0) await target.sql(`SELECT pg_terminate_backend(${run.sessions[0]?.backendPid})`);
      else await run.drain();
      await run.close();
    }
    await Promise.all(clients.map((client) => client.end()));
    const last = await startApply({ source, target, database: 'weave', slot: 'weave' });
    await last.drain();
    await last.close();
    expect(await rowsOf(target, 'weave')).toEqual(await rowsOf(source, 'weave'));
  });

  it('a second applier of the same stream does nothing and says so', async () => {
    await place('twice');
    await makeSlot(source, 'twice', 'twice');
    const identity = identityOf({ database: 'twice', slot: 'twice' });
    await source.sql(`INSERT INTO log VALUES (1, 'a')`, 'twice');
    const run = await startApply({ source, target, database: 'twice', slot: 'twice' });
    await run.drain();
    await target.sql(`UPDATE howdah_migration.progress SET end_lsn = '0/1'`, 'twice');
    await source.sql(`INSERT INTO log VALUES (2, 'b')`, 'twice');
    await expect(run.drain()).rejects.toThrow(/progress of the task was changed by somebody else/);
    await run.close();
    expect(await target.sql('SELECT at FROM log', 'twice')).toEqual([{ at: 1 }]);
    await target.sql(`UPDATE howdah_migration.progress SET end_lsn = '${formatLsn(run.applied().endLsn)}'`, 'twice');
    const again = await startApply({ source, target, database: 'twice', slot: 'twice' });
    await again.drain();
    await again.close();
    expect(await rowsOf(target, 'twice')).toEqual(await rowsOf(source, 'twice'));

    const other = await openProgress(askingOf(target, 'twice'), { ...identity, slot: 'another' });
    expect(other).toMatchObject({ endLsn: null, committedAt: 0 });
    expect(other.foreign).toMatch(/of the slot twice/);
    const routes = new Map([
      [4_000_000_000, { schema: 'a', name: 'b "c"', syncedAt: 5n }],
      [7, { schema: 'a', name: 'x', syncedAt: 0n, columns: new Map([['o', "n'"]]) }],
    ]);
    await saveRoutes(askingOf(target, 'twice'), identity, routes);
    expect(await readRoutes(askingOf(target, 'twice'), identity)).toEqual(routes);
    await dropProgress(askingOf(target, 'twice'), identity);
    expect(await target.sql(`SELECT FROM pg_namespace WHERE nspname = 'howdah_migration'`, 'twice')).toEqual([]);
  });

  it('changes of a table before the state that was copied are left out', async () => {
    await place('synced');
    await makeSlot(source, 'synced', 'synced');
    await source.sql(`INSERT INTO log VALUES (1, 'copied'); INSERT INTO u VALUES (1, 'x', 1)`, 'synced');
    await target.sql(`INSERT INTO log VALUES (1, 'copied')`, 'synced');
    const [row] = await source.sql('SELECT pg_current_wal_lsn()::text AS lsn', 'synced');
    await source.sql(`INSERT INTO log VALUES (2, 'after')`, 'synced');
    const [high = 0n, low = 0n] = String(row?.['lsn'])
      .split('/')
      .map((part) => BigInt(`0x${part}`));
    const run = await startApply({
      source,
      target,
      database: 'synced',
      slot: 'synced',
      routes: ({ schema, name }) => ({ schema, name, syncedAt: name === 'log' ? (high << 32n) | low : 0n }),
    });
    await run.drain();
    await run.close();
    expect(await rowsOf(target, 'synced')).toEqual(await rowsOf(source, 'synced'));
  });
});

describe('a pipeline', () => {
  it('tells every error, a COMMIT that did not commit, and a COPY that was refused', async () => {
    await target.createDatabase('pipe');
    await target.sql('CREATE TABLE t (id int PRIMARY KEY)', 'pipe');
    const session = await openPipelineSession(target.profile('pipe'));
    const sql = (text: string, tag?: string) => ({
      kind: 'sql' as const,
      sql: text,
      ...(tag === undefined ? {} : { tag }),
    });
    const data = [Buffer.from([0x64, 0, 0, 0, 6, 0x31, 0x0a])];
    const copy = { kind: 'copy' as const, sql: 'COPY t FROM STDIN', data, rows: 1 };
    expect(await sendUnits(session, [sql('BEGIN'), copy, sql('COMMIT', 'COMMIT')])).toBeNull();
    expect(
      await sendUnits(session, [sql('BEGIN'), copy, sql('SELECT 1'), copy, sql('COMMIT', 'COMMIT')]),
    ).toMatchObject({
      text: expect.stringMatching(/duplicate key/),
    });
    expect(await sendUnits(session, [sql('BEGIN'), sql('SELECT 1/0')])).toMatchObject({ text: 'division by zero' });
    expect(await sendUnits(session, [sql('COMMIT', 'COMMIT')])).toMatchObject({
      text: 'COMMIT was meant, ROLLBACK was done',
    });
    expect(
      await sendUnits(session, [{ ...copy, sql: 'COPY nowhere FROM STDIN' }, sql('SELECT 1', 'SELECT 1')]),
    ).toMatchObject({
      text: expect.stringMatching(/nowhere/),
    });
    expect(await sendUnits(session, [sql('DELETE FROM t WHERE id = 5', 'DELETE 1')])).toMatchObject({
      text: 'DELETE 1 was meant, DELETE 0 was done',
    });
    // Nothing is out of step afterwards.
    expect((await session.query("SELECT 'still', NULL")).rows).toEqual([['still', null]]);
    await session.end();
  });
});
