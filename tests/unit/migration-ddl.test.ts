import { describe, expect, it } from 'vitest';
import { isConstant } from '../../electron/control-plane/migration/follow/ddl/column-clauses';
import { createMadeBefore } from '../../electron/control-plane/migration/follow/ddl/made-before';
import { NOT_COPIED } from '../../electron/control-plane/migration/follow/ddl/join-table';
import { planEnd } from '../../electron/control-plane/migration/follow/ddl/commands';
import type { DdlEnd } from '../../electron/control-plane/migration/follow/ddl/ddl-event';
import { readEvent } from '../../electron/control-plane/migration/follow/ddl/ddl-message';
import { mentionsChanged } from '../../electron/control-plane/migration/follow/ddl/ddl-plan';
import { onlyStatement, statementsOfTag } from '../../electron/control-plane/migration/follow/ddl/single-statement';
import {
  proposeChanges,
  sameColumns,
  type ColumnNow,
} from '../../electron/control-plane/migration/follow/ddl/structure-difference';

describe('a default', () => {
  it.each([
    '5',
    '-5',
    '1.5',
    "'a'::text",
    "'2024-01-01'::timestamp(3) without time zone",
    'true',
    'NULL::character varying',
    "('-5'::integer)::bigint",
  ])('that is the same for all rows: %s', (text) => expect(isConstant(text)).toBe(!text.startsWith('(')));
  it.each([
    'now()',
    'random()',
    "nextval('s'::regclass)",
    "'now'::text::timestamptz",
    '1 + 2',
    'CURRENT_DATE',
    'f(1)',
    '',
    "'a' || 'b'",
    "(('a'::text))::x.y",
  ])('that may not be: %s', (text) => expect(isConstant(text)).toBe(false));
});

describe('the text that a client has sent', () => {
  it.each([
    ['COMMENT ON TABLE a IS $$;$$;', 'COMMENT', 'COMMENT ON TABLE a IS $$;$$'],
    ['-- what\n  alter /* it */ table only a cluster on b', 'ALTER TABLE', 'alter /* it */ table only a cluster on b'],
    [
      'CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ SELECT 1; SELECT 2 $$ LANGUAGE sql',
      'CREATE FUNCTION',
      'CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ SELECT 1; SELECT 2 $$ LANGUAGE sql',
    ],
    ['COMMENT ON TABLE a IS NULL; DELETE FROM a', 'COMMENT', null],
    ['DO $$ BEGIN EXECUTE $x$COMMENT ON TABLE a IS NULL$x$; END $$', 'COMMENT', null],
    ['SELECT f()', 'COMMENT', null],
    [null, 'COMMENT', null],
  ])('%s', (text, tag, statement) => {
    const found = onlyStatement(text, tag);
    expect(found === null ? null : found.slice(found.search(/\w+ (?:\/|OR|ON)/))).toBe(statement);
  });

  it('is known to name what is called otherwise, also inside of constants', () => {
    const names = { schema: (name: string) => name, joins: () => true, changed: new Set(['old']) };
    for (const sql of ['SELECT * FROM old.t', `nextval('"old".s'::regclass)`, 'x."old"'])
      expect(mentionsChanged(sql, names)).toBe(true);
    for (const sql of ['SELECT * FROM older.t', `'gold'`]) expect(mentionsChanged(sql, names)).toBe(false);
  });
});

it('takes no message that does not know the secret of the task', () => {
  const event = {
    event: 'table_rewrite',
    token: 'right',
    tag: 'ALTER TABLE',
    query: null,
    path: '',
    role: 'r',
    table: 5,
  };
  expect(readEvent(JSON.stringify(event), 'right')).toEqual(event);
  for (const [text, token] of [
    [JSON.stringify(event), 'other'],
    [JSON.stringify(event), null],
    ['{', 'right'],
    ['[]', 'right'],
    ['{"token": 5}', 'right'],
  ] as const)
    expect(readEvent(text, token)).toBe('foreign');
  expect(() => readEvent(JSON.stringify({ ...event, event: 'new' }), 'right')).toThrow(/not known/);
});

describe('what would make a table fit', () => {
  const column = (name: string, type = 'text', change: Partial<ColumnNow> = {}): ColumnNow => ({
    name,
    type,
    notNull: false,
    filled: false,
    ...change,
  });
  const table = { schema: 's', name: 'My T' };

  it('drops nothing', () => {
    expect(
      proposeChanges(
        [column('a'), column('b'), column('c', 'integer')],
        [column('a', 'bytea'), column('x', 'text', { notNull: true })],
        table,
      ),
    ).toEqual([
      'ALTER TABLE s."My T" ADD COLUMN b text',
      'ALTER TABLE s."My T" ADD COLUMN c integer',
      'ALTER TABLE s."My T" ALTER COLUMN x DROP NOT NULL',
      'ALTER TABLE s."My T" ALTER COLUMN a TYPE text',
    ]);
  });
  it('gives another name only where no other column can be meant', () => {
    expect(proposeChanges([column('a'), column('new')], [column('a'), column('old')], table)).toEqual([
      'ALTER TABLE s."My T" RENAME COLUMN old TO new',
    ]);
    expect(proposeChanges([column('new', 'integer')], [column('old')], table)).toEqual([
      'ALTER TABLE s."My T" ADD COLUMN new integer',
    ]);
  });
  it('is nothing where both are the same in another order', () => {
    expect(sameColumns([column('a'), column('b', 'integer')], [column('b', 'integer'), column('a')])).toBe(true);
    expect(sameColumns([column('a')], [column('a', 'integer')])).toBe(false);
    expect(proposeChanges([column('a'), column('b')], [column('b'), column('a')], table)).toEqual([]);
  });
});

const ended = (tag: string, change: Partial<DdlEnd> = {}): DdlEnd => ({
  event: 'ddl_command_end',
  token: '',
  tag,
  query: null,
  path: '',
  role: 'r',
  commands: [],
  tables: [],
  ...change,
});
const table = (oid: number): DdlEnd['tables'][number]['after'] => ({
  oid,
  schema: 's',
  name: `t${oid}`,
  kind: 'r',
  persistence: 'p',
  owner: 'o',
  partitionKey: null,
  bound: null,
  parents: [],
  options: null,
  columns: [],
  constraints: [],
});

describe('what the copy has made out of a later state', () => {
  const routes = new Map([
    [1, { schema: 's', name: 't1', syncedAt: 100n }],
    [2, { schema: 's', name: 't2', syncedAt: NOT_COPIED }],
    [3, { schema: 's', name: 't3', syncedAt: 100n }],
  ]);
  const made = createMadeBefore(routes);
  const created = (oid: number) => ended('CREATE TABLE', { tables: [{ before: null, after: table(oid) }] });
  const altered = (oid: number) => ended('ALTER TABLE', { tables: [{ before: table(oid), after: table(oid) }] });

  it('is left out until that state, when it was created since the changes began', () => {
    expect(made.without(altered(1), 50n)).toMatchObject({ tables: [{}] });
    expect(made.without(created(1), 50n)).toMatchObject({ tables: [] });
    expect(made.without(altered(1), 60n)).toMatchObject({ tables: [] });
    expect(made.without(altered(1), 100n)).toMatchObject({ tables: [{}] });
  });
  it('is not what was only copied again, nor what is still to be copied', () => {
    expect(made.without(altered(3), 50n)).toMatchObject({ tables: [{}] });
    expect(made.without(created(2), 50n)).toMatchObject({ tables: [{}] });
  });
});

it('offers of a text only what is of the command', () => {
  const text = 'ALTER TABLE a ADD b int; INSERT INTO a VALUES (1); COMMENT ON TABLE a IS NULL';
  expect(statementsOfTag(text, 'ALTER TABLE').map((one) => one.trim())).toEqual(['ALTER TABLE a ADD b int']);
  expect(statementsOfTag('DO $$ BEGIN END $$', 'ALTER TABLE')).toEqual([]);
});

it('asks before a trigger acts on every change', () => {
  const names = { schema: (name: string) => name, joins: () => true, changed: new Set<string>() };
  const world = { routes: new Map(), names, rewritten: false, triggersOff: true };
  const command = { type: 'table', schema: 's', identity: 's.a', class: '1259', oid: 9, sub: 0, detail: null };
  const plan = (query: string) =>
    planEnd(ended('ALTER TABLE', { query, commands: [{ ...command, tag: 'ALTER TABLE' }] }), world).problems;
  expect(plan('ALTER TABLE s.a ENABLE ALWAYS TRIGGER b')).toEqual([expect.stringContaining('would act')]);
  expect(plan('ALTER TABLE s.a ENABLE TRIGGER b')).toEqual([]);
});
