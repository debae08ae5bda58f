import { describe, expect, it } from 'vitest';
import { asksFor, isDestructive, risksOf } from '../../shared/model/statement-guard';
import { statementKind } from '../../shared/model/statement-kind';

const risks = (sql: string) => risksOf(sql).map(({ reason, verb }) => `${reason} ${verb}`);

describe('what is asked about', () => {
  it.each([
    'SELECT 1',
    "SELECT 'DELETE FROM t'",
    'SELECT "drop table" FROM "update"',
    '-- DROP TABLE t\nSELECT 1',
    '/* ; DELETE FROM t; /* nested */ */ SELECT 1',
    'SELECT $$DELETE FROM t$$, $a$; DROP TABLE t; $a$',
    "SELECT E'\\'; DROP TABLE t; --'",
    'WITH x AS (SELECT 1) SELECT * FROM x',
    'WITH RECURSIVE x(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM x WHERE n < 5) TABLE x',
    'VALUES (1), (2)',
    'TABLE pg_class',
    '(SELECT 1) UNION (SELECT 2)',
    'SHOW ALL',
    'SET search_path TO a',
    'EXPLAIN DELETE FROM t',
    'EXPLAIN (ANALYZE off) DELETE FROM t',
    'COPY t TO STDOUT',
    'COPY (SELECT * FROM t) TO STDOUT',
    'BEGIN; SELECT 1; COMMIT',
    'LISTEN a',
    'SELECT id FROM t FOR UPDATE',
    "SELECT set_config('search_path', 'a', false)",
    'PREPARE p AS SELECT 1',
    'SELECT delete, update FROM t',
    'SET default_transaction_read_only = on',
    "SET LOCAL transaction_read_only TO 'TRUE'",
    'EXPLAIN ("verbose") DELETE FROM t',
    'WITH a AS (SELECT 1) (SELECT 1 AS x)',
    '',
    '-- nothing',
  ])('is not %s', (sql) => expect(risks(sql)).toEqual([]));

  it.each([
    ['UPDATE t SET a = 1', 'every-row UPDATE'],
    ['UPDATE t SET a = 1 WHERE id = 1', 'change UPDATE'],
    ['UPDATE t SET a = (SELECT max(b) FROM u WHERE c = 1)', 'every-row UPDATE'],
    ["UPDATE t SET a = 'x WHERE y'", 'every-row UPDATE'],
    ['UPDATE t SET a = 1 -- WHERE id = 1', 'every-row UPDATE'],
    ['UPDATE t SET a = 1 /* WHERE */', 'every-row UPDATE'],
    ['UPDATE t SET "where" = 1', 'every-row UPDATE'],
    ['DELETE FROM t', 'every-row DELETE'],
    ['delete/**/from t', 'every-row DELETE'],
    ['DELETE FROM t USING u WHERE t.id = u.id', 'change DELETE'],
    ['DELETE FROM t WHERE CURRENT OF c', 'change DELETE'],
    ['WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone', 'every-row DELETE'],
    ['WITH gone AS MATERIALIZED (DELETE FROM t RETURNING *) SELECT * FROM gone WHERE a = 1', 'every-row DELETE'],
    ['WITH gone AS NOT MATERIALIZED (DELETE FROM t WHERE a = 1 RETURNING *) SELECT * FROM gone', 'change DELETE'],
    ['WITH x AS (SELECT 1) UPDATE t SET a = 1', 'every-row UPDATE'],
    ['WITH x AS (SELECT 1 WHERE true) DELETE FROM t', 'every-row DELETE'],
    ['WITH x AS (WITH y AS (SELECT 1) DELETE FROM t RETURNING 1) SELECT 1', 'every-row DELETE'],
    ['WITH x AS (INSERT INTO t VALUES (1) RETURNING *) TABLE x', 'change INSERT'],
    ['INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1', 'change INSERT'],
    ['MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE', 'change MERGE'],
    ['SELECT * INTO new FROM t', 'change SELECT INTO'],
    ['TRUNCATE t', 'truncate TRUNCATE'],
    ['DROP TABLE IF EXISTS t', 'drop DROP TABLE'],
    ['DROP MATERIALIZED VIEW v', 'drop DROP MATERIALIZED VIEW'],
    ['ALTER TABLE t ADD COLUMN a int', 'structure ALTER TABLE'],
    ['CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END', 'structure CREATE FUNCTION'],
    ['CREATE TABLE t AS SELECT 1', 'structure CREATE TABLE'],
    ['GRANT SELECT ON t TO a', 'structure GRANT'],
    ['VACUUM', 'structure VACUUM'],
    ['CALL p()', 'unknown CALL'],
    ['DO $$BEGIN DELETE FROM t; END$$', 'unknown DO'],
    ['EXECUTE p', 'unknown EXECUTE'],
    ["COPY t FROM PROGRAM 'cat'", 'change COPY FROM'],
    ["COPY t TO PROGRAM 'cat'", 'change COPY TO PROGRAM'],
    ['COPY (DELETE FROM t RETURNING *) TO STDOUT', 'every-row COPY TO'],
    ['EXPLAIN ANALYZE DELETE FROM t', 'every-row EXPLAIN ANALYZE DELETE'],
    ['EXPLAIN (COSTS, ANALYZE) UPDATE t SET a = 1 WHERE b = 2', 'change EXPLAIN ANALYZE UPDATE'],
    ['PREPARE p AS DELETE FROM t', 'every-row PREPARE DELETE'],
    ["COMMIT PREPARED 'x'", 'change COMMIT PREPARED'],
    ['SET default_transaction_read_only = off', 'read-write SET'],
    ["SET SESSION default_transaction_read_only TO 'off'", 'read-write SET'],
    ['SET "default_transaction_read_only" = 0', 'read-write SET'],
    ['SET transaction_read_only = false', 'read-write SET'],
    ['SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE', 'read-write SET'],
    ['BEGIN READ WRITE', 'read-write BEGIN'],
    ['START TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE', 'read-write START'],
    ["SELECT set_config('default_transaction_read_only', 'off', false)", 'read-write SELECT'],
    ["SELECT pg_catalog.set_config('transaction_' || 'read_only', 'off', false)", 'read-write SELECT'],
    ["SELECT set_config(E'transaction\\x5fread_only', 'off', false)", 'read-write SELECT'],
    ['SET default_transaction_read_only = 00', 'read-write SET'],
    ['SET default_transaction_read_only = -0', 'read-write SET'],
    ['SET default_transaction_read_only TO DEFAULT', 'read-write SET'],
    ["SET default_transaction_read_only = 'o'\n'ff'", 'read-write SET'],
    ["SET default_transaction_read_only = E'of\\x66'", 'read-write SET'],
    ['SET "Default_Transaction_READ_only" = off', 'read-write SET'],
    ['SET U&"default\\005ftransaction_read_only" = off', 'read-write SET'],
    ["SELECT U&\"set\\005fconfig\"('default_transaction_read_only', 'off', false)", 'read-write SELECT'],
    ['EXPLAIN ("analyze") DELETE FROM t', 'every-row EXPLAIN ANALYZE DELETE'],
    ['EXPLAIN (U&"analy\\007ae") DELETE FROM t', 'every-row EXPLAIN ANALYZE DELETE'],
    ['WITH a AS (SELECT 1) (SELECT 1 AS x INTO t)', 'change SELECT INTO'],
    // Constants that go on in another line, also behind a comment: the second part has escapes as the first.
    ["SELECT E'a' -- b\n'\\'' ; DELETE FROM t --'", 'every-row DELETE'],
    // A carriage return ends a comment.
    ['SELECT 1 -- hi\r; DELETE FROM t', 'every-row DELETE'],
  ])('is %s', (sql, expected) => expect(risks(sql)).toEqual([expected]));

  it('tells each statement of a script at its place', () => {
    const sql = "SELECT ';';\n-- a\nDELETE FROM t;\nDROP TABLE u";
    const found = risksOf(sql);
    expect(found.map(({ start, end }) => sql.slice(start, end))).toEqual(['DELETE FROM t', 'DROP TABLE u']);
    expect(found.every(isDestructive)).toBe(true);
  });

  it('reads constants as the session does', () => {
    const sql = String.raw`SELECT '\'; DROP TABLE t; --'`;
    expect(risksOf(sql, false)).toEqual([]);
    expect(risksOf(sql, true).map(({ verb }) => verb)).toEqual(['DROP TABLE']);
  });

  it('depends on the environment and the settings', () => {
    const change = risksOf('UPDATE t SET a = 1 WHERE b = 2');
    expect(asksFor(change, 'production', 'production')).toBe(true);
    expect(asksFor(change, 'development', 'production')).toBe(false);
    expect(asksFor(change, 'development', 'always')).toBe(true);
    expect(asksFor(change, 'production', 'never')).toBe(false);
    expect(asksFor([], 'production', 'always')).toBe(false);
    expect(asksFor(risksOf('BEGIN READ WRITE'), 'production', 'production')).toBe(false);
  });
});

describe('the kind of a statement', () => {
  it.each([
    ['SELECT 1', true],
    ['/* hint */ (SELECT 1)', true],
    ['VALUES (1)', true],
    ['TABLE t', true],
    ['WITH x AS (SELECT 1) SELECT * FROM x', true],
    ['WITH x AS (SELECT 1) (SELECT * FROM x)', true],
    ['SELECT 1 INTO t', false],
    ['WITH x AS (DELETE FROM t WHERE a = 1 RETURNING *) SELECT * FROM x', false],
    ['SHOW ALL', false],
    ['EXPLAIN SELECT 1', false],
    ['FETCH c', false],
    ['INSERT INTO t VALUES (1) RETURNING *', false],
    ['EXECUTE p', false],
    ['SELECT pg_terminate_backend(1)', false],
    ["SELECT pg_catalog.nextval ('s')", false],
    ['SELECT "pg_reload_conf"()', false],
    ["SELECT dblink_exec('', 'DELETE FROM t')", false],
    ['SELECT nextval FROM t WHERE setval > 1', true],
    ['WITH a AS (SELECT 1) (SELECT 1 AS x INTO t)', false],
  ])('%s stands alone: %s', (sql, expected) => expect(statementKind(sql).standsAlone).toBe(expected));

  it.each([
    ['SELECT 1', true],
    ['VACUUM t', false],
    ['CREATE DATABASE d', false],
    ['CREATE INDEX CONCURRENTLY i ON t (a)', false],
    ['CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)', false],
    ['CREATE INDEX i ON t (a)', true],
    ['DROP INDEX CONCURRENTLY i', false],
    ['REINDEX (VERBOSE) DATABASE d', false],
    ['REINDEX TABLE CONCURRENTLY t', false],
    ['REINDEX TABLE t', true],
    ['CLUSTER', false],
    ['CLUSTER VERBOSE', false],
    ['CLUSTER t USING i', true],
    ['ALTER SYSTEM SET a = 1', false],
    ['ALTER TABLE t DETACH PARTITION p CONCURRENTLY', false],
    ['ALTER TABLE t DETACH PARTITION p', true],
    ['DISCARD ALL', false],
    ['DISCARD TEMP', true],
    ['BEGIN', false],
    ['COMMIT', false],
    ["PREPARE TRANSACTION 'x'", false],
    ['PREPARE p AS SELECT 1', true],
  ])('%s may be in a transaction: %s', (sql, expected) => expect(statementKind(sql).inTransaction).toBe(expected));

  it.each([
    ['SELECT 1', true],
    ['DELETE FROM t', true],
    ['MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE', true],
    ['CREATE TABLE t AS SELECT 1', true],
    ['CREATE MATERIALIZED VIEW v AS TABLE t', true],
    ['CREATE TABLE t (a int)', false],
    ['CREATE VIEW v AS SELECT 1', false],
    ['DECLARE c CURSOR FOR SELECT 1', true],
    ['EXECUTE p', true],
    ['SELECT 1 INTO t', true],
    ['SET a = 1', false],
    ['EXPLAIN SELECT 1', false],
  ])('%s can be explained: %s', (sql, expected) => expect(statementKind(sql).explainable).toBe(expected));
});
