import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { readChildren, readFolders } from '../../electron/features/catalog/catalog-reader';
import { planDrop } from '../../electron/features/catalog/drop-plan';
import { findFalling } from '../../electron/features/catalog/objects/falling-objects';
import { addressKey, addressOf } from '../../electron/features/catalog/objects/object-address';
import { AppError } from '../../shared/errors';
import type { DropPlan, ObjectKind, ObjectRef } from '../../shared/model/catalog';
import { zooSql } from '../support/catalog-zoo';
import { rareZooSql } from '../support/catalog-zoo-rare';
import { startServer, type TestServer } from '../support/postgres';

const { signal } = new AbortController();

/** Every object of the catalogs that a drop can take, columns included, as keys of addresses. */
const EVERYTHING = `
SELECT 1259 AS classid, oid AS objid, 0 AS sub FROM pg_catalog.pg_class WHERE relkind <> 'i' OR oid >= 16384
UNION ALL SELECT 1259, attrelid, attnum FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attrelid >= 16384
${[
  [1247, 'pg_type'],
  [1255, 'pg_proc'],
  [2604, 'pg_attrdef'],
  [2605, 'pg_cast'],
  [2606, 'pg_constraint'],
  [2607, 'pg_conversion'],
  [2612, 'pg_language'],
  [2615, 'pg_namespace'],
  [2616, 'pg_opclass'],
  [2617, 'pg_operator'],
  [2753, 'pg_opfamily'],
  [2618, 'pg_rewrite'],
  [2620, 'pg_trigger'],
  [3079, 'pg_extension'],
  [3256, 'pg_policy'],
  [3381, 'pg_statistic_ext'],
  [3456, 'pg_collation'],
  [3466, 'pg_event_trigger'],
  [3576, 'pg_transform'],
  [3600, 'pg_ts_dict'],
  [3601, 'pg_ts_parser'],
  [3602, 'pg_ts_config'],
  [3764, 'pg_ts_template'],
  [2328, 'pg_foreign_data_wrapper'],
  [1417, 'pg_foreign_server'],
  [1418, 'pg_user_mapping'],
  [6104, 'pg_publication'],
  [6106, 'pg_publication_rel'],
  [826, 'pg_default_acl'],
]
  .map(([classid, catalog]) => `UNION ALL SELECT ${classid}, oid, 0 FROM pg_catalog.${catalog} WHERE oid >= 12000`)
  .join('\n')}`;

const MORE = `
CREATE TABLE 动物园.base (a integer PRIMARY KEY, b integer CHECK (b > 0), c text DEFAULT 'x');
CREATE TABLE 动物园.derived (d integer) INHERITS (动物园.base);
CREATE VIEW 动物园.over_base AS SELECT a, c FROM 动物园.base;
CREATE VIEW 动物园.over_view AS SELECT c FROM 动物园.over_base;
CREATE FUNCTION 动物园.of_row(动物园.base) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE 动物园.ring_a (id integer PRIMARY KEY, b integer);
CREATE TABLE 动物园.ring_b (id integer PRIMARY KEY, a integer REFERENCES 动物园.ring_a);
ALTER TABLE 动物园.ring_a ADD FOREIGN KEY (b) REFERENCES 动物园.ring_b;
CREATE POLICY "Pol ""p""" ON 动物园.base USING (b > 1);
CREATE RULE quiet AS ON DELETE TO 动物园.base DO INSTEAD NOTHING;
CREATE AGGREGATE 动物园.count_all(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE OPERATOR FAMILY 动物园."Fam" USING btree;
CREATE OPERATOR CLASS 动物园."Class" FOR TYPE integer USING btree FAMILY 动物园."Fam" AS OPERATOR 1 <, FUNCTION 1 btint4cmp(integer, integer);
CREATE TEXT SEARCH DICTIONARY 动物园."Dict" (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION 动物园."Conf" (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION 动物园."Conf" ALTER MAPPING FOR word WITH 动物园."Dict";
CREATE CONVERSION 动物园."Conv" FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
CREATE SCHEMA full_one CREATE TABLE in_it (a integer) CREATE VIEW of_it AS SELECT a FROM in_it;
`;

/** The version that is also tried with rare objects; extensions bring hundreds of functions and operators, of which some are enough. */
const WITH_RARE = 15;
const MANY: ReadonlySet<ObjectKind> = new Set(['function', 'operator', 'operator-class', 'operator-family']);
const SOME = 25;

type Outcome = { readonly plan: DropPlan } | { readonly refused: true };

describe.each([10, 15, 18])('dropping on a server of version %i', (major) => {
  let server: TestServer;
  let session: PgSession;
  let objects: ObjectRef[];
  let before: Set<string>;

  beforeAll(async () => {
    server = await startServer({ major });
    await server.createDatabase('zoo');
    await server.sql(zooSql(major), 'zoo');
    if (major === WITH_RARE) await server.sql(rareZooSql(major), 'zoo');
    await server.sql(MORE, 'zoo');
    session = await openSession(server.profile('zoo'), signal);
    await session.query("SET search_path = ''");
    await session.query('SET client_min_messages = warning');
    objects = await everyObject();
    before = await everything();
  });
  afterAll(async () => {
    await session?.end();
    await server?.stop();
  });

  async function everyObject(): Promise<ObjectRef[]> {
    const [row] = await session.query<{ oid: number }>(
      'SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()',
    );
    const database: ObjectRef = { kind: 'database', oid: row?.oid ?? 0, schema: '', name: 'zoo', sub: 0 };
    const found = new Map<string, ObjectRef>();
    const walk = async (parent: ObjectRef): Promise<void> => {
      for (const { folder } of await readFolders(session, parent, false, signal)) {
        if (folder === 'catalogs') continue;
        for (const { ref } of await readChildren(session, folder, parent, false, signal)) {
          if (found.has(`${ref.kind} ${ref.oid} ${ref.sub}`)) continue;
          found.set(`${ref.kind} ${ref.oid} ${ref.sub}`, ref);
          await walk(ref);
        }
      }
    };
    await walk(database);
    return [...found.values()].filter(
      ({ kind, schema }, at) => schema !== 'rare' || !MANY.has(kind) || at % SOME === 0,
    );
  }

  const everything = async (): Promise<Set<string>> => {
    const rows = await session.query<{ classid: number; objid: number; sub: number }>(EVERYTHING);
    return new Set(rows.map(addressKey));
  };

  const outcome = async (dropped: readonly ObjectRef[], cascade: boolean): Promise<Outcome> => {
    try {
      return { plan: await planDrop(session, dropped, { cascade, force: false }, signal) };
    } catch (error) {
      if (error instanceof AppError && error.code === 'conflict') return { refused: true };
      throw error;
    }
  };

  /** Runs in a transaction that is taken back; tells what failed and what is gone. */
  const attempt = async (plan: DropPlan, look = false): Promise<{ failed: string; gone: Set<string> }> => {
    await session.query('BEGIN');
    try {
      for (const { sql } of plan.statements) await session.query(sql);
      const after = look ? await everything() : before;
      return { failed: '', gone: new Set([...before].filter((key) => !after.has(key))) };
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error), gone: new Set() };
    } finally {
      await session.query('ROLLBACK');
    }
  };

  it('knows of every object whether it can go, and what goes with it', async () => {
    const wrong: string[] = [];
    // Columns are many; every third is enough on all versions but one.
    const looked = objects.filter(({ kind, sub }) => kind !== 'column' || major === 18 || sub % 3 === 1);
    for (const object of looked) {
      const name = `${object.kind} ${object.schema}.${object.name}`;
      const restricted = await outcome([object], false);
      if ('refused' in restricted) continue;
      const { plan } = restricted;
      // Outside of a transaction there is no way back.
      if (plan.statements.some(({ outside }) => outside === true)) continue;
      const tried = await attempt(plan);
      const free = plan.falls.length === 0;
      if (free !== (tried.failed === '')) {
        wrong.push(
          `${name}: ${plan.falls.map(({ text }) => text).join(', ') || 'nothing'} in the way, but: ${tried.failed || 'it went'}`,
        );
      }
      const cascaded = await outcome([object], true);
      if ('refused' in cascaded) {
        wrong.push(`${name}: refused with cascade only`);
        continue;
      }
      const done = await attempt(cascaded.plan, true);
      if (done.failed !== '') {
        wrong.push(`${name}: ${cascaded.plan.statements.map(({ sql }) => sql).join('; ')}: ${done.failed}`);
        continue;
      }
      // A key's index goes by its constraint.
      if (object.kind === 'index' && cascaded.plan.statements[0]?.sql.startsWith('ALTER') === true) continue;
      const { objects: said } = await findFalling(session, [addressOf(object)], signal);
      const keys = new Set(said.map(addressKey));
      const relations = new Set(
        said.filter(({ classid, sub }) => classid === 1259 && sub === 0).map(({ objid }) => objid),
      );
      for (const key of done.gone) {
        const [classid, objid] = key.split('.').map(Number);
        if (!keys.has(key) && !(classid === 1259 && relations.has(objid ?? 0)))
          wrong.push(`${name}: ${key} went unannounced`);
      }
      for (const key of keys) if (before.has(key) && !done.gone.has(key)) wrong.push(`${name}: ${key} stayed`);
    }
    expect(wrong).toEqual([]);
    expect(objects.length).toBeGreaterThan(100);
  });

  it('what it refuses, the server refuses too', async () => {
    const { dropStatements } = await import('../../electron/features/catalog/objects/drop-statements');
    const wrong: string[] = [];
    let refused = 0;
    for (const object of objects) {
      if ('plan' in (await outcome([object], true))) continue;
      refused += 1;
      const statements = await dropStatements(session, [object], { cascade: true, force: false }, signal);
      const { failed } = await attempt({ statements, falls: [] });
      if (failed === '') wrong.push(`${object.kind} ${object.name}: ${statements[0]?.sql}`);
    }
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(3);
  });

  it('drops many at once, what depends on others first, circles in one statement', async () => {
    const named = (...names: readonly string[]): ObjectRef[] =>
      names.map((name) => {
        const found = objects.find((object) => object.name === name && object.kind !== 'type');
        if (!found) throw new Error(`no ${name}`);
        return found;
      });
    const plan = await planDrop(
      session,
      named('base', 'over_view', 'derived', 'over_base', 'of_row'),
      { cascade: false, force: false },
      signal,
    );
    expect(plan.falls).toEqual([]);
    expect((await attempt(plan)).failed).toBe('');
    const ring = await planDrop(session, named('ring_a', 'ring_b'), { cascade: false, force: false }, signal);
    expect(ring.statements).toHaveLength(1);
    expect((await attempt(ring)).failed).toBe('');
    const all = await planDrop(
      session,
      objects.filter(({ kind, schema }) => kind === 'table' && schema === '动物园'),
      { cascade: true, force: false },
      signal,
    );
    expect((await attempt(all)).failed).toBe('');
    const schema = await planDrop(session, named('full_one'), { cascade: false, force: false }, signal);
    expect(schema.falls.map(({ ref }) => ref?.name ?? '').toSorted()).toEqual(['in_it', 'of_it']);
  });

  it('names what keeps roles, tablespaces and databases', async () => {
    const roles = await session.query<{ oid: number }>(
      "SELECT oid FROM pg_catalog.pg_roles WHERE rolname = 'Zoo Owner'",
    );
    const role: ObjectRef = { kind: 'role', oid: roles[0]?.oid ?? 0, schema: '', name: 'Zoo Owner', sub: 0 };
    const plan = await planDrop(session, [role], { cascade: false, force: false }, signal);
    expect(plan.statements).toEqual([{ sql: 'DROP ROLE "Zoo Owner"' }]);
    expect(plan.falls.length).toBeGreaterThan(2);
    const databases = await session.query<{ oid: number }>(
      "SELECT oid FROM pg_catalog.pg_database WHERE datname = 'zoo'",
    );
    const database: ObjectRef = { kind: 'database', oid: databases[0]?.oid ?? 0, schema: '', name: 'zoo', sub: 0 };
    const forced = await planDrop(session, [database], { cascade: true, force: true }, signal);
    expect(forced.statements).toEqual([
      { sql: `DROP DATABASE zoo${major >= 13 ? ' WITH (FORCE)' : ''}`, outside: true },
    ]);
    const { oid } = objects.find(({ kind }) => kind === 'table') ?? { oid: 0 };
    await expect(
      planDrop(
        session,
        [{ kind: 'view', oid: oid + 100_000, schema: 'x', name: 'gone', sub: 0 }],
        { cascade: false, force: false },
        signal,
      ),
    ).rejects.toMatchObject({ info: { code: 'not-found' } });
  });
});
