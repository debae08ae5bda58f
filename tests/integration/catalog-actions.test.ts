import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { createCatalogFeature } from '../../electron/features/catalog/catalog-feature';
import { readChildren } from '../../electron/features/catalog/catalog-reader';
import { readRelated } from '../../electron/features/catalog/related-objects';
import { countRows } from '../../electron/features/catalog/row-count';
import { runStatements } from '../../electron/features/catalog/run-statements';
import { searchObjects } from '../../electron/features/catalog/search-objects';
import { errorInfo } from '../../shared/errors';
import { grantStatements, privilegesOf, type GrantTarget } from '../../shared/model/actions/grants';
import { maintenanceStatements, NEW_MAINTENANCE } from '../../shared/model/actions/maintenance';
import { actionStatements, NEW_CHOICE, type ActionChoice } from '../../shared/model/actions/simple-actions';
import type { ObjectKind, ObjectRef } from '../../shared/model/catalog';
import type { ObjectAction } from '../../shared/model/command';
import {
  deleteScript,
  executeScript,
  filteredScript,
  insertScript,
  rowsScript,
  scriptColumn,
  selectColumnsScript,
  updateScript,
} from '../../shared/model/scripts';
import { memoryLog } from '../support/log';
import { startServer, type TestServer } from '../support/postgres';

const { signal } = new AbortController();

const NASTY = `
CREATE ROLE "old ""owner"""; CREATE ROLE "new owner"; GRANT "old ""owner""", "new owner" TO postgres;
CREATE SCHEMA "Sch""ema";
CREATE TABLE "Sch""ema"."Ta'ble" ("Key" serial PRIMARY KEY, "select" text DEFAULT '*/', n integer);
ALTER TABLE "Sch""ema"."Ta'ble" ADD CONSTRAINT "Che""ck" CHECK (n > 0) NOT VALID;
ALTER TABLE "Sch""ema"."Ta'ble" OWNER TO "old ""owner""";
INSERT INTO "Sch""ema"."Ta'ble" (n) SELECT generate_series(1, 10);
CREATE FUNCTION "Sch""ema"."Tr"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER "Trig""ger" BEFORE UPDATE ON "Sch""ema"."Ta'ble" FOR EACH ROW EXECUTE PROCEDURE "Sch""ema"."Tr"();
CREATE RULE "Ru""le" AS ON DELETE TO "Sch""ema"."Ta'ble" DO ALSO NOTHING;
CREATE MATERIALIZED VIEW "Sch""ema"."Mat" AS SELECT n FROM "Sch""ema"."Ta'ble"; CREATE UNIQUE INDEX "Mat_n" ON "Sch""ema"."Mat" (n);
CREATE TABLE "Sch""ema"."Parts" (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE "Sch""ema"."Pa""rt" PARTITION OF "Sch""ema"."Parts" FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE FUNCTION "Sch""ema"."Fun"("A b" integer, VARIADIC c text[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION "Sch""ema".on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER "Ev""t" ON ddl_command_end EXECUTE PROCEDURE "Sch""ema".on_ddl();
CREATE DOMAIN "Sch""ema"."Dom" AS integer; ALTER DOMAIN "Sch""ema"."Dom" ADD CONSTRAINT "D c" CHECK (VALUE > 0) NOT VALID;
`;

describe.each([10, 14, 18])('actions on a server of version %i', (major) => {
  let server: TestServer;
  let session: PgSession;
  beforeAll(async () => {
    server = await startServer({ major });
    await server.createDatabase('acts');
    await server.sql(NASTY, 'acts');
    session = await openSession(server.profile('acts'), signal);
  });
  afterAll(async () => {
    await session?.end();
    await server?.stop();
  });

  const version = (): number => session.serverVersionNum;
  const run = (statements: Parameters<typeof runStatements>[1]) =>
    runStatements(server.profile('acts'), statements, signal);
  const find = async (kind: ObjectKind, name: string) => {
    const { found } = await searchObjects(
      session,
      { text: name, kinds: [kind], inside: false, showSystem: false, limit: 100 },
      signal,
    );
    const node = found.find((each) => each.node.ref.name === name)?.node;
    if (!node) throw new Error(`no ${kind} ${name}`);
    return node;
  };
  const ref = async (kind: ObjectKind, name: string): Promise<ObjectRef> => (await find(kind, name)).ref;
  const act = async (action: ObjectAction, object: ObjectRef, choice: Partial<ActionChoice> = {}): Promise<void> => {
    const needs = await readRelated(session, object, 'needs', signal);
    const standing: readonly ObjectKind[] = ['table', 'view', 'domain', 'foreign-table'];
    const parent =
      needs.find(({ ref: to, how }) => how === 'a' && to !== null && standing.includes(to.kind))?.ref ?? null;
    const statements = actionStatements(action, [object], { ...NEW_CHOICE, ...choice }, () => parent);
    expect(statements).toHaveLength(1);
    await run(statements);
  };
  const one = async (sql: string): Promise<unknown> => Object.values((await server.sql(sql, 'acts'))[0] ?? {})[0];

  it('turns triggers, rules and event triggers, validates, refreshes, detaches, truncates', async () => {
    const table = await ref('table', "Ta'ble");
    const trigger = await ref('trigger', 'Trig"ger');
    const state = `SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'Trig"ger'`;
    await act('disable', trigger);
    expect(await one(state)).toBe('D');
    await act('enable', trigger, { firing: 'always' });
    expect(await one(state)).toBe('A');
    await act('disable-triggers', table);
    expect(await one(state)).toBe('D');
    await act('enable-triggers', table);
    expect(await one(state)).toBe('O');
    await act('disable', await ref('rule', 'Ru"le'));
    expect(await one(`SELECT ev_enabled::text FROM pg_rewrite WHERE rulename = 'Ru"le'`)).toBe('D');
    await act('disable', await ref('event-trigger', 'Ev"t'));
    expect(await one('SELECT evtenabled::text FROM pg_event_trigger')).toBe('D');
    await act('validate', await ref('constraint', 'Che"ck'));
    await act('validate', await ref('constraint', 'D c'));
    expect(await one("SELECT count(*)::int FROM pg_constraint WHERE NOT convalidated AND contype = 'c'")).toBe(0);
    await act('refresh-view', await ref('materialized-view', 'Mat'), { concurrently: true });
    await act('refresh-view', await ref('materialized-view', 'Mat'), { withData: false });
    expect(await one(`SELECT relispopulated FROM pg_class WHERE relname = 'Mat'`)).toBe(false);
    await act('detach', await ref('table', 'Pa"rt'), { concurrently: major >= 14 });
    expect(await one(`SELECT relispartition FROM pg_class WHERE relname = 'Pa"rt'`)).toBe(false);
    await act('reset-statistics', table);
    if (major >= 15) {
      await server.sql(
        `CREATE SUBSCRIPTION sub CONNECTION 'dbname=none' PUBLICATION p WITH (connect = false, slot_name = NONE)`,
        'acts',
      );
      const oid = Number(await one('SELECT oid::int8 FROM pg_subscription'));
      await act('reset-statistics', { kind: 'subscription', oid, schema: '', name: 'sub', sub: 0 });
      await server.sql('DROP SUBSCRIPTION sub', 'acts');
    }
    expect(await countRows(server.profile('acts'), table, signal)).toBe(10);
    await act('truncate', table, { restartIdentity: true, cascade: true });
    expect(await countRows(server.profile('acts'), table, signal)).toBe(0);
    await act(
      'reassign-owned',
      { kind: 'role', oid: 0, schema: '', name: 'old "owner"', sub: 0 },
      { newOwner: 'new owner' },
    );
    expect(await one(`SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'Ta''ble'`)).toBe('new owner');
    await act('reassign-owned', { kind: 'role', oid: 0, schema: '', name: 'old "owner"', sub: 0 }, { reassign: false });
    await run(actionStatements('reload-configuration', [], NEW_CHOICE, () => null));
    await run(actionStatements('restore-point', [], { ...NEW_CHOICE, restorePoint: "it's \\ here" }, () => null));
    expect(actionStatements('restore-point', [], NEW_CHOICE, () => null)).toEqual([]);
  });

  it('maintains with every option that the server knows', async () => {
    const table = await ref('table', "Ta'ble");
    const mat = await ref('materialized-view', 'Mat');
    const index = await ref('index', 'Mat_n');
    const schema: ObjectRef = { kind: 'schema', oid: 0, schema: '', name: 'Sch"ema', sub: 0 };
    const database: ObjectRef = { kind: 'database', oid: 0, schema: '', name: 'acts', sub: 0 };
    const every = {
      ...NEW_MAINTENANCE,
      freeze: true,
      disablePageSkipping: true,
      skipLocked: true,
      indexCleanup: 'auto',
      truncate: false,
      processToast: false,
      processMain: true,
      skipDatabaseStats: true,
      parallel: 1,
      bufferUsageLimit: '512 kB',
    } as const;
    const notices = await run([
      ...maintenanceStatements(every, [table, mat], version()),
      ...maintenanceStatements({ ...NEW_MAINTENANCE, full: true, indexCleanup: 'on' }, [table], version()),
      ...maintenanceStatements({ ...NEW_MAINTENANCE, onlyDatabaseStats: true }, [database], version()),
      ...maintenanceStatements({ ...every, operation: 'analyze' }, [table, mat], version()),
      ...maintenanceStatements(
        { ...NEW_MAINTENANCE, operation: 'reindex', concurrently: true, tablespace: 'pg_default' },
        [table, index],
        version(),
      ),
      ...maintenanceStatements({ ...NEW_MAINTENANCE, operation: 'reindex' }, [schema, database], version()),
      ...maintenanceStatements(
        { ...NEW_MAINTENANCE, operation: 'reindex', system: true, concurrently: true, tablespace: 'pg_default' },
        [database],
        version(),
      ),
      ...maintenanceStatements({ ...NEW_MAINTENANCE, operation: 'cluster' }, [database], version()),
    ]);
    expect(notices.join('\n')).toContain("Ta'ble");
    const injected = { ...NEW_MAINTENANCE, bufferUsageLimit: "1 kB'); DROP TABLE x; --" };
    expect(maintenanceStatements(injected, [table], 180_000)).toEqual([]);
  });

  it('grants and revokes on objects of every kind', async () => {
    const fun = await find('function', 'Fun');
    const table = await ref('table', "Ta'ble");
    const targets: GrantTarget[] = [
      { ref: { ...table, kind: 'database', schema: '', name: 'acts' }, arguments: '' },
      { ref: await ref('schema', 'Sch"ema'), arguments: '' },
      { ref: table, arguments: '' },
      { ref: await ref('materialized-view', 'Mat'), arguments: '' },
      { ref: await ref('sequence', "Ta'ble_Key_seq"), arguments: '' },
      { ref: fun.ref, arguments: fun.note },
    ];
    const groups = ['databases', 'schemas', 'tables', 'sequences', 'functions'] as const;
    const privileges = Object.fromEntries(groups.map((group) => [group, privilegesOf(group, version())]));
    const choice = { revoke: false, privileges, grantees: ['new owner', ''], grantOption: false };
    const statements = grantStatements(targets, choice);
    expect(statements).toHaveLength(5);
    await run(statements);
    await run(grantStatements(targets, { ...choice, grantees: ['new owner'], grantOption: true }));
    expect(await one(`SELECT has_function_privilege('new owner', ${fun.ref.oid}, 'EXECUTE WITH GRANT OPTION')`)).toBe(
      true,
    );
    await run(grantStatements(targets, { ...choice, revoke: true, grantees: [''] }));
    await run(grantStatements(targets, { ...choice, revoke: true, grantees: ['new owner'], grantOption: true }));
    expect(await one(`SELECT has_database_privilege('new owner', 'acts', 'CREATE')`)).toBe(true);
    expect(grantStatements(targets, { ...choice, grantees: [] })).toEqual([]);
  });

  it('counting stops when nobody waits for it any more, and leaves no session', async () => {
    await server.sql(
      'CREATE VIEW "Sch""ema".slow AS SELECT FROM generate_series(1, 1000) CROSS JOIN LATERAL pg_sleep(60)',
      'acts',
    );
    const slow = await ref('view', 'slow');
    const controller = new AbortController();
    const counting = countRows(server.profile('acts'), slow, controller.signal);
    const refusal = counting.catch((error: unknown) => errorInfo(error).code);
    const running = `SELECT count(*)::int FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND query ~ 'slow' AND state = 'active'`;
    await vi.waitFor(async () => expect(await one(running)).toBe(1), { timeout: 10_000, interval: 20 });
    controller.abort();
    expect(await refusal).toBe('cancelled');
    await vi.waitFor(async () => expect(await one(running)).toBe(0), { timeout: 10_000, interval: 20 });
  });

  it('a connection that is lost under a statement is told to the tree; a read-only registration runs nothing', async () => {
    const lost: string[] = [];
    let readOnly = false;
    const catalog = createCatalogFeature({
      connections: {
        profile: async (_id, database) => ({ ...server.profile(database ?? 'postgres'), readOnly }),
        name: () => 'test',
        onDisconnect: () => () => undefined,
        reportLost: (id) => void lost.push(id),
      },
      log: memoryLog(),
    });
    const execute = (sql: string) =>
      catalog.handlers.execute({ serverId: 's', database: 'acts', statements: [{ sql }] }, { signal });
    await expect(execute('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
      info: { code: 'lost-connection' },
    });
    expect(lost).toEqual(['s']);
    readOnly = true;
    await expect(execute('SELECT 1')).rejects.toMatchObject({ info: { code: 'denied' } });
    await catalog.close();
  });

  it('writes scripts that the server can read', async () => {
    const table = await ref('table', "Ta'ble");
    const column = { name: 'n', type: 'integer', key: false, generated: false };
    const columns = [{ ...column, name: 'Key', key: true }, { ...column, name: 'select', type: 'text' }, column];
    await session.query(selectColumnsScript(table, columns));
    await session.query(rowsScript(table, columns, { limit: 5, last: true }));
    await session.query(rowsScript(table, [], { limit: null, last: false }));
    const filled = (sql: string): string => sql.replaceAll(/\/\* (\w+): \w+ \*\//g, 'NULL');
    for (const script of [insertScript, updateScript, deleteScript, filteredScript]) {
      await expect(session.query(script(table, columns))).rejects.toMatchObject({
        info: { sqlstate: '42601' },
      });
      await session.query(`EXPLAIN ${filled(script(table, columns))}`);
    }
    const generated = major < 12 ? '' : ', twice integer GENERATED ALWAYS AS (n * 2) STORED';
    await server.sql(
      `CREATE TABLE "Sch""ema".marked (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n integer NOT NULL${generated})`,
      'acts',
    );
    const marked = await ref('table', 'marked');
    const nodes = await readChildren(session, 'columns', marked, false, signal);
    expect(nodes.map(({ mark }) => mark)).toEqual(['pk-identity', 'not-null', ...(major < 12 ? [] : ['generated'])]);
    const read = nodes.map((node) => scriptColumn(node.ref.name, node.note, node.mark));
    await server.sql(insertScript(marked, read).replace(/\/\*.*\*\//, '7'), 'acts');
    await server.sql(
      updateScript(marked, read)
        .replace(/\/\*.*\*\//, '8')
        .replace(/\/\*.*\*\//, '1'),
      'acts',
    );
    expect(await one('SELECT n FROM "Sch""ema".marked')).toBe(8);
    const { ref: fun, note } = await find('function', 'Fun');
    await session.query(`EXPLAIN ${executeScript(fun, note).replace(/\/\*.*\*\//, "1, 'a'")}`);
  });
});
