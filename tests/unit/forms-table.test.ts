import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnyForm, FormContext, FormField, FormState } from '../../shared/model/form';
import { TABLE_FORMS } from '../../shared/model/forms/table-forms';
import { boundSql, NO_BOUND, parseBound } from '../../shared/model/forms/table/bound';
import { columnRenames } from '../../shared/model/forms/table/column-sql';
import { bracketed, findOutside, listed, unbracketed, unquotedLiteral } from '../../shared/model/forms/table/sql-parts';

const SCHEMA = { kind: 'schema', oid: 1, schema: '', name: `s"x`, sub: 0 } as const;
const context = (mode: 'create' | 'edit', version = 180000): FormContext => ({
  mode,
  version,
  database: 'd',
  parent: SCHEMA,
  object: null,
  user: 'me',
});

const named = (kind: string, variant = ''): AnyForm => {
  const form = TABLE_FORMS.find((each) => each.kind === kind && each.variant === variant);
  if (!form) throw new Error(kind);
  return form;
};
const sql = (form: AnyForm, state: FormState, before: FormState | null, version = 180000): string[] =>
  form.statements(state, before, context(before ? 'edit' : 'create', version)).map((statement) => statement.sql);

it('a comment at the end of a type swallows nothing of the column', () => {
  const column = { name: 'a', type: 'integer --', notNull: true };
  const form = named('table');
  const initial = form.initial(context('create'));
  const made = sql(form, { ...initial, name: 't', columns: [column] }, null).join('\n');
  expect(made).toContain('a integer --\n NOT NULL');
});

describe('every form', () => {
  const words: unknown = JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../resources/translations/en/forms-table.json'), 'utf8'),
  );
  const shared: unknown = JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../resources/translations/en/forms.json'), 'utf8'),
  );
  const at = (value: unknown, ...path: string[]): unknown =>
    path.reduce<unknown>(
      (found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined),
      value,
    );

  it.each(TABLE_FORMS.map((form) => [form.variant === '' ? form.kind : `${form.kind}-${form.variant}`, form] as const))(
    '%s has a first value and a name for each field',
    (name, form) => {
      const initial = form.initial(context('create'));
      const nameless: string[] = [];
      const visit = (field: FormField, list: string | null): void => {
        const own = list === null ? undefined : at(words, name, `${list}-${field.id}`);
        if ((own ?? at(words, name, field.id) ?? at(shared, 'fields', field.id)) === undefined) nameless.push(field.id);
        for (const column of field.columns ?? []) visit(column, field.id);
      };
      const fields = form.tabs.flatMap((tab) => [...tab.fields]);
      for (const field of fields) visit(field, null);
      expect(nameless).toEqual([]);
      expect(fields.filter((field) => !(field.id in initial)).map((field) => field.id)).toEqual([]);
      expect(new Set(fields.map((field) => field.id)).size).toBe(fields.length);
      expect(sql(form, initial, initial)).toEqual([]);
      const tabs = form.tabs.filter((tab) => (at(words, 'tabs', tab.id) ?? at(shared, 'tabs', tab.id)) === undefined);
      expect(tabs).toEqual([]);
    },
  );
});

describe('statements', () => {
  const table = named('table');
  const before: FormState = {
    ...table.initial(context('create')),
    name: 't',
    columns: [
      { id: '1', name: 'a', type: 'integer' },
      { id: '2', name: 'b', type: 'text', default: `'x'::text` },
    ],
    uniques: [{ id: '9', name: 'u', columns: ['a', 'b'] }],
  };
  const on = '"s""x".t';

  it('say least of a new table', () => {
    const columns = [{ id: 'x', name: 'order "by', type: 'integer' }];
    const state = { ...table.initial(context('create')), name: 'new;', columns };
    expect(sql(table, state, null)).toEqual(['CREATE TABLE "s""x"."new;" (\n    "order ""by" integer\n)']);
  });

  it('rename a column that keeps its id, and leave the key alone that follows it', () => {
    const columns = [
      { id: '1', name: 'z', type: 'integer' },
      { id: '2', name: 'b', type: 'text', default: `'x'::text` },
    ];
    expect(sql(table, { ...before, columns }, before)).toEqual([`ALTER TABLE ${on} RENAME COLUMN a TO z`]);
    const uniques = [{ id: '9', name: 'u', columns: ['z', 'b'] }];
    expect(sql(table, { ...before, columns, uniques }, before)).toEqual([`ALTER TABLE ${on} RENAME COLUMN a TO z`]);
  });

  it('drop a key before its columns change and add it after them', () => {
    const columns = [
      { id: '1', name: 'a', type: 'bigint', using: 'a * 2' },
      { id: 'new', name: 'c', type: 'date' },
    ];
    const uniques = [{ id: '9', name: 'u', columns: ['a', 'c'] }];
    expect(sql(table, { ...before, columns, uniques }, before)).toEqual([
      `ALTER TABLE ${on} DROP CONSTRAINT u`,
      `ALTER TABLE ${on} DROP COLUMN b`,
      `ALTER TABLE ${on} ALTER COLUMN a TYPE bigint USING a * 2`,
      `ALTER TABLE ${on} ADD COLUMN c date`,
      `ALTER TABLE ${on} ADD CONSTRAINT u UNIQUE (a, c)`,
    ]);
  });

  it('keep the place of a column in its key while its name is typed', () => {
    const key = { id: '8', name: 'k', columns: ['a', 'b'] };
    const typed = (state: FormState, name: string): FormState => {
      const columns = [
        { id: '1', name, type: 'integer', primaryKey: true },
        { id: '2', name: 'b', type: 'text', primaryKey: true, default: `'x'::text` },
      ];
      const next = { ...state, columns };
      return { ...next, ...table.derive?.('columns', next, context('edit')) };
    };
    const keyed = { ...before, primaryKey: [key] };
    const done = typed(typed(typed(keyed, 'az'), ''), 'z');
    expect(done['primaryKey']).toMatchObject([{ columns: ['z', 'b'] }]);
    expect(sql(table, done, keyed)).toEqual([`ALTER TABLE ${on} RENAME COLUMN a TO z`]);
    const unmarked = { ...done, primaryKey: [] };
    expect(table.derive?.('primaryKey', unmarked, context('edit'))['columns']).toMatchObject([
      { primaryKey: false },
      { primaryKey: false },
    ]);
  });

  it('let no comment at the end of an expression swallow what follows', () => {
    const columns = [{ id: 'n', name: 'c', type: 'integer', default: '5 -- five', notNull: true }];
    const state = { ...table.initial(context('create')), name: 'n', columns };
    expect(sql(table, state, null)).toEqual(['CREATE TABLE "s""x".n (\n    c integer DEFAULT 5 -- five\n NOT NULL\n)']);
  });

  it('take off a default that would not fit the new type', () => {
    const columns = [
      { id: '1', name: 'a', type: 'integer' },
      { id: '2', name: 'b', type: 'date', default: 'now()' },
    ];
    expect(sql(table, { ...before, columns }, before)).toEqual([
      `ALTER TABLE ${on} ALTER COLUMN b DROP DEFAULT`,
      `ALTER TABLE ${on} ALTER COLUMN b TYPE date`,
      `ALTER TABLE ${on} ALTER COLUMN b SET DEFAULT now()`,
    ]);
  });

  it('name the table as it is called by then', () => {
    const state = { ...before, name: 'T', schema: 'other', comment: `it's`, owner: 'you' };
    expect(sql(table, state, before)).toEqual([
      `ALTER TABLE ${on} RENAME TO "T"`,
      `ALTER TABLE "s""x"."T" SET SCHEMA other`,
      `ALTER TABLE other."T" OWNER TO you`,
      `COMMENT ON TABLE other."T" IS 'it''s'`,
    ]);
  });

  it('leave privileges to the server that go with the owner', () => {
    const privileges = [
      { grantee: 'me', privileges: ['INSERT', 'SELECT'], grantable: [] },
      { grantee: '', privileges: ['SELECT'], grantable: [] },
    ];
    expect(sql(table, { ...before, owner: 'you', privileges }, { ...before, privileges })).toEqual([
      `ALTER TABLE ${on} OWNER TO you`,
    ]);
  });

  it('detach a partition that is taken out of the list', () => {
    const partition = { id: '5', how: 'existing', partition: 's."p"', bound: 'list', values: '1' };
    const parted = { ...before, strategy: 'LIST', partitions: [partition] };
    expect(sql(table, { ...parted, partitions: [] }, parted)).toEqual([`ALTER TABLE ${on} DETACH PARTITION s."p"`]);
  });

  it('part a new partition again', () => {
    const keys = [{ id: 'k', column: 'a "a' }];
    const row = { id: 'n', how: 'create', name: 'p', from: '1', to: '2', strategy: 'LIST', keys };
    const parted = { ...before, strategy: 'RANGE' };
    expect(sql(table, { ...parted, partitions: [row] }, parted)).toEqual([
      `CREATE TABLE "s""x".p PARTITION OF ${on} FOR VALUES FROM (1) TO (2) PARTITION BY LIST ("a ""a")`,
    ]);
  });

  it('build an index outside of a transaction only when it is built beside the work', () => {
    const index = named('index');
    const state = {
      ...index.initial(context('create')),
      name: 'i',
      table: 's.t',
      tableSchema: 's',
      elements: [{ column: 'a' }],
    };
    expect(index.statements({ ...state, concurrently: true }, null, context('create'))).toEqual([
      { sql: 'CREATE INDEX CONCURRENTLY i ON s.t USING btree (a)', outside: true },
    ]);
    expect(index.statements(state, null, context('create'))).toEqual([
      { sql: 'CREATE INDEX i ON s.t USING btree (a)' },
    ]);
  });

  it('label a column and make the index of a foreign key', () => {
    const column = named('column');
    const state = { ...column.initial(context('create')), table: 's.t', name: 'c', type: 'text' };
    const labels = [{ provider: 'p', label: `l'1` }];
    expect(sql(column, { ...state, labels }, state)).toEqual([`SECURITY LABEL FOR p ON COLUMN s.t.c IS 'l''1'`]);
    const key = named('constraint', 'foreign-key');
    const asked = { table: 's.t', tableSchema: 's', columns: ['a', 'b c'], target: 's.o', coveringIndex: 'i "1' };
    expect(sql(key, { ...key.initial(context('create')), ...asked }, null)).toEqual([
      'ALTER TABLE s.t ADD FOREIGN KEY (a, "b c") REFERENCES s.o',
      'CREATE INDEX "i ""1" ON s.t (a, "b c")',
    ]);
  });

  it('say keys of time and operators of a schema', () => {
    const unique = named('constraint', 'primary-key');
    const state = {
      ...unique.initial(context('create')),
      table: 's.t',
      columns: ['id', 'during'],
      withoutOverlaps: true,
    };
    expect(sql(unique, state, null)).toEqual(['ALTER TABLE s.t ADD PRIMARY KEY (id, during WITHOUT OVERLAPS)']);
    const exclusion = named('constraint', 'exclusion');
    const elements = [
      { column: 'a', operator: '"my.s".<=>' },
      { column: 'b', operator: '&&' },
    ];
    expect(
      sql(exclusion, { ...exclusion.initial(context('create')), table: 's.t', method: 'gist', elements }, null),
    ).toEqual(['ALTER TABLE s.t ADD EXCLUDE USING gist (a WITH OPERATOR("my.s".<=>), b WITH &&)']);
  });
});

describe('names of columns', () => {
  const renames = (wanted: { from: string; to: string }[], taken: string[]): string[] =>
    columnRenames('t', wanted, taken).map((statement) => statement.sql.replace('ALTER TABLE t RENAME COLUMN ', ''));

  it('move along a chain from its end', () => {
    expect(
      renames(
        [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'c' },
        ],
        ['a', 'b'],
      ),
    ).toEqual(['b TO c', 'a TO b']);
  });

  it('are traded over a free one', () => {
    expect(
      renames(
        [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'a' },
        ],
        ['a', 'b', 'renamed_1'],
      ),
    ).toEqual(['a TO renamed_2', 'b TO a', 'renamed_2 TO b']);
  });

  it('that another column keeps are left to the server to refuse', () => {
    expect(renames([{ from: 'a', to: 'b' }], ['a', 'b'])).toEqual(['a TO b']);
  });
});

describe('texts of the server', () => {
  it('are taken apart outside of quotes and brackets', () => {
    expect(listed(`1, 'it''s, (', f(a, b), "x,)"`)).toEqual(['1', `'it''s, ('`, 'f(a, b)', '"x,)"']);
    expect(listed('')).toEqual([]);
    expect(listed(`E'a\\'b, c', 2`)).toEqual([`E'a\\'b, c'`, '2']);
    expect(bracketed(`(a ')' (b)) rest`, 0)).toEqual({ inside: `a ')' (b)`, end: 11 });
    expect(findOutside(`"x WHEN (" WHEN (a)`, ' WHEN (')).toBe(10);
    expect(unbracketed('((a) + (b))')).toBe('(a) + (b)');
    expect(unbracketed('(a) + (b)')).toBe('(a) + (b)');
    expect(unquotedLiteral(`E'it''s \\\\ here'`)).toBe(`it's \\ here`);
  });

  it.each([
    `FOR VALUES FROM ('2020-01-01', MINVALUE) TO ('it''s ) TO (', 3)`,
    `FOR VALUES IN ('a', NULL, 'FROM (')`,
    'DEFAULT',
  ])('bound %s says the same again', (bound) => {
    expect(boundSql(parseBound(bound))).toBe(bound);
  });

  it('a bound of a hash', () => {
    const parsed = parseBound('FOR VALUES WITH (modulus 4, remainder 3)');
    expect(parsed).toEqual({ ...NO_BOUND, bound: 'hash', modulus: 4, remainder: 3 });
    expect(boundSql(parsed)).toBe('FOR VALUES WITH (MODULUS 4, REMAINDER 3)');
  });
});
