import { expect, it } from 'vitest';
import { compareText, mergeRows, type MergeCounts } from '../../electron/features/compare/compare-data';
import { sameAcrossMajors } from '../../electron/features/compare/compare-shapes';
import { isStructure } from '../../electron/features/compare/scratch-database';
import { isWidening } from '../../electron/features/compare/script/column-changes';
import { forVersion } from '../../electron/features/compare/script/for-version';
import { restChanges } from '../../electron/features/compare/script/rest-changes';
import { typeChanges } from '../../electron/features/compare/script/type-changes';
import { readSaying } from '../../electron/features/compare/script/undo-statement';
import type { TypeShape } from '../../shared/model/compare-shape';

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
    ["ALTER TYPE s.e ADD VALUE '0' BEFORE 'a';", true],
    ["ALTER TYPE s.e ADD VALUE 'b''' AFTER 'a';", true],
    ["ALTER TYPE s.e ADD VALUE 'd' AFTER 'c';", true],
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

it('only structure of a dump is run', () => {
  for (const sql of [
    'CREATE TABLE a.t (x int)',
    'ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT SELECT ON TABLES TO b',
    'COMMENT ON TYPE x IS NULL',
    'SET xmloption = content',
    'CREATE USER MAPPING FOR a SERVER s',
  ]) {
    expect(isStructure(sql)).toBe(true);
  }
  for (const sql of [
    'CREATE ROLE x',
    'create\n user x',
    'ALTER DATABASE x SET a = 1',
    'COMMENT ON DATABASE x IS 1',
    'ALTER SYSTEM SET x = 1',
    'DROP TABLE x',
    'DO $$ $$',
    'INSERT INTO x VALUES (1)',
    'SELECT pg_reload_conf()',
    'SET SESSION AUTHORIZATION x',
    'CREATE SUBSCRIPTION s CONNECTION x',
    'CREATE TABLESPACE t LOCATION x',
  ]) {
    expect(isStructure(sql)).toBe(false);
  }
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
