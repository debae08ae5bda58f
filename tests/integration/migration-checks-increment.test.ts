import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAPACITY_CHECKS } from '../../electron/control-plane/migration/checks/capacity-checks';
import type { Check, Found } from '../../electron/control-plane/migration/checks/check';
import { CONNECT_CHECKS } from '../../electron/control-plane/migration/checks/connect-checks';
import {
  INCREMENT_CHECKS,
  longTransactions,
  slotProbe,
} from '../../electron/control-plane/migration/checks/increment-checks';
import { SOURCE_PARAMETER_CHECKS } from '../../electron/control-plane/migration/checks/source-parameter-checks';
import { SOURCE_PRIVILEGE_CHECKS } from '../../electron/control-plane/migration/checks/source-privilege-checks';
import { TARGET_PARAMETER_CHECKS } from '../../electron/control-plane/migration/checks/target-parameter-checks';
import { TARGET_PRIVILEGE_CHECKS } from '../../electron/control-plane/migration/checks/target-privilege-checks';
import { VERSION_CHECKS } from '../../electron/control-plane/migration/checks/version-checks';
import { applyFix, openCheckContext, runCheck, type CheckContextOptions } from '../support/check-context';
import { startServer, type TestServer } from '../support/postgres';

let oldest: TestServer;
let newest: TestServer;

const LOGICAL = ['wal_level = logical', 'max_prepared_transactions = 4'];

beforeAll(async () => {
  [oldest, newest] = await Promise.all([
    startServer({ major: 10, settings: LOGICAL }),
    startServer({ major: 18, settings: [...LOGICAL, "max_slot_wal_keep_size = '20GB'"] }),
  ]);
  for (const server of [oldest, newest]) {
    await server.sql('CREATE ROLE mover LOGIN REPLICATION');
    for (const name of ['shop', 'clean']) await server.createDatabase(name, 'OWNER mover');
  }
});
afterAll(async () => void (await Promise.all([oldest?.stop(), newest?.stop()])));

const INCREMENTAL = { options: { type: 'fullAndIncrement' } } as const;
const check = (id: string, source: TestServer, o: Partial<CheckContextOptions> = {}): Promise<Found[]> =>
  runCheck(INCREMENT_CHECKS, id, {
    source,
    target: source === oldest ? newest : oldest,
    databases: ['shop'],
    ...INCREMENTAL,
    ...o,
  });
const levels = async (id: string, source: TestServer, o: Partial<CheckContextOptions> = {}): Promise<string[]> =>
  (await check(id, source, o)).map(({ level }) => level);

describe.each(['oldest', 'newest'] as const)('the way of the changes from the %s server', (which) => {
  const from = (): TestServer => (which === 'oldest' ? oldest : newest);

  test('is a connection for replication that the account may make', async () => {
    const server = from();
    expect(await levels('replication-connection', server)).toEqual(['pass']);
    await server.sql('ALTER ROLE mover NOREPLICATION');
    const [found] = await check('replication-connection', server, { sourceAccount: { user: 'mover' } });
    expect(found).toMatchObject({ level: 'failed', found: expect.stringMatching(/replication/) });
    expect(found?.remedy).toContain('ALTER ROLE … REPLICATION');
    await server.sql('ALTER ROLE mover REPLICATION');
    expect(await levels('replication-connection', server, { sourceAccount: { user: 'mover' } })).toEqual(['pass']);
  });

  test('is tried with a slot that goes away again', async () => {
    const server = from();
    expect(await levels('slot-probe', server)).toEqual(['pass']);
    expect(await server.sql('SELECT slot_name FROM pg_replication_slots')).toEqual([]);
    await server.sql('CREATE ROLE nobody LOGIN');
    const [refused] = await check('slot-probe', server, { sourceAccount: { user: 'nobody' } });
    expect(refused).toMatchObject({
      level: 'failed',
      found: expect.stringMatching(/^No replication slot can be made/),
    });
  });

  test('waits for transactions that write', async () => {
    const server = from();
    const writer = new Client(server.uri('shop'));
    await writer.connect();
    await writer.query('BEGIN; CREATE TABLE never (i int)');
    const quick = [longTransactions(0.05), slotProbe(0.3)];
    const waiting = await runCheck(quick, 'slot-probe', { source: server, target: newest, ...INCREMENTAL });
    const [found] = await runCheck(quick, 'long-transactions', { source: server, target: newest, ...INCREMENTAL });
    const [hidden] = await runCheck(quick, 'long-transactions', {
      source: server,
      target: newest,
      sourceAccount: { user: 'mover' },
      ...INCREMENTAL,
    });
    await writer.end();
    expect(waiting[0]).toMatchObject({ level: 'warning', found: expect.stringContaining('transactions that write') });
    expect(found).toMatchObject({
      level: 'warning',
      items: [expect.stringMatching(/^process \d+ of postgres in shop: \d+ s/)],
    });
    expect(hidden?.items).toEqual([expect.stringContaining('age not shown')]);
    expect(found?.remedy).toContain('pg_terminate_backend');
    await expect.poll(() => levels('long-transactions', server)).toEqual(['pass']);
  });

  test('is not held up by prepared transactions', async () => {
    const server = from();
    expect(await levels('prepared-transactions', server)).toEqual(['pass']);
    await server.sql("BEGIN; CREATE TABLE never (i int); PREPARE TRANSACTION 'left behind'", 'shop');
    const [found] = await check('prepared-transactions', server);
    expect(found).toMatchObject({
      level: 'warning',
      items: [expect.stringMatching(/^left behind of postgres in shop/)],
    });
    expect(found?.remedy).toContain('ROLLBACK PREPARED');
    await server.sql("ROLLBACK PREPARED 'left behind'", 'shop');
  });

  test('is not taken by slots that nobody reads', async () => {
    const server = from();
    expect(await levels('stale-slots', server)).toEqual(['pass']);
    await server.sql("SELECT pg_create_logical_replication_slot('howdah_old', 'pgoutput')", 'shop');
    const [found] = await check('stale-slots', server);
    expect(found).toMatchObject({
      level: 'warning',
      items: [expect.stringMatching(/^howdah_old \(pgoutput, shop\): \d/)],
    });
    await server.sql(found?.remedy?.match(/SELECT.*;/)?.[0] ?? '', 'shop');
    expect(await levels('stale-slots', server)).toEqual(['pass']);
  });

  test('is shared with pglogical knowingly', async () => {
    const server = from();
    expect(await levels('source-pglogical', server)).toEqual(['pass']);
    await server.sql('CREATE SCHEMA pglogical; CREATE TABLE pglogical.node (node_id oid PRIMARY KEY)', 'shop');
    const [found] = await check('source-pglogical', server);
    expect(found).toMatchObject({ level: 'warning' });
    expect(found?.remedy).toContain('pglogical.drop_node');
    await server.sql('DROP SCHEMA pglogical CASCADE', 'shop');
  });
});

describe.each(['oldest', 'newest'] as const)('tables of the %s server', (which) => {
  const from = (): TestServer => (which === 'oldest' ? oldest : newest);

  test('say which row was changed; the repair makes them', async () => {
    const server = from();
    await server.sql(
      `SET ROLE mover;
       CREATE TABLE bare (a int, b text);
       CREATE TABLE "Odd" (a int NOT NULL, b text); CREATE UNIQUE INDEX "Odd key" ON "Odd" (a);
       CREATE TABLE partial_only (a int NOT NULL); CREATE UNIQUE INDEX ON partial_only (a) WHERE a > 0;
       CREATE TABLE nothing (a int PRIMARY KEY); ALTER TABLE nothing REPLICA IDENTITY NOTHING;
       CREATE TABLE late (a int PRIMARY KEY DEFERRABLE);
       CREATE TABLE fine (a int PRIMARY KEY)`,
      'shop',
    );
    const o = { sourceAccount: { user: 'mover' } };
    const [found] = await check('replica-identity', server, o);
    expect(found).toMatchObject({
      level: 'failed',
      items: ['public."Odd"', 'public.bare', 'public.late', 'public.nothing', 'public.partial_only'],
      fix: {
        side: 'source',
        database: 'shop',
        statements: [
          'ALTER TABLE public."Odd" REPLICA IDENTITY USING INDEX "Odd key"',
          'ALTER TABLE public.bare REPLICA IDENTITY FULL',
          'ALTER TABLE public.late REPLICA IDENTITY FULL',
          'ALTER TABLE public.nothing REPLICA IDENTITY DEFAULT',
          'ALTER TABLE public.partial_only REPLICA IDENTITY FULL',
        ],
      },
    });
    expect(found?.remedy).toContain('Add a primary key');
    await applyFix(found?.fix, { source: server, target: server });
    expect(await levels('replica-identity', server, o)).toEqual(['pass']);
    const [late] = await check('deferrable-key', server, o);
    expect(late).toMatchObject({ level: 'warning', items: ['public.late'] });
    expect(late?.remedy).toContain('without DEFERRABLE');
    const [full] = await check('identity-full', server, o);
    expect(full).toMatchObject({ level: 'warning', items: ['public.bare', 'public.late', 'public.partial_only'] });
    expect(full?.remedy).toContain('USING INDEX');
  });

  test('whose owner is somebody else are not changed from here', async () => {
    const server = from();
    await server.sql('CREATE TABLE of_postgres (a int)', 'shop');
    const [found] = await check('replica-identity', server, { sourceAccount: { user: 'mover' } });
    expect(found).toMatchObject({ level: 'failed', items: ['public.of_postgres'] });
    expect(found?.fix ?? null).toBeNull();
    await server.sql('DROP TABLE of_postgres', 'shop');
  });

  test('can be compared as whole rows', async () => {
    const server = from();
    expect(await levels('identity-without-equality', server)).toEqual(['pass']);
    await server.sql(
      `CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN text_domain AS text; CREATE TYPE pair AS (a int, b int);
       CREATE TABLE whole (a int, v varchar(3), c char(2), e mood, d text_domain, r int4range, p pair, l int[], n numeric, u uuid,
         i inet, t timestamptz, jb jsonb, b bytea, bad1 json, bad2 xml, bad3 point, bad4 polygon);
       ALTER TABLE whole REPLICA IDENTITY FULL`,
      'shop',
    );
    const [found] = await check('identity-without-equality', server);
    expect(found).toMatchObject({
      level: 'warning',
      items: [
        'public.whole.bad1: json',
        'public.whole.bad2: xml',
        'public.whole.bad3: point',
        'public.whole.bad4: polygon',
      ],
    });
    expect(found?.remedy).toContain('primary key');
    await server.sql('DROP TABLE whole', 'shop');
  });

  test('with several unique indexes are named', async () => {
    const server = from();
    expect(await levels('several-uniques', server)).toEqual(['pass']);
    await server.sql('CREATE TABLE twice (a int PRIMARY KEY, b int UNIQUE)', 'shop');
    const [found] = await check('several-uniques', server);
    expect(found).toMatchObject({ level: 'warning', items: ['public.twice'] });
    expect(found?.remedy).not.toBe('');
    await server.sql('DROP TABLE twice', 'shop');
  });

  test('have a log', async () => {
    const server = from();
    expect(await levels('unlogged-tables', server)).toEqual(['pass']);
    await server.sql('CREATE UNLOGGED TABLE scratch (a int PRIMARY KEY)', 'shop');
    const [found] = await check('unlogged-tables', server);
    expect(found).toMatchObject({ level: 'failed', items: ['public.scratch'] });
    expect(found?.remedy).toContain('SET LOGGED');
    await server.sql('ALTER TABLE scratch SET LOGGED', 'shop');
    expect(await levels('unlogged-tables', server)).toEqual(['pass']);
  });

  test('do not point to large objects that change', async () => {
    const server = from();
    expect(await levels('increment-large-objects', server)).toEqual(['pass']);
    await server.sql('CREATE TABLE pictures (id int PRIMARY KEY, content oid); SELECT lo_create(0)', 'shop');
    const [found] = await check('increment-large-objects', server);
    expect(found).toMatchObject({
      level: 'warning',
      found: 'There is 1 large object',
      items: ['public.pictures.content'],
    });
    expect(found?.remedy).toContain('bytea');
    await server.sql('SELECT lo_unlink(oid) FROM pg_largeobject_metadata; DROP TABLE pictures', 'shop');
  });
});

describe('partitions', () => {
  test('are divided alike at both sides', async () => {
    for (const server of [oldest, newest]) {
      await server.sql(
        `CREATE TABLE events (at int) PARTITION BY RANGE (at);
         CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10)`,
        'shop',
      );
    }
    expect(await levels('partitions-differ', newest)).toEqual(['pass']);
    await newest.sql('CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (10) TO (20)', 'shop');
    const [missing] = await check('partitions-differ', newest);
    expect(missing).toMatchObject({
      level: 'warning',
      items: ['public.events: public.events_2 missing at the target'],
    });
    expect(missing?.remedy).toContain('same partitions');
    const [more] = await check('partitions-differ', oldest);
    expect(more?.items).toEqual(['public.events: 2 partitions at the target, 1 at the source']);
  });
});

describe('a pair with nothing to find', () => {
  const ALL: readonly Check[] = [
    ...CONNECT_CHECKS,
    ...VERSION_CHECKS,
    ...SOURCE_PRIVILEGE_CHECKS,
    ...TARGET_PRIVILEGE_CHECKS,
    ...SOURCE_PARAMETER_CHECKS,
    ...TARGET_PARAMETER_CHECKS,
    ...CAPACITY_CHECKS,
    ...INCREMENT_CHECKS,
  ];
  const run = async (o: Partial<CheckContextOptions> & Pick<CheckContextOptions, 'source' | 'target'>) => {
    const { context, close } = await openCheckContext({ databases: ['clean'], ...INCREMENTAL, ...o });
    try {
      const said: string[] = [];
      for (const each of ALL) {
        expect(each.applies(context)).toBe(true);
        for (const found of await each.run(context)) {
          if (found.level !== 'pass') said.push(`${each.id}: ${found.level}`);
        }
      }
      return said;
    } finally {
      await close();
    }
  };

  beforeAll(async () => {
    for (const server of [oldest, newest])
      await server.sql('SET ROLE mover; CREATE TABLE items (id int PRIMARY KEY, name text)', 'clean');
  });

  test('passes every check from 10 to 18, and back but for the version', async () => {
    expect(await run({ source: oldest, target: newest })).toEqual([]);
    expect(await run({ source: newest, target: oldest })).toEqual(['version-downgrade: warning']);
  });

  test('passes without superusers but for what they alone may', async () => {
    const accounts = { sourceAccount: { user: 'mover' }, targetAccount: { user: 'mover' } };
    const alone = [
      'source-role-passwords: warning',
      'source-ddl-right: warning',
      'target-replica-role: warning',
      'target-create-roles: warning',
      'target-origins: info',
      'target-disk: info',
    ];
    expect(await run({ source: oldest, target: newest, ...accounts })).toEqual(alone);
    expect(await run({ source: newest, target: oldest, ...accounts })).toEqual([
      'version-downgrade: warning',
      ...alone,
    ]);
  });

  test('is looked at by checks with names of their own', () => {
    expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length);
    for (const { id } of ALL) expect(id).toMatch(/^[a-z-]+$/);
  });
});
