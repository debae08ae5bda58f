import { chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/features/catalog/catalog-sessions';
import type { ObjectKind, ObjectRef } from '../../shared/model/catalog';
import { EVIL, OTHER, relationCases, wholeCases } from '../support/form-cases';
import { formTrip, plain } from '../support/form-round-trip';
import { LONG } from '../support/nasty-names';
import { openTempFolder, startServer, type TestServer } from '../support/postgres';

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
    server = await startServer({ major });
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
    const plainSession = await openSession({ ...server.profile('zoo'), user: 'plain' });
    await prepareCatalogSession(plainSession);
    const reader = formTrip(server, plainSession);
    const unread: string[] = [];
    for (const { kind, find, first } of [...wholeCases(major * 10_000, folder), ...relationCases(major * 10_000)]) {
      // What a subscription is made of is for superusers.
      if (kind === 'subscription') continue;
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

  it('the query of a materialized view, that keeps its indexes', async () => {
    await server.sql(
      'CREATE MATERIALIZED VIEW public.seen AS SELECT id FROM public.plain; CREATE UNIQUE INDEX "i x" ON public.seen (id)',
      'zoo',
    );
    const object = await refOf('materialized-view', 'SELECT oid FROM pg_class WHERE relname = $1', 'seen');
    const state = await trip.read(object);
    const definition = 'SELECT id, 1 AS n FROM public.plain;';
    await trip.save(object, 'materialized-view', { ...state, name: OTHER, schema: LONG, definition }, state);
    const found = await session.query(`
      SELECT i.relname AS index, n.nspname AS schema, c.relname AS view
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE i.relname = 'i x'`);
    expect(found).toEqual([{ index: 'i x', schema: LONG, view: OTHER }]);
  });
});
