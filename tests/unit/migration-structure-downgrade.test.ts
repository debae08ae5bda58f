import { describe, expect, it } from 'vitest';
import { statementsOf } from '../../electron/control-plane/migration/structure/sql-tokens';
import { adapt, entry, on, table } from '../support/structure-entries';

describe('on an older target', () => {
  it.each([
    [
      17,
      'TABLE',
      'CREATE TABLE s.t (\n    NOT NULL a,\n    b integer\n)\nINHERITS (s.p);',
      'CREATE TABLE s.t (\n    b integer\n)\nINHERITS (s.p);\nALTER TABLE ONLY s.t ALTER COLUMN a SET NOT NULL;',
    ],
    [
      17,
      'TABLE',
      'CREATE TABLE "S"."T" (\n    CONSTRAINT x NOT NULL a,\n    NOT NULL "B"\n)\nINHERITS (s.p);',
      'CREATE TABLE "S"."T" (\n)\nINHERITS (s.p);\nALTER TABLE ONLY "S"."T" ALTER COLUMN a SET NOT NULL;\nALTER TABLE ONLY "S"."T" ALTER COLUMN "B" SET NOT NULL;',
    ],
    [
      17,
      'TABLE',
      'CREATE TABLE s.t (\n    b integer,\n    CONSTRAINT x NOT NULL a\n);',
      'CREATE TABLE s.t (\n    b integer\n);\nALTER TABLE ONLY s.t ALTER COLUMN a SET NOT NULL;',
    ],
    [
      17,
      'TABLE',
      'CREATE TABLE s.t (\n    a integer NOT NULL NO INHERIT,\n    b integer\n);',
      'CREATE TABLE s.t (\n    a integer NOT NULL,\n    b integer\n);',
    ],
    [
      17,
      'TABLE',
      'CREATE TABLE s.t (\n    a integer,\n    b integer GENERATED ALWAYS AS ((a * (2))),\n    c integer GENERATED ALWAYS AS (a) STORED\n);',
      'CREATE TABLE s.t (\n    a integer,\n    b integer GENERATED ALWAYS AS ((a * (2))) STORED,\n    c integer GENERATED ALWAYS AS (a) STORED\n);',
    ],
    [
      11,
      'TABLE',
      'CREATE TABLE s.t (\n    a integer,\n    b integer GENERATED ALWAYS AS (a) STORED\n);',
      'refused: It has generated columns, which exist from PostgreSQL 12 on.',
    ],
    [
      11,
      'TABLE',
      "CREATE TABLE s.t (\n    a integer DEFAULT 1\n)\nWITH (fillfactor='70', vacuum_truncate='false');",
      "CREATE TABLE s.t (\n    a integer DEFAULT 1\n) WITH (fillfactor='70');",
    ],
    [
      11,
      'TABLE',
      "CREATE TABLE s.t (\n    a text DEFAULT 'GENERATED ALWAYS AS (x)'::text\n)\nWITH (vacuum_truncate='false');",
      "CREATE TABLE s.t (\n    a text DEFAULT 'GENERATED ALWAYS AS (x)'::text\n);",
    ],
    [
      13,
      'TABLE',
      'CREATE TABLE s.t (\n    a text\n);\nALTER TABLE ONLY s.t ALTER COLUMN a SET COMPRESSION lz4;',
      'CREATE TABLE s.t (\n    a text\n);',
    ],
    [
      10,
      'TABLE',
      'CREATE TABLE s.t (\n    a integer\n)\nPARTITION BY HASH (a);',
      'refused: Partitioning by hash exists from PostgreSQL 11 on.',
    ],
    [
      10,
      'TABLE ATTACH',
      'ALTER TABLE ONLY s.p ATTACH PARTITION s.c DEFAULT;',
      'refused: Default partitions exist from PostgreSQL 11 on.',
    ],
    [
      10,
      'TABLE ATTACH',
      "ALTER TABLE ONLY s.p ATTACH PARTITION s.c FOR VALUES IN ('x');",
      "ALTER TABLE ONLY s.p ATTACH PARTITION s.c FOR VALUES IN ('x');",
    ],
    [
      10,
      'INDEX',
      'CREATE UNIQUE INDEX i ON s.t USING btree (a) INCLUDE (b) WHERE (b > 1);',
      'CREATE UNIQUE INDEX i ON s.t USING btree (a) WHERE (b > 1);',
    ],
    [
      14,
      'INDEX',
      'CREATE UNIQUE INDEX i ON s.t USING btree (a) NULLS NOT DISTINCT;',
      'refused: NULLS NOT DISTINCT exists from PostgreSQL 15 on.',
    ],
    [
      14,
      'VIEW',
      "CREATE VIEW s.v WITH (security_invoker='true') AS\n SELECT 1 AS a;",
      'refused: Views that read with the rights of who asks (security_invoker) exist from PostgreSQL 15 on.',
    ],
    [
      14,
      'VIEW',
      'CREATE VIEW s.v AS\n WITH security_invoker AS (SELECT 1) SELECT 1 AS a;',
      'CREATE VIEW s.v AS\n WITH security_invoker AS (SELECT 1) SELECT 1 AS a;',
    ],
    [
      17,
      'CONSTRAINT',
      'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k PRIMARY KEY (a, b WITHOUT OVERLAPS);',
      'refused: Keys WITHOUT OVERLAPS exist from PostgreSQL 18 on.',
    ],
    [
      17,
      'FK CONSTRAINT',
      'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k FOREIGN KEY (a, PERIOD b) REFERENCES s.u(a, PERIOD b);',
      'refused: Foreign keys with PERIOD exist from PostgreSQL 18 on.',
    ],
    [
      17,
      'FK CONSTRAINT',
      'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k FOREIGN KEY (period) REFERENCES s.u(period);',
      'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k FOREIGN KEY (period) REFERENCES s.u(period);',
    ],
    [
      17,
      'CHECK CONSTRAINT',
      'ALTER TABLE s.t\n    ADD CONSTRAINT c CHECK ((a > 0)) NOT ENFORCED;',
      'refused: Constraints that are NOT ENFORCED exist from PostgreSQL 18 on.',
    ],
    [
      14,
      'FK CONSTRAINT',
      'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k FOREIGN KEY (a, b) REFERENCES s.u(a, b) ON DELETE SET NULL (b);',
      'refused: ON DELETE SET NULL of some of the columns exists from PostgreSQL 15 on.',
    ],
    [14, 'SEQUENCE', 'CREATE UNLOGGED SEQUENCE s.q\n    START WITH 1;', 'CREATE SEQUENCE s.q\n    START WITH 1;'],
    [
      13,
      'TYPE',
      'CREATE TYPE s.r AS RANGE (\n    subtype = integer,\n    multirange_type_name = s.m,\n    subtype_diff = int4range_subdiff\n);',
      'CREATE TYPE s.r AS RANGE (\n    subtype = integer,\n    subtype_diff = int4range_subdiff\n);',
    ],
    [
      13,
      'FUNCTION',
      'CREATE FUNCTION s.f(x integer) RETURNS integer\n    LANGUAGE sql\n    RETURN (x + 1);',
      'CREATE FUNCTION s.f(x integer) RETURNS integer\n    LANGUAGE sql\n    AS $body$SELECT (x + 1)$body$;',
    ],
    [
      13,
      'FUNCTION',
      "CREATE FUNCTION s.f() RETURNS text\n    LANGUAGE sql\n    BEGIN ATOMIC\n SELECT '$body$'::text AS a;\nEND;",
      "CREATE FUNCTION s.f() RETURNS text\n    LANGUAGE sql\n    AS $body1$\n SELECT '$body$'::text AS a;\n$body1$;",
    ],
    [
      13,
      'FUNCTION',
      'CREATE FUNCTION s.f() RETURNS void\n    LANGUAGE plpgsql\n    AS $$ BEGIN RETURN; END $$;',
      'CREATE FUNCTION s.f() RETURNS void\n    LANGUAGE plpgsql\n    AS $$ BEGIN RETURN; END $$;',
    ],
    [
      13,
      'STATISTICS',
      'CREATE STATISTICS s.x ON (a || b), c FROM s.t;',
      'refused: Statistics on expressions exist from PostgreSQL 14 on.',
    ],
    [
      11,
      'STATISTICS',
      'CREATE STATISTICS s.x (ndistinct, mcv) ON a, b FROM s.t;',
      'CREATE STATISTICS s.x (ndistinct) ON a, b FROM s.t;',
    ],
    [
      11,
      'FUNCTION',
      'CREATE FUNCTION s.f(a integer) RETURNS boolean\n    LANGUAGE sql SUPPORT s.sup\n    AS $$SELECT true$$;',
      'CREATE FUNCTION s.f(a integer) RETURNS boolean\n    LANGUAGE sql\n    AS $$SELECT true$$;',
    ],
    [
      10,
      'AGGREGATE',
      'CREATE AGGREGATE s.a(integer) (\n    SFUNC = s.f,\n    STYPE = integer,\n    FINALFUNC_MODIFY = READ_WRITE\n);',
      'CREATE AGGREGATE s.a(integer) (\n    SFUNC = s.f,\n    STYPE = integer\n);',
    ],
    [
      10,
      'TRIGGER',
      'CREATE TRIGGER x AFTER INSERT ON s.t FOR EACH STATEMENT EXECUTE FUNCTION s.f();',
      'CREATE TRIGGER x AFTER INSERT ON s.t FOR EACH STATEMENT EXECUTE PROCEDURE s.f();',
    ],
    [
      10,
      'PROCEDURE',
      'CREATE PROCEDURE s.p()\n    LANGUAGE sql\n    AS $$$$;',
      'refused: Procedures exist from PostgreSQL 11 on.',
    ],
    [
      16,
      'ACL',
      'GRANT SELECT,MAINTAIN,UPDATE ON TABLE s.t TO r;\nGRANT MAINTAIN ON TABLE s.t TO q;\nGRANT ALL ON TABLE s.t TO "maintain";',
      'GRANT SELECT,UPDATE ON TABLE s.t TO r;\nGRANT ALL ON TABLE s.t TO "maintain";',
    ],
    [
      16,
      'COLLATION',
      "CREATE COLLATION s.c (provider = builtin, locale = 'C.UTF-8');",
      'refused: Collations of the builtin provider exist from PostgreSQL 17 on.',
    ],
    [
      11,
      'COLLATION',
      "CREATE COLLATION s.c (provider = icu, deterministic = false, locale = 'x');",
      'refused: Collations that are not deterministic exist from PostgreSQL 12 on.',
    ],
  ])('%i: %s %s', async (major, kind, sql, expected) => {
    expect(await on(major, kind, sql)).toBe(expected);
    expect(await on(18, kind, sql)).toBe(sql);
  });

  it.each([
    ['NOT NULL a', 'NOT NULL b', 'c integer'],
    ['c integer', 'NOT NULL a', 'NOT NULL b'],
    ['NOT NULL a', 'c integer', 'NOT NULL b'],
    ['c integer', 'CONSTRAINT "x,(" NOT NULL a', 'NOT NULL b', 'd integer'],
    ['NOT NULL a', 'NOT NULL b'],
    ['NOT NULL a', 'NOT NULL b', 'd "t,("', 'CONSTRAINT n NOT NULL c', 'e integer'],
  ])('NOT NULL of a whole table is taken out wherever it stands: %s, %s, %s', async (...items) => {
    const kept = items.filter((item) => !item.includes('NOT NULL'));
    const sql = await on(17, 'TABLE', `CREATE TABLE s."t(," (\n${items.join(',\n')}\n);`);
    const [create = '', ...after] = statementsOf(sql);
    expect(create.replaceAll(/\s+/g, ' ')).toBe(
      `CREATE TABLE s."t(," ( ${kept.join(', ')}${kept.length > 0 ? ' ' : ''});`,
    );
    expect(after.length).toBe(items.length - kept.length);
  });

  it('keys of partitioned tables need 11', async () => {
    const sql = 'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k PRIMARY KEY (a);';
    expect(await on(10, 'CONSTRAINT', sql, [table('t', { kind: 'partitioned' })])).toMatch(
      /^refused: Indexes and keys of a part/,
    );
    expect(await on(10, 'CONSTRAINT', sql, [table('t')])).toBe(sql);
  });

  it('what hangs on something refused goes with it', async () => {
    const made = entry('TABLE', 'CREATE TABLE s.t (\n    a integer\n)\nPARTITION BY HASH (a);', { name: 't' });
    const of = { id: 0, catalog: 0, oid: 0, belongsTo: [made.origin.id] };
    const parts = [
      entry('COMMENT', "COMMENT ON TABLE s.t IS 'x';", { origin: of }),
      entry('ACL', 'GRANT SELECT ON TABLE s.t TO x;', { origin: of }),
      entry('INDEX', 'CREATE INDEX i ON s.t USING btree (a);'),
      entry('TRIGGER', 'CREATE TRIGGER x AFTER UPDATE OF "on" ON s.t EXECUTE FUNCTION s.f();'),
      entry('RULE', 'CREATE RULE r AS\n    ON INSERT TO s.t DO INSTEAD NOTHING;'),
    ];
    const other = entry('INDEX', 'CREATE INDEX t ON s.u USING btree (a);');
    const { entries, refused } = await adapt([made, ...parts, other], { targetVersionNum: 100_000 });
    expect(entries).toEqual([other]);
    expect(refused.map(({ reason }) => reason)).toEqual([
      'Partitioning by hash exists from PostgreSQL 11 on.',
      ...parts.map(() => 'It belongs to the table t, which the target cannot have.'),
    ]);
  });
});
