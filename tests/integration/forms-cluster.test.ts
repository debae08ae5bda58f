import { chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/adapters/postgres/catalog-sessions';
import { objectDdl } from '../../electron/features/catalog/ddl/object-ddl';
import { rowsOf, textOf } from '../../renderer/features/catalog/forms/form-model';
import type { ObjectKind, ObjectRef } from '../../shared/model/catalog';
import type { FormState } from '../../shared/model/form';
import { EVIL, OTHER, relationCases, wholeCases } from '../support/form-cases';
import { formTrip, plain } from '../support/form-round-trip';
import { LONG } from '../support/nasty-names';
import { openTempFolder, startServer, type TestServer } from '../support/postgres';

const { signal } = new AbortController();
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const grant = (grantee: string, privileges: readonly string[], grantable: readonly string[] = []) => ({
  grantee,
  privileges,
  grantable,
});

describe.each([10, 14, 18])('Forms of the cluster on PostgreSQL %i', (major) => {
  let server: TestServer;
  let session: PgSession;
  let trip: ReturnType<typeof formTrip>;
  let folder: string;

  beforeAll(async () => {
    server = await startServer({ major, settings: ['wal_level = logical'] });
    await server.createDatabase('zoo', 'TEMPLATE template0 ENCODING UTF8');
    await server.sql(
      `CREATE ROLE ${quoted(EVIL)}; CREATE ROLE "${LONG}"; CREATE SCHEMA "${LONG}"; CREATE SCHEMA "select";
       CREATE TABLE "select"."from" ("where" integer PRIMARY KEY, "e""f" text); CREATE TABLE public.plain (id integer, note text);
       GRANT SELECT ON public.plain TO PUBLIC; DROP EXTENSION plpgsql`,
      'zoo',
    );
    session = await openSession(server.profile('zoo'));
    await prepareCatalogSession(session);
    trip = formTrip(server, session);
    folder = join(await openTempFolder('howdah-space-'), 'a b ü');
    await mkdir(folder);
    const { uid, gid } = await stat(server.dataFolder);
    await chown(folder, uid, gid);
  });
  afterAll(async () => {
    await server.sql(`ALTER SUBSCRIPTION ${quoted(EVIL)} SET (slot_name = NONE)`, 'zoo').catch(() => undefined);
    await session.end();
    await server.stop();
  });

  const refOf = async (kind: ObjectKind, sql: string, name: string): Promise<ObjectRef> => {
    const [row] = await session.query<{ oid: number }>(sql, [name]);
    return { kind, oid: row?.oid ?? 0, schema: '', name, sub: 0 };
  };

  it.each(wholeCases(major * 10_000, '').map(({ kind }, at) => [kind, at] as const))('%s', async (_kind, at) => {
    const [found] = wholeCases(major * 10_000, folder).slice(at);
    if (!found) throw new Error('no such case');
    const { got, wanted } = await trip.roundTrip(found);
    expect(got).toEqual(wanted);
  });

  it.each(relationCases(major * 10_000).map((each) => [each.kind, each] as const))('%s', async (_kind, each) => {
    const { got, wanted } = await trip.roundTrip(each);
    expect(got).toEqual(wanted);
  });

  it('are read by a plain account too', async () => {
    await server.sql('CREATE ROLE plain LOGIN', 'zoo');
    await server.sql(
      "CREATE SUBSCRIPTION elsewhere CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false, slot_name = NONE)",
      'postgres',
    );
    const plainSession = await openSession({ ...server.profile('zoo'), user: 'plain' });
    await prepareCatalogSession(plainSession);
    const reader = formTrip(server, plainSession);
    const unread: string[] = [];
    for (const { kind, find, first } of [...wholeCases(major * 10_000, folder), ...relationCases(major * 10_000)]) {
      const name = typeof first['name'] === 'string' ? first['name'] : '';
      const state = await reader.read(await refOf(kind, find, name));
      if (state['name'] !== name) unread.push(kind);
    }
    await plainSession.end();
    expect(unread).toEqual([]);
  });

  it('default privileges of the database that the dialog is in', async () => {
    const object = await refOf('database', 'SELECT oid FROM pg_database WHERE datname = $1', 'zoo');
    const state = await trip.read(object);
    const changed = {
      ...state,
      defaultTables: [grant('postgres', ['SELECT']), grant(EVIL, ['INSERT', 'SELECT'], ['SELECT'])],
      defaultFunctions: [grant('postgres', ['EXECUTE'])],
      defaultSequences: [grant('postgres', ['SELECT', 'UPDATE', 'USAGE']), grant('', ['USAGE'])],
    };
    expect(state['inside']).toBe(true);
    await trip.save(object, 'database', changed, state);
    const after = await trip.read(object);
    expect(plain(after)).toEqual(plain(changed));
    await trip.save(object, 'database', state, after);
    expect(plain(await trip.read(object))).toEqual(plain(state));
  });

  it('the query of a materialized view, that keeps all that is said of its parts', async () => {
    const ties = major >= 11 ? 'ALTER INDEX public."i x" DEPENDS ON EXTENSION plpgsql;' : '';
    const expressions = major >= 11 ? 'ALTER INDEX public."i e" ALTER COLUMN 1 SET STATISTICS 77;' : '';
    const target = major >= 13 ? 'ALTER STATISTICS public."s t" SET STATISTICS 55;' : '';
    await server.sql(
      `CREATE MATERIALIZED VIEW public.seen AS SELECT id, note, note AS "n;o" FROM public.plain WHERE id > 1 WITH NO DATA;
       CREATE UNIQUE INDEX "i x" ON public.seen (id); CREATE INDEX "i e" ON public.seen ((id * 2)); ${ties} ${expressions}
       COMMENT ON INDEX public."i x" IS 'it''s; --'; ALTER MATERIALIZED VIEW public.seen CLUSTER ON "i x";
       COMMENT ON COLUMN public.seen."n;o" IS E'a;\nb'; GRANT SELECT ("n;o") ON public.seen TO "${LONG}";
       ALTER MATERIALIZED VIEW public.seen ALTER note SET STATISTICS 33, ALTER note SET STORAGE EXTERNAL;
       ALTER MATERIALIZED VIEW public.seen ALTER note SET (n_distinct = 9);
       CREATE STATISTICS public."s t" ON id, note FROM public.seen; COMMENT ON STATISTICS public."s t" IS 's'; ${target}`,
      'zoo',
    );
    const find = (name: string) => refOf('materialized-view', 'SELECT oid FROM pg_class WHERE relname = $1', name);
    const object = await find('seen');
    const state = await trip.read(object);
    const ddl = await objectDdl(session, object, signal);
    expect(ddl).toContain('CREATE STATISTICS');
    const definition = `${textOf(state['definition']).replace('> 1', '> 2')} -- more;`;
    await trip.save(object, 'materialized-view', { ...state, definition }, state);
    const again = await find('seen');
    expect(await objectDdl(session, again, signal)).toBe(ddl.replace('> 1', '> 2'));

    const next = await trip.read(again);
    const moved = { ...next, name: OTHER, schema: LONG };
    await server.sql('CREATE VIEW public.upon AS SELECT * FROM public.seen', 'zoo');
    await expect(trip.save(again, 'materialized-view', moved, next)).resolves.toBeUndefined();
    const kept = await trip.read(again);
    const needed = { ...kept, definition: 'SELECT 1 AS id' };
    await expect(trip.save(again, 'materialized-view', needed, kept)).rejects.toThrow(
      /"definition",\{"problem":"needed-by","values":\{"names":"[^"]*view public\.upon"/u,
    );
    await server.sql('DROP VIEW public.upon', 'zoo');
  });

  it('a publication that holds a parent without its child, and with it', async () => {
    await server.sql(
      `CREATE TABLE public.par (id integer); CREATE TABLE public.child () INHERITS (public.par); CREATE TABLE public.more (id integer);
       CREATE PUBLICATION family FOR TABLE ONLY public.par`,
      'zoo',
    );
    const object = await refOf('publication', 'SELECT oid FROM pg_publication WHERE pubname = $1', 'family');
    const tables = async (): Promise<unknown[]> =>
      (
        await session.query("SELECT tablename AS name FROM pg_publication_tables WHERE pubname = 'family' ORDER BY 1")
      ).map(({ name }) => name);
    const change = async (rows: (row: FormState) => readonly FormState[]): Promise<unknown[]> => {
      const state = await trip.read(object);
      const [first] = rowsOf(state['tables']);
      await trip.save(object, 'publication', { ...state, tables: rows(first ?? {}) }, state);
      return tables();
    };
    const more = { id: 'new', table: 'public.more', only: true, columns: [], where: '' };
    expect(await change((row) => [{ ...row, table: 'public.par' }, more])).toEqual(['more', 'par']);
    expect(await change(() => [{ ...more, table: 'public.par' }])).toEqual(['par']);
    expect(await change((row) => [{ ...row, only: false }])).toEqual(['child', 'par']);
    expect(await change(() => [{ ...more, table: 'public.par' }])).toEqual(['par']);
    if (major >= 15) {
      const where = 'id > 7 -- seven';
      expect(await change((row) => [{ ...row, where }])).toEqual(['par']);
      expect(rowsOf((await trip.read(object))['tables'])).toMatchObject([{ where: '(id > 7)', only: true }]);
    }
  });

  it.runIf(major >= 17)('failover and two-phase commit of a subscription that stands still', async () => {
    const { port } = server.profile('zoo');
    await server.sql("SELECT pg_create_logical_replication_slot('s_l', 'pgoutput')", 'zoo');
    await server.sql(
      `CREATE SUBSCRIPTION still CONNECTION 'host=127.0.0.1 port=${port} user=postgres dbname=zoo password=''a b'''
         PUBLICATION p WITH (connect = false, slot_name = s_l)`,
      'zoo',
    );
    const object = await refOf('subscription', 'SELECT oid FROM pg_subscription WHERE subname = $1', 'still');
    const state = await trip.read(object);
    expect(state).toMatchObject({ password: 'a b', failover: false, enabled: false });
    const changed = { ...state, failover: true, twoPhase: true };
    await trip.save(object, 'subscription', changed, state);
    const after = await trip.read(object);
    expect(after).toMatchObject({ ...changed, asRead: { enabled: false, twoPhase: true, failover: true } });
    await trip.save(object, 'subscription', { ...after, failover: false, twoPhase: false }, after);
    expect(await trip.read(object)).toEqual(state);

    const refused = (given: FormState, read: FormState): unknown =>
      trip.save(
        object,
        'subscription',
        { ...state, ...given, asRead: { enabled: true, twoPhase: false, ...read } },
        state,
      );
    const standing = { failover: false };
    await expect(refused({ enabled: true, failover: true }, standing)).rejects.toThrow(
      '"failover",{"problem":"disable-first"',
    );
    await expect(refused({ enabled: false, twoPhase: true }, standing)).rejects.toThrow(
      '"twoPhase",{"problem":"disable-first"',
    );
    await expect(trip.save(object, 'subscription', { ...state, slotName: '', failover: true }, state)).rejects.toThrow(
      '"failover",{"problem":"needs-slot"',
    );
    await server.sql('ALTER SUBSCRIPTION still SET (slot_name = NONE); DROP SUBSCRIPTION still', 'zoo');
    await server.sql("SELECT pg_drop_replication_slot('s_l')", 'zoo');
  });
});
