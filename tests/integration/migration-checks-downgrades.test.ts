import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKS } from '../../electron/control-plane/migration/checks/registry';
import { openCheckContext, type OpenCheckContext } from '../support/check-context';
import {
  choiceOf,
  look,
  onlyTables,
  optionsOf,
  see,
  wholeDatabase,
  type PlantedOptions,
} from '../support/planted-checks';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let oldest: TestServer;

const PLANTED = `
CREATE EXTENSION btree_gist;
CREATE TABLE plain (id int PRIMARY KEY, t text);
CREATE PROCEDURE proc() LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE giving(OUT i int) LANGUAGE sql AS 'SELECT 1';
CREATE TABLE hashed (id int) PARTITION BY HASH (id);
CREATE TABLE ranged (id int, n int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE ranged_rest PARTITION OF ranged DEFAULT;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER first BEFORE INSERT ON ranged FOR EACH ROW EXECUTE FUNCTION touch();
CREATE INDEX plain_inc ON plain (id) INCLUDE (t);
CREATE TABLE computed (a int, s int GENERATED ALWAYS AS (a * 2) STORED, v int GENERATED ALWAYS AS (a * 3) VIRTUAL);
CREATE TABLE refers (id int REFERENCES ranged);
CREATE COLLATION loose (provider = icu, locale = 'und', deterministic = false);
CREATE COLLATION ruled (provider = icu, locale = 'und', rules = '&a < b');
CREATE TABLE builtin (t text COLLATE pg_c_utf8);
CREATE STATISTICS common (mcv) ON id, t FROM plain;
CREATE STATISTICS worked ON (lower(t)), id FROM plain;
CREATE TABLE many_ranges (r int4multirange, x xid8);
CREATE FUNCTION body(i int) RETURNS int LANGUAGE sql RETURN i + 1;
CREATE TABLE packed (t text COMPRESSION pglz);
CREATE TABLE nulls (a int UNIQUE NULLS NOT DISTINCT);
CREATE VIEW invoked WITH (security_invoker = true) AS SELECT 1 AS one;
CREATE TABLE two (a int, b int, UNIQUE (a, b));
CREATE TABLE partly (a int, b int, FOREIGN KEY (a, b) REFERENCES two (a, b) ON DELETE SET NULL (b));
CREATE TABLE scaled (n numeric(3, -2), m numeric(2, 5), fine numeric(10, 2));
CREATE ROLE tender; GRANT MAINTAIN ON plain TO tender;
CREATE TABLE apart (id int, r int4range, EXCLUDE USING gist (id WITH =, r WITH &&)) PARTITION BY RANGE (id);
CREATE TABLE counted (id bigint GENERATED ALWAYS AS IDENTITY, n int) PARTITION BY RANGE (n);
CREATE TABLE counted_a PARTITION OF counted FOR VALUES FROM (0) TO (10);
CREATE TABLE lax (a int CONSTRAINT never CHECK (a > 0) NOT ENFORCED, b int, CONSTRAINT later NOT NULL b NOT VALID);
ALTER TABLE lax ALTER b DROP NOT NULL; ALTER TABLE lax ADD CONSTRAINT later NOT NULL b NOT VALID;
CREATE TABLE timed (id int, at daterange, PRIMARY KEY (id, at WITHOUT OVERLAPS));
CREATE TABLE half (id int) PARTITION BY RANGE (id);
ALTER TABLE half ADD CONSTRAINT half_fk FOREIGN KEY (id) REFERENCES plain NOT VALID;
CREATE TABLE tuned (id int) WITH (vacuum_truncate = false, fillfactor = 90);
CREATE INDEX sparse ON plain USING brin (id int4_minmax_multi_ops);
CREATE TABLE stamped (id uuid DEFAULT uuidv7(), "like" text DEFAULT 'uuidv7()');
CREATE VIEW ends AS SELECT id FROM plain ORDER BY id FETCH FIRST 3 ROWS WITH TIES;
CREATE VIEW tabled AS SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (n int PATH '$')) j;
CREATE VIEW watched AS SELECT * FROM pg_stat_io;
`;

/** What each check of a feature names, and the tables by which it is found when only they travel. */
const EXPECTED: readonly (readonly [id: string, items: readonly string[]])[] = [
  ['procedures', ['public.giving(OUT i integer)', 'public.proc()']],
  ['hash-partitions', ['public.hashed']],
  ['default-partitions', ['public.ranged']],
  [
    'partitioned-keys',
    ['public.apart: apart_id_r_excl', 'public.half: half_fk', 'public.ranged: first', 'public.ranged: ranged_pkey'],
  ],
  ['include', ['public.plain_inc']],
  ['generated-columns', ['public.computed.s', 'public.computed.v']],
  ['references-partitioned', ['public.refers: refers_id_fkey']],
  ['nondeterministic-collations', ['public.loose']],
  ['mcv-statistics', ['public.common', 'public.worked']],
  ['before-triggers-partitioned', ['public.ranged: first']],
  ['multiranges', ['public.many_ranges.r']],
  ['sql-bodies', ['public.body(i integer)']],
  ['procedure-out', ['public.giving(OUT i integer)']],
  ['expression-statistics', ['public.worked']],
  ['column-compression', ['public.packed.t']],
  ['nulls-not-distinct', ['public.nulls_a_key']],
  ['security-invoker', ['public.invoked']],
  ['set-null-columns', ['public.partly: partly_a_b_fkey']],
  ['numeric-scale', ['public.scaled.m', 'public.scaled.n']],
  ['collation-rules', ['public.ruled']],
  ['builtin-collations', ['public.builtin.t']],
  ['maintain-privilege', ['public.plain']],
  ['exclusion-partitioned', ['public.apart: apart_id_r_excl']],
  ['partitioned-identity', ['public.counted_a.id']],
  ['virtual-columns', ['public.computed.v']],
  ['not-null-constraints', ['public.lax: later']],
  ['not-enforced', ['public.lax: never']],
  ['temporal-keys', ['public.timed: timed_pkey']],
  ['not-valid-partitioned', ['public.half: half_fk']],
  ['types', ['public.many_ranges.x: xid8']],
  ['storage-parameters', ['public.tuned: vacuum_truncate']],
  ['operator-classes', ['public.sparse: brin int4_minmax_multi_ops']],
  ['grammar', ['public.ends: WITH TIES', 'public.tabled: JSON_TABLE and its kind']],
];

/** What arrives in other words. */
const CARRIED = new Set(['include', 'sql-bodies', 'column-compression', 'storage-parameters']);

beforeAll(async () => {
  [source, oldest] = await Promise.all([startServer({ major: 18 }), startServer({ major: 10 })]);
  await source.createDatabase('new');
  await source.sql(PLANTED, 'new');
  await source.createDatabase('bare');
  await source.sql('CREATE TABLE t (id int)', 'bare');
});
afterAll(async () => void (await Promise.all([source?.stop(), oldest?.stop()])));

const whole = (name = 'new'): PlantedOptions => ({ source, target: oldest, databases: [wholeDatabase(name)] });

describe('what an older server lacks', () => {
  let planted: OpenCheckContext;
  let bare: OpenCheckContext;
  beforeAll(async () => {
    const options = optionsOf(whole());
    planted = await openCheckContext({ ...whole(), options });
    bare = await openCheckContext({ ...whole('bare'), options: optionsOf(whole('bare')) });
  });
  afterAll(async () => void (await Promise.all([planted?.close(), bare?.close()])));

  test.each(EXPECTED)('%s', async (id, items) => {
    const check = CHECKS.find((each) => each.id === `downgrade-${id}`);
    expect(check?.applies(planted.context)).toBe(true);
    const [seen] = (await check?.run(planted.context)) ?? [];
    const level = CARRIED.has(id) ? 'info' : 'warning';
    expect(seen).toMatchObject({ level, side: 'source', database: 'new', items });
    expect(seen?.effect).toBeTruthy();
    expect(seen?.remedy).toBeTruthy();
    expect(await check?.run(bare.context)).toMatchObject([{ level: 'pass', items: [] }]);
    const { context } = planted;
    expect(check?.applies({ ...context, target: { ...context.target, major: 18 } })).toBe(false);
  });

  test('every check of that kind is in the list above', () => {
    const ids = CHECKS.map(({ id }) => id).filter((id) => id.startsWith('downgrade-'));
    expect(ids.toSorted()).toEqual(EXPECTED.map(([id]) => `downgrade-${id}`).toSorted());
  });

  test('only what travels is looked at', async () => {
    const part = { ...whole(), databases: [onlyTables('new', 'plain')] };
    expect(await see('downgrade-include', part)).toMatchObject({ level: 'info', items: ['public.plain_inc'] });
    for (const id of ['hash-partitions', 'procedures', 'types', 'security-invoker'])
      expect(await see(`downgrade-${id}`, part)).toMatchObject({ level: 'pass' });
  });

  test('functions and views of the server, but not words within quotes', async () => {
    const part = {
      ...whole(),
      databases: [
        choiceOf({
          name: 'new',
          mode: 'partial',
          schemas: [{ name: 'public', mode: 'partial', tables: [{ name: 'stamped' }], views: ['watched', 'invoked'] }],
        }),
      ],
    };
    expect(await see('system-functions', part)).toMatchObject({
      level: 'warning',
      items: ['public.stamped.id: uuidv7'],
    });
    expect(await see('system-views', part)).toMatchObject({ level: 'warning', items: ['public.watched: pg_stat_io'] });
    expect(await see('system-views', whole('bare'))).toMatchObject({ level: 'pass' });
    expect(await look('system-functions', { ...part, target: source })).toEqual([]);
  });

  test('the locale of a database that an older server cannot have', async () => {
    await source.createDatabase('modern', "TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'");
    const seen = await see('locale', whole('modern'));
    expect(seen).toMatchObject({ level: 'warning' });
    expect(seen.found).toMatch(/provider builtin/);
  });
});
