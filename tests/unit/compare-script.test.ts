import { expect, it } from 'vitest';
import { compareText, mergeRows, type MergeCounts } from '../../electron/features/compare/compare-data';
import { sameAcrossMajors } from '../../electron/features/compare/compare-shapes';
import { isStructure } from '../../electron/features/compare/dump-statements';
import { columnChanges, isWidening } from '../../electron/features/compare/script/column-changes';
import { forVersion } from '../../electron/features/compare/script/for-version';
import { restChanges } from '../../electron/features/compare/script/rest-changes';
import { typeChanges } from '../../electron/features/compare/script/type-changes';
import { readSaying } from '../../electron/features/compare/script/undo-statement';
import { withoutPassword } from '../../electron/features/compare/script/subscription-changes';
import { DEFAULT_COMPARE_OPTIONS } from '../../shared/model/compare';
import type { ColumnShape, TypeShape } from '../../shared/model/compare-shape';

const undo = (sql: string): string | null => readSaying(sql, 'EXTENDED').undo;

it('every saying after CREATE is taken back by its opposite', () => {
  const pairs: readonly (readonly [string, string])[] = [
    ["COMMENT ON TABLE a.t IS 'x IS y';", 'COMMENT ON TABLE a.t IS NULL;'],
    ['GRANT SELECT, UPDATE ON TABLE a.t TO "GRANT x TO y";', 'REVOKE SELECT, UPDATE ON TABLE a.t FROM "GRANT x TO y";'],
    ['GRANT SELECT ON TABLE a.t TO b WITH GRANT OPTION;', 'REVOKE SELECT ON TABLE a.t FROM b CASCADE;'],
    ['REVOKE ALL ON FUNCTION a.f(text) FROM PUBLIC;', 'GRANT ALL ON FUNCTION a.f(text) TO PUBLIC;'],
    [
      'ALTER DEFAULT PRIVILEGES FOR ROLE r IN SCHEMA a GRANT SELECT ON TABLES TO b;',
      'ALTER DEFAULT PRIVILEGES FOR ROLE r IN SCHEMA a REVOKE SELECT ON TABLES FROM b;',
    ],
    ['ALTER TABLE ONLY a.t ENABLE ROW LEVEL SECURITY;', 'ALTER TABLE ONLY a.t DISABLE ROW LEVEL SECURITY;'],
    ['ALTER TABLE ONLY a.t ALTER COLUMN c SET STATISTICS 5;', 'ALTER TABLE ONLY a.t ALTER COLUMN c SET STATISTICS -1;'],
    [
      'ALTER TABLE ONLY a.t ALTER COLUMN c SET STORAGE PLAIN;',
      'ALTER TABLE ONLY a.t ALTER COLUMN c SET STORAGE EXTENDED;',
    ],
    [
      'ALTER TABLE ONLY a.t ALTER COLUMN c SET (n_distinct=5, x=1);',
      'ALTER TABLE ONLY a.t ALTER COLUMN c RESET (n_distinct, x);',
    ],
    ['ALTER TABLE a.t CLUSTER ON i;', 'ALTER TABLE a.t SET WITHOUT CLUSTER;'],
    ['ALTER TABLE ONLY a.t REPLICA IDENTITY USING INDEX i;', 'ALTER TABLE ONLY a.t REPLICA IDENTITY DEFAULT;'],
    ['ALTER TABLE a.t DISABLE TRIGGER tr;', 'ALTER TABLE a.t ENABLE TRIGGER tr;'],
    ['ALTER PUBLICATION p ADD TABLE ONLY a.t (x) WHERE (x > 1);', 'ALTER PUBLICATION p DROP TABLE ONLY a.t;'],
    ['ALTER SEQUENCE a.s OWNED BY a.t.c;', 'ALTER SEQUENCE a.s OWNED BY NONE;'],
  ];
  for (const [sql, back] of pairs) expect(undo(sql)).toBe(back);
});

it('once a privilege is taken back all are given anew, the owner first', () => {
  expect(
    restChanges(
      ['ALTER TABLE a.t OWNER TO n;', "COMMENT ON TABLE a.t IS 'new';", 'GRANT SELECT ON TABLE a.t TO x;'],
      [
        'ALTER TABLE a.t OWNER TO o;',
        "COMMENT ON TABLE a.t IS 'old';",
        'GRANT SELECT ON TABLE a.t TO x;',
        'GRANT INSERT ON TABLE a.t TO x;',
      ],
      () => 'EXTENDED',
    ),
  ).toEqual([
    'REVOKE INSERT ON TABLE a.t FROM x;',
    'REVOKE SELECT ON TABLE a.t FROM x;',
    'ALTER TABLE a.t OWNER TO n;',
    "COMMENT ON TABLE a.t IS 'new';",
    'GRANT SELECT ON TABLE a.t TO x;',
  ]);
});

const labels = (...values: string[]): TypeShape => ({ kind: 'e', labels: values, attributes: [], domain: null });

it('labels are added where they belong, and one that goes makes the type anew', () => {
  const { statements } = typeChanges(labels('0', 'a', "b'", 'c', 'd'), labels('a', 'c'), 's.e');
  expect(statements.map(({ sql, outside }) => [sql, outside])).toEqual([
    ["ALTER TYPE s.e ADD VALUE IF NOT EXISTS '0' BEFORE 'a';", true],
    ["ALTER TYPE s.e ADD VALUE IF NOT EXISTS 'b''' AFTER 'a';", true],
    ["ALTER TYPE s.e ADD VALUE IF NOT EXISTS 'd' AFTER 'c';", true],
  ]);
  expect(typeChanges(labels('a'), labels('a', 'c'), 's.e')).toMatchObject({
    how: 'swap',
    warnings: [{ code: 'enum-label' }],
  });
  expect(typeChanges(labels('c', 'a'), labels('a', 'c'), 's.e').how).toBe('swap');
});

it('what may lose values is told from what can not', () => {
  expect(isWidening('integer', 'bigint')).toBe(true);
  expect(isWidening('character varying(10)', 'character varying(20)')).toBe(true);
  expect(isWidening('character varying(10)', 'text')).toBe(true);
  expect(isWidening('character varying(20)', 'character varying(10)')).toBe(false);
  expect(isWidening('bigint', 'integer')).toBe(false);
  expect(isWidening('numeric(10,2)', 'integer')).toBe(false);
});

it('values of a generated column that is made anew as another are marked as lost', () => {
  const plain: ColumnShape = {
    name: 'b',
    line: 'b bigint',
    type: 'bigint',
    collation: null,
    default: null,
    notNull: false,
    notNullName: null,
    noInherit: false,
    identity: '',
    identityOptions: [],
    identitySequence: null,
    generated: '',
    foreignOptions: [],
    own: true,
    usualStorage: 'PLAIN',
  };
  const change = columnChanges(
    plain,
    { ...plain, type: 'integer', generated: 's', default: 'a * 2' },
    { table: 'TABLE s.t', own: true },
    { options: DEFAULT_COMPARE_OPTIONS, sourceVersion: 120000, targetVersion: 120000 },
  );
  expect(change).toMatchObject({
    statements: [
      { sql: 'ALTER TABLE s.t DROP COLUMN b;', mark: 'loss' },
      { sql: 'ALTER TABLE s.t ADD COLUMN b bigint;' },
    ],
    renews: true,
    warnings: [{ code: 'drop-column', name: 's.t.b' }],
  });
});

it('connection strings lose their passwords', () => {
  for (const [connection, plain] of [
    ['host=a password=x dbname=d', 'host=a dbname=d'],
    ["host=a password = 'it\\'s x' sslpassword=y", 'host=a'],
    ['postgresql://u:p%40@h/d?sslmode=require', 'postgresql://u@h/d?sslmode=require'],
    ['postgres://u@h/d?password=x&sslmode=require', 'postgres://u@h/d?sslmode=require'],
    ['postgres://u:p/x@h/d', ''],
    ["host=a password='open", ''],
    ['host=a port=1', 'host=a port=1'],
  ] as const) {
    expect(withoutPassword(connection).replace(/\s+/g, ' ')).toBe(plain);
  }
});

it('older servers get what they know', () => {
  expect(
    forVersion('CREATE TYPE a.r AS RANGE (\n    SUBTYPE = integer,\n    MULTIRANGE_TYPE_NAME = a."x, y"\n);', 130000),
  ).toBe('CREATE TYPE a.r AS RANGE (\n    SUBTYPE = integer\n);');
  expect(forVersion('ALTER TABLE ONLY a.t ALTER COLUMN c SET COMPRESSION lz4;', 130000)).toBeNull();
  expect(forVersion('CREATE TRIGGER t BEFORE INSERT ON a.t FOR EACH ROW EXECUTE FUNCTION a.f();', 100000)).toBe(
    'CREATE TRIGGER t BEFORE INSERT ON a.t FOR EACH ROW EXECUTE PROCEDURE a.f();',
  );
});

it('queries that only older servers qualify are the same, others are not', () => {
  expect(sameAcrossMajors('SELECT id FROM s.t WHERE (x > 1)', 'SELECT t.id FROM s.t WHERE (t.x > 1)')).toBe(true);
  expect(sameAcrossMajors('SELECT id FROM s.t', 'SELECT t.ix FROM s.t')).toBe(false);
  expect(sameAcrossMajors('SELECT a.id FROM s.t', 'SELECT b.id FROM s.t')).toBe(false);
});

it('what pg_dump writes of structure is run', () => {
  for (const sql of [
    'CREATE TABLE a.t (x int, y int GENERATED ALWAYS AS (x * 2) STORED)',
    'CREATE UNLOGGED TABLE a.t (x int)',
    'CREATE UNIQUE INDEX i ON a.t USING btree (x)',
    'CREATE OR REPLACE RULE r AS ON INSERT TO a.t DO NOTHING',
    'CREATE OR REPLACE PROCEDURAL LANGUAGE x',
    "CREATE DEFAULT CONVERSION a.c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
    'CREATE CONSTRAINT TRIGGER t AFTER INSERT ON a.t FOR EACH ROW EXECUTE FUNCTION a.f()',
    'CREATE MATERIALIZED VIEW a.m AS\n SELECT 1\n  WITH NO DATA;',
    'CREATE SCHEMA "GRANT"',
    'CREATE USER MAPPING FOR a SERVER s',
    'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION a.f()',
    'ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT SELECT ON TABLES TO b',
    'ALTER TABLE ONLY a.t OWNER TO x',
    'ALTER TEXT SEARCH CONFIGURATION a.c OWNER TO x',
    'COMMENT ON TYPE x IS NULL',
    "COMMENT ON COLUMN a.t.x IS 'DATABASE'",
    "SECURITY LABEL FOR x ON FUNCTION a.f() IS 'y'",
    'GRANT SELECT(x),UPDATE(y) ON TABLE a.t TO b WITH GRANT OPTION',
    'REVOKE ALL ON FUNCTION a.f() FROM PUBLIC',
    'REVOKE GRANT OPTION FOR SELECT ON TABLE a.t FROM b',
    'GRANT USAGE ON FOREIGN SERVER s TO b',
    'SET xmloption = content',
    "SELECT pg_catalog.set_config('search_path', '', false);",
  ]) {
    expect([sql, isStructure(sql)]).toEqual([sql, true]);
  }
});

it.each([
  ['makes roles', 'CREATE ROLE x', 'create\n user x', 'CREATE /* x */ ROLE sneaky SUPERUSER', 'CREATE -- x\nGROUP x'],
  [
    'hides them in comments',
    'CREATE /* /* */ TABLE */ ROLE x',
    '/* TABLE */ CREATE/**/ROLE/**/x',
    'CREATE--TABLE\rROLE x',
  ],
  [
    'changes roles',
    "ALTER ROLE postgres PASSWORD 'x'",
    'ALTER USER x SUPERUSER',
    'ALTER /**/ GROUP g ADD USER x',
    'DROP ROLE x',
  ],
  [
    'gives memberships',
    'GRANT postgres TO plain',
    'REVOKE postgres FROM "x ON TABLE y"',
    'GRANT "ON TABLE" TO x',
    'GRANT \u00a0ON TO x',
  ],
  ['takes privileges on the server', 'REVOKE CONNECT ON DATABASE app FROM PUBLIC', 'GRANT ALL ON/**/DATABASE app TO x'],
  [
    'gives privileges on the server',
    'GRANT CREATE ON TABLESPACE t TO x',
    'GRANT SET ON PARAMETER p TO x',
    'GRANT ALL ON LARGE OBJECT 1 TO x',
  ],
  [
    'grants inside of a schema',
    'CREATE SCHEMA s GRANT CONNECT ON DATABASE app TO x',
    'CREATE SCHEMA s CREATE TABLE t AS SELECT 1',
  ],
  [
    'changes databases',
    'CREATE DATABASE x',
    'ALTER DATABASE x SET a = 1',
    'DROP /**/ DATABASE x',
    'COMMENT ON DATABASE x IS 1',
    'SECURITY LABEL ON ROLE x IS 1',
  ],
  [
    'changes the server',
    'ALTER SYSTEM SET x = 1',
    'CREATE TABLESPACE t LOCATION x',
    'ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b',
    'ALTER MATERIALIZED VIEW ALL IN TABLESPACE a SET TABLESPACE b',
  ],
  ['connects elsewhere', 'CREATE SUBSCRIPTION s CONNECTION x', 'ALTER /**/ SUBSCRIPTION s ENABLE'],
  [
    'changes who it is',
    'SET ROLE x',
    'SET LOCAL ROLE x',
    'SET/**/SESSION/**/AUTHORIZATION x',
    'SET SESSION SESSION AUTHORIZATION x',
    'SET role = x',
    'SET session_authorization TO x',
    'RESET ROLE',
    "SELECT set_config('role', 'x', false)",
    "SELECT pg_catalog.set_config('role', 'x', false)",
  ],
  ['reads and writes files', "COPY t FROM '/etc/passwd'", "COPY (SELECT 1) TO PROGRAM 'x'", "LOAD 'x'", '\\! touch x'],
  [
    'runs code',
    'DO $$ $$',
    'CALL p()',
    'SELECT pg_reload_conf()',
    "SELECT pg_catalog.set_config('search_path', evil(), false)",
    "SELECT pg_catalog.set_config('search_path', '', false), evil()",
    'CREATE TABLE t AS SELECT evil()',
    'CREATE MATERIALIZED VIEW m AS SELECT evil() WITH DATA',
    'CREATE MATERIALIZED VIEW m AS SELECT evil() AS "WITH NO DATA"',
    'REFRESH MATERIALIZED VIEW m',
    'CREATE EVENT TRIGGER e ON login EXECUTE FUNCTION evil()',
    'EXPLAIN ANALYZE SELECT 1',
    'PREPARE x AS SELECT 1',
  ],
  [
    'brings or takes data',
    'INSERT INTO x VALUES (1)',
    'DROP TABLE x',
    'TRUNCATE x',
    'WITH a AS (SELECT 1) INSERT INTO x TABLE a',
    'VALUES (evil())',
    'TABLE x',
    '(SELECT evil())',
  ],
])('a statement of a dump that %s is not run', (_what, ...attacks) => {
  for (const sql of attacks) expect([sql, isStructure(sql)]).toEqual([sql, false]);
});

async function merged(
  one: (string | null)[][],
  two: (string | null)[][],
): Promise<{ counts: MergeCounts; kinds: string[] }> {
  async function* rows(values: (string | null)[][]) {
    yield* values;
  }
  const kinds: string[] = [];
  const counts = await mergeRows(rows(one), rows(two), [0], ({ kind, source, target }) => {
    kinds.push(`${kind} ${(source ?? target)?.[0]}`);
  });
  return { counts, kinds };
}

it('rows are matched by their key in the order of bytes', async () => {
  expect(await merged([], [])).toEqual({ counts: { onlySource: 0, onlyTarget: 0, changed: 0, equal: 0 }, kinds: [] });
  const { counts, kinds } = await merged(
    [
      ['1', 'a'],
      ['10', 'b'],
      ['2', null],
      ['\ufffd', 'x'],
    ],
    [
      ['1', 'a'],
      ['2', ''],
      ['3', 'c'],
      ['😀', 'x'],
    ],
  );
  expect(kinds).toEqual(['only-source 10', 'changed 2', 'only-target 3', 'only-source \ufffd', 'only-target 😀']);
  expect(counts).toEqual({ onlySource: 2, onlyTarget: 2, changed: 1, equal: 1 });
  expect(compareText('\ufffd', '😀')).toBeLessThan(0);
  expect(compareText('a', 'ab')).toBeLessThan(0);
});
