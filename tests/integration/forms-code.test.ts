import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/adapters/postgres/catalog-sessions';
import { readFormState } from '../../electron/features/catalog/forms/read-form-state';
import { runStatements } from '../../electron/features/catalog/run-statements';
import { OBJECT_KINDS, type ObjectKind, type ObjectRef } from '../../shared/model/catalog';
import type { FormState } from '../../shared/model/form';
import { formOf } from '../../shared/model/forms/all-forms';
import { zooSql } from '../support/catalog-zoo';
import { GROUND, OWNERS } from '../support/form-code-ground';
import { aggregateTrips, functionTrips } from '../support/form-function-trips';
import { otherTrips } from '../support/form-other-trips';
import { takeTrip } from '../support/form-trip';
import { domainCheckTrip, typeTrips } from '../support/form-type-trips';
import { NASTY } from '../support/nasty-names';
import { startServer, type TestServer } from '../support/postgres';

/** Every object that a person made, by the kind of its form. */
const OBJECTS: Readonly<Record<string, (version: number) => string>> = {
  function: (version) =>
    `SELECT oid FROM pg_catalog.pg_proc WHERE oid >= 16384 AND ${version < 110_000 ? 'NOT proisagg' : "prokind <> 'a'"}`,
  aggregate: () =>
    'SELECT aggfnoid::pg_catalog.oid AS oid FROM pg_catalog.pg_aggregate ORDER BY aggfnoid::pg_catalog.oid::pg_catalog.int8 DESC LIMIT 30',
  type: () => `SELECT t.oid FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
     WHERE t.oid >= 16384 AND (t.typtype IN ('e', 'r', 'p') OR (t.typtype = 'b' AND t.typcategory <> 'A') OR c.relkind = 'c')`,
  domain: () => "SELECT oid FROM pg_catalog.pg_type WHERE typtype = 'd'",
  constraint: () => "SELECT oid FROM pg_catalog.pg_constraint WHERE contypid <> 0 AND contype = 'c'",
  collation: () => 'SELECT oid FROM pg_catalog.pg_collation ORDER BY oid::pg_catalog.int8 DESC LIMIT 10',
  conversion: () => 'SELECT oid FROM pg_catalog.pg_conversion LIMIT 20',
  operator: () => 'SELECT oid FROM pg_catalog.pg_operator ORDER BY oid::pg_catalog.int8 DESC LIMIT 20',
  cast: () => 'SELECT oid FROM pg_catalog.pg_cast ORDER BY oid::pg_catalog.int8 DESC LIMIT 20',
  'access-method': () => 'SELECT oid FROM pg_catalog.pg_am',
  'text-search-configuration': () =>
    'SELECT oid FROM pg_catalog.pg_ts_config ORDER BY oid::pg_catalog.int8 DESC LIMIT 10',
  'text-search-dictionary': () => 'SELECT oid FROM pg_catalog.pg_ts_dict ORDER BY oid::pg_catalog.int8 DESC LIMIT 10',
  'text-search-parser': () => 'SELECT oid FROM pg_catalog.pg_ts_parser',
  'text-search-template': () => 'SELECT oid FROM pg_catalog.pg_ts_template',
  'statistics-object': () => 'SELECT oid FROM pg_catalog.pg_statistic_ext',
  'event-trigger': () => 'SELECT oid FROM pg_catalog.pg_event_trigger',
  'foreign-data-wrapper': () => 'SELECT oid FROM pg_catalog.pg_foreign_data_wrapper',
  'foreign-server': () => 'SELECT oid FROM pg_catalog.pg_foreign_server',
  'user-mapping': () => 'SELECT umid AS oid FROM pg_catalog.pg_user_mappings',
  language: () => 'SELECT oid FROM pg_catalog.pg_language',
};

for (const major of [10, 14, 18]) {
  describe(`on ${major}`, () => {
    let server: TestServer;
    let session: PgSession;

    beforeAll(async () => {
      server = await startServer({ major });
      await server.createDatabase('trips');
      await server.sql(GROUND, 'trips');
      session = await openSession(server.profile('trips'));
      await prepareCatalogSession(session);
    });
    afterAll(async () => {
      await session?.end();
      await server?.stop();
    });

    const trips = [
      ...functionTrips(major),
      ...aggregateTrips(major),
      ...typeTrips(major),
      domainCheckTrip({ kind: 'domain', oid: 0, schema: 'fx', name: 'dom ain', sub: 0 }),
      ...otherTrips(major),
    ];
    it.each(trips.map((trip) => [`${trip.kind} ${trip.variant ?? ''}`.trim(), trip] as const))(
      'a form makes what was asked, and changes it: %s',
      async (_name, trip) => {
        const steps = await takeTrip({ server, database: 'trips', session, owners: OWNERS }, trip);
        expect(steps).toBeGreaterThanOrEqual(trip.edits.length);
      },
    );

    it('a comment at the end of an expression swallows nothing', async () => {
      const parent: ObjectRef = { kind: 'schema', oid: 0, schema: '', name: 'public', sub: 0 };
      const context = {
        mode: 'create',
        version: session.serverVersionNum,
        database: 'trips',
        parent,
        object: null,
        user: 'postgres',
      } as const;
      const save = async (kind: ObjectKind, variant: string, state: FormState, before: FormState | null = null) => {
        const form = formOf(kind, variant);
        const [full, old] = [
          { ...form?.initial(context), ...state },
          before && { ...form?.initial(context), ...before },
        ];
        await runStatements(
          server.profile('trips'),
          form?.statements(full, old, context) ?? [],
          new AbortController().signal,
        );
      };
      const check = (id: string, notValid: boolean) => ({
        id,
        name: id,
        expression: `VALUE > 0 -- ${id}`,
        notValid,
        comment: id,
      });
      const domain = { name: 'said', baseType: 'integer', default: '1 -- one', notNull: true };
      const checks = [check('a', false), check('b', false), check('c', true)];
      await save('domain', '', { ...domain, checks });
      await save(
        'domain',
        '',
        { ...domain, default: '2 -- two', checks: [...checks, check('d', true)] },
        { ...domain, checks },
      );
      await save('constraint', 'domain-check', { ...check('e', true), domain: 'public.said' });
      const argument = { mode: '', type: 'integer', default: '1 -- one' };
      const rows = [
        { ...argument, id: '1', name: 'a' },
        { ...argument, id: '2', name: 'b' },
      ];
      await save('function', '', { name: 'said', arguments: rows, returnType: 'integer', body: 'SELECT 1' });
      await server.sql('CREATE TABLE public.rows (n integer PRIMARY KEY)', 'trips');
      if (major >= 14) {
        const expressions = ['n + 1 -- one', 'n + 2 -- two'].map((expression, at) => ({ id: String(at), expression }));
        await save('statistics-object', '', { name: 'said_s', table: 'public.rows', expressions });
      }
      if (major >= 15) {
        const tables = [{ id: '1', table: 'public.rows', columns: [], where: 'n > 1 -- one' }];
        await save('publication', '', { name: 'said', tables });
      }
      const [found] = await session.query<{ checks: string; value: string }>(`
        SELECT pg_catalog.string_agg(c.conname || CASE WHEN c.convalidated THEN '' ELSE '?' END, ' ' ORDER BY c.conname) AS checks,
               min(t.typdefault) AS value
          FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_type t ON t.oid = c.contypid WHERE t.typname = 'said' AND c.contype = 'c'`);
      expect(found).toEqual({ checks: 'a b c? d? e?', value: '2' });
    });

    it('the state of any object asks for nothing', async () => {
      await server.createDatabase('zoo');
      await server.sql(zooSql(major), 'zoo');
      await server.sql(NASTY, 'zoo');
      // Reading needs no rights of an administrator.
      await server.sql('CREATE ROLE plain LOGIN', 'zoo');
      const zoo = await openSession({ ...server.profile('zoo'), user: 'plain' });
      const { signal } = new AbortController();
      try {
        await prepareCatalogSession(zoo);
        for (const kind of OBJECT_KINDS) {
          const list = OBJECTS[kind]?.(zoo.serverVersionNum);
          if (list === undefined) continue;
          const found = await zoo.query<{ oid: number }>(list);
          for (const { oid } of found) {
            const object: ObjectRef = { kind, oid, schema: '', name: '', sub: 0 };
            const { variant, state } = await readFormState(zoo, object, signal);
            const form = formOf(kind, variant);
            const context = {
              mode: 'edit',
              version: zoo.serverVersionNum,
              database: 'zoo',
              parent: null,
              object,
              user: 'postgres',
            } as const;
            expect(form?.statements(state, state, context), `${kind} ${oid}`).toEqual([]);
            // Nothing that the server has is a problem.
            expect(form?.check?.(state, context) ?? {}, `${kind} ${oid}`).toEqual({});
            // Everything that a dialog asks is told.
            const fields = form?.tabs.flatMap((tab) => tab.fields.map(({ id }) => id)) ?? [];
            expect(Object.keys(state)).toEqual(expect.arrayContaining(fields));
          }
        }
        const gone: ObjectRef = { kind: 'function', oid: 1, schema: 's', name: 'f', sub: 0 };
        await expect(readFormState(zoo, gone, signal)).rejects.toMatchObject({ info: { code: 'not-found' } });
      } finally {
        await zoo.end();
      }
    });
  });
}
