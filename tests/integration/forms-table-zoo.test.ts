import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { readFormState } from '../../electron/features/catalog/forms/read-form-state';
import type { ObjectKind, ObjectRef } from '../../shared/model/catalog';
import type { FormState, FormValue } from '../../shared/model/form';
import { formOf } from '../../shared/model/forms/all-forms';
import { records, text } from '../../shared/model/forms/table/values';
import { quoteLiteral, quoteQualified } from '../../shared/model/quote';
import { SNAPSHOT, zooSql } from '../support/catalog-zoo';
import { LONG, NASTY } from '../support/nasty-names';
import { startServer, type TestServer } from '../support/postgres';
import { changes, changesAll, formOfTable, makes, openDesk, type FormDesk } from '../support/table-forms';
import { EVIL, openTableScene, part, ROLE, TABLE } from '../support/table-scene';

const ZOO = '动物园';
const COPY = 'zoo"copy';

/** Every thing that has a dialog of these, and the table that it is a part of, in the order in which they were made. */
const OBJECTS = `
SELECT * FROM (
SELECT CASE c.relkind WHEN 'f' THEN 'foreign-table' ELSE 'table' END AS kind, c.oid::int8::int4 AS oid, n.nspname AS schema, c.relname AS name, 0 AS sub, 1 AS rank
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f')
UNION ALL SELECT 'column', c.oid::int8::int4, n.nspname, a.attname, a.attnum, 2
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')
UNION ALL SELECT 'constraint', k.oid::int8::int4, n.nspname, k.conname, 0, 3
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace WHERE k.conrelid <> 0 AND k.contype IN ('p', 'u', 'x', 'f', 'c')
UNION ALL SELECT 'index', c.oid::int8::int4, n.nspname, c.relname, 0, 4
  FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))
UNION ALL SELECT 'trigger', t.oid::int8::int4, n.nspname, t.tgname, 0, 5
  FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal
UNION ALL SELECT 'rule', r.oid::int8::int4, n.nspname, r.rulename, 0, 6
  FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN'
UNION ALL SELECT 'policy', p.oid::int8::int4, n.nspname, p.polname, 0, 7
  FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
) o WHERE schema NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY rank, oid, sub`;

const refOf = (row: Record<string, unknown>): ObjectRef => ({
  kind: row['kind'] as ObjectKind,
  oid: Number(row['oid']),
  schema: String(row['schema']),
  name: String(row['name']),
  sub: Number(row['sub']),
});

/** Queries for a part of a table by its name. */
const EXISTS: Readonly<Record<string, (table: number, name: string) => string>> = {
  pg_class: (table, name) =>
    `SELECT 1 FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
      WHERE i.relname = ${quoteLiteral(name)} AND x.indrelid = ${table}`,
  pg_trigger: (table, name) =>
    `SELECT 1 FROM pg_catalog.pg_trigger WHERE tgname = ${quoteLiteral(name)} AND tgrelid = ${table}`,
  pg_constraint: (table, name) =>
    `SELECT 1 FROM pg_catalog.pg_constraint WHERE conname = ${quoteLiteral(name)} AND conrelid = ${table}`,
};

/** The same state, of a thing in the schema of the copy. */
function moved(value: FormValue | undefined, key = ''): FormValue | undefined {
  if (typeof value === 'string') {
    if (key === 'schema' || key === 'tableSchema') return value === ZOO ? COPY : value;
    return ['table', 'parent', 'inherits', 'target', 'from'].includes(key) && value.startsWith(`"${ZOO}".`)
      ? value.replace(`"${ZOO}".`, `"zoo""copy".`)
      : value;
  }
  if (Array.isArray(value)) return value.map((each: FormValue) => moved(each, key) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, moved(each, name)]));
}

/** Query for a column of the scene's table. */
const numberOf = (name: string): string =>
  `SELECT attrelid::int8::int4 AS oid, attnum AS sub FROM pg_catalog.pg_attribute
    WHERE attrelid = ${quoteLiteral(TABLE)}::pg_catalog.regclass AND attname = ${quoteLiteral(name)}`;

for (const major of [10, 14, 18]) {
  describe(`on ${major}`, () => {
    let server: TestServer;
    let desk: FormDesk;
    let objects: ObjectRef[];
    let forms: FormDesk;
    let home: ObjectRef;
    const since = <Value>(first: number, value: Value): Value | Record<string, never> => (major >= first ? value : {});
    beforeAll(async () => {
      server = await startServer({ major });
      await server.createDatabase('zoo');
      await server.sql(zooSql(major), 'zoo');
      await server.sql(NASTY, 'zoo');
      desk = await openDesk(server, 'zoo');
      objects = (await desk.rows(OBJECTS)).map(refOf);
      ({ desk: forms, table: home } = await openTableScene(server));
    });
    afterAll(async () => {
      await desk.end();
      await forms.end();
      await server.stop();
    });

    it('nothing is said of an object that nobody changed', async () => {
      expect(objects.length).toBeGreaterThan(140);
      expect(objects.some(({ name }) => name === LONG)).toBe(true);
      for (const object of objects) {
        const { form, state } = await desk.read(object);
        expect({ name: object.name, statements: form.statements(state, state, desk.context('edit')) }).toEqual({
          name: object.name,
          statements: [],
        });
        const fields = form.tabs.flatMap((tab) => tab.fields.map((field) => field.id));
        expect(fields.filter((field) => !(field in state))).toEqual([]);
      }
    });

    it('a table made by the dialogs of what they told of another is the same', async () => {
      await server.sql(`CREATE SCHEMA "zoo""copy"`, 'zoo');
      // What others than the owner gave can't be given by the owner.
      await server.sql(`SET ROLE keeper; REVOKE SELECT ON "${ZOO}"."Table ""1""" FROM "visitor ""x"""`, 'zoo');
      // A check of the whole row takes the type of that very table.
      await server.sql(`ALTER TABLE "${ZOO}".refers DROP CONSTRAINT whole_row`, 'zoo');
      const own = objects.filter(({ schema, name }) => schema === ZOO && name !== 'whole_row');
      const tables = own.filter(({ kind }) => kind === 'table' || kind === 'foreign-table');
      const copies = new Map<string, ObjectRef>();
      for (const table of tables) {
        const { form, state } = await desk.read(table);
        const copy = moved(state) as FormState;
        // Foreign keys and indexes come later; partitions and what they have of their parents come by themselves.
        const inherited = form.variant === 'partition' ? { primaryKey: [], uniques: [], exclusions: [] } : {};
        const alone = {
          ...copy,
          ...inherited,
          partitions: [],
          foreignKeys: [],
          replicaIdentity: 'DEFAULT',
          replicaIndex: '',
        };
        await desk.run(form.statements(alone, null, desk.context('create')));
        const sql = quoteQualified(COPY, table.name);
        const [row] = await desk.rows(`SELECT ${quoteLiteral(sql)}::pg_catalog.regclass::oid::int8::int4 AS oid`);
        copies.set(quoteQualified(ZOO, table.name), { ...table, schema: COPY, oid: Number(row?.['oid']) });
      }
      for (const object of own.filter(
        ({ kind }) => kind !== 'table' && kind !== 'foreign-table' && kind !== 'column',
      )) {
        const { form, state } = await desk.read(object);
        const table = copies.get(text(state['table']));
        if (!table || (object.kind === 'constraint' && form.variant !== 'foreign-key')) continue;
        const catalog = { index: 'pg_class', trigger: 'pg_trigger', constraint: 'pg_constraint' }[
          object.kind as string
        ];
        const exists = catalog === undefined ? [] : await desk.rows(EXISTS[catalog]?.(table.oid, object.name) ?? '');
        if (exists.length > 0) continue;
        await desk.run(form.statements(moved(state) as FormState, null, desk.context('create')));
      }
      for (const column of own.filter(({ kind }) => kind === 'column')) {
        const { form, state } = await desk.read(column);
        const table = copies.get(text(state['table']));
        if (!table) continue;
        const [row] = await desk.rows(
          `SELECT attnum FROM pg_catalog.pg_attribute WHERE attrelid = ${table.oid} AND attname = ${quoteLiteral(column.name)}`,
        );
        const now = await desk.read({ ...column, oid: table.oid, sub: Number(row?.['attnum']) });
        await desk.run(form.statements(moved(state) as FormState, now.state, desk.context('edit')));
      }
      for (const table of tables) {
        const { form, state } = await desk.read(table);
        const copy = copies.get(quoteQualified(ZOO, table.name));
        if (!copy) continue;
        const now = await desk.read(copy);
        const { replicaIdentity = '', replicaIndex = '', privileges = [] } = state;
        const settled = { ...now.state, replicaIdentity, replicaIndex, privileges };
        await desk.run(form.statements(settled, now.state, desk.context('edit')));
      }
      const lines = (await desk.rows(SNAPSHOT)).map((row) => String(row['line']));
      const original = new Set(lines);
      const copied = lines.filter(
        (line) =>
          /^(relation|column|constraint|index|trigger|rule|policy) /.test(line) &&
          line.includes('"zoo""copy".') &&
          // Sequences of columns and the names of NOT NULL have no dialogs here; whether a child said its parent's check again can't be seen.
          !/^relation .*_seq"? S\||\.\S+ n\|NOT NULL/.test(line) &&
          !/^(constraint \S+\.(child|part_|hashed_)|trigger \S+\.hashed_)/.test(line),
      );
      expect(copied.length).toBeGreaterThan(60);
      const differing = copied
        .map((line) => line.replaceAll('"zoo""copy".', `"${ZOO}".`))
        .filter((line) => !original.has(line));
      expect(differing).toEqual([]);
    });

    it('what gets no tablespace of its own is in that of the database', async () => {
      await server.createDatabase('spaced', 'TABLESPACE "sp ace"');
      await server.sql(
        `CREATE TABLE public.t (n integer, m integer, CONSTRAINT u UNIQUE (n) USING INDEX TABLESPACE pg_default,
           CONSTRAINT listed UNIQUE (m) USING INDEX TABLESPACE pg_default) TABLESPACE pg_default;
         CREATE INDEX i ON public.t (n) TABLESPACE pg_default;
         CREATE MATERIALIZED VIEW public.m TABLESPACE pg_default AS SELECT 1 AS n`,
        'spaced',
      );
      const spaced = await openDesk(server, 'spaced');
      const find = async (kind: ObjectKind, name: string, sql: string): Promise<ObjectRef> => {
        const [row] = await spaced.rows(sql);
        return { kind, oid: Number(row?.['oid']), schema: 'public', name, sub: 0 };
      };
      const made = await find('table', 't', "SELECT 'public.t'::pg_catalog.regclass::oid::int8::int4 AS oid");
      const { state } = await spaced.read(made);
      expect(state['tablespace']).toBe('pg_default');
      const uniques = records(state['uniques']).map((row) =>
        row['name'] === 'listed' ? { ...row, tablespace: '' } : row,
      );
      await changes(spaced, made, { tablespace: '', uniques });
      await changes(spaced, await find('constraint', 'u', part('pg_constraint', 'con', 'u')), { tablespace: '' });
      await changes(spaced, await find('index', 'i', part('pg_class', 'rel', 'i')), { tablespace: '' });
      const view = await find('materialized-view', 'm', part('pg_class', 'rel', 'm'));
      const session = await openSession(server.profile('spaced'));
      const read = async (): Promise<FormState> =>
        (await readFormState(session, view, new AbortController().signal)).state;
      const before = await read();
      expect(before['tablespace']).toBe('pg_default');
      const wanted = { ...before, tablespace: '' };
      await spaced.run(formOf('materialized-view', '')?.statements(wanted, before, spaced.context('edit')) ?? []);
      expect(await read()).toEqual(wanted);
      await session.end();
      await spaced.end();
    });

    it('a column', async () => {
      const made = await makes(
        forms,
        formOfTable('column', ''),
        home,
        {
          name: `c "c'`,
          type: 'character varying(20)',
          default: `'it''s \\ "q"'::character varying`,
          notNull: true,
          collation: 'pg_catalog."C"',
          storage: 'EXTERNAL',
          statistics: 77,
          nDistinct: '-0.5',
          nDistinctInherited: '100',
          comment: EVIL,
          privileges: [{ grantee: ROLE, privileges: ['INSERT', 'SELECT'], grantable: ['SELECT'] }],
          ...since(14, { compression: 'pglz' }),
        },
        numberOf(`c "c'`),
      );
      await changesAll(forms, made, [
        { name: 'renamed "r"' },
        { type: 'text', default: `'x'::text` },
        { notNull: false },
        { collation: 'pg_catalog."POSIX"' },
        { storage: 'MAIN' },
        { statistics: null },
        { nDistinct: '', nDistinctInherited: '7' },
        { comment: '' },
        { privileges: [{ grantee: '', privileges: ['SELECT'], grantable: [] }] },
        ...(major >= 14 ? [{ compression: '' }] : []),
      ]);
      const [number] = await forms.rows(
        `SELECT count(*)::int4 AS n FROM pg_catalog.pg_attribute WHERE attrelid = ${home.oid} AND attisdropped`,
      );
      expect(number?.['n']).toBe(0);
    });

    it('a column with an identity, and one that gets and loses it', async () => {
      const asked = {
        name: 'ident',
        type: 'bigint',
        notNull: true,
        identity: 'ALWAYS',
        start: '5',
        increment: '2',
        minimum: '-10',
        maximum: '1000',
        cache: '3',
        cycle: true,
      };
      const made = await makes(forms, formOfTable('column', ''), home, asked, numberOf('ident'));
      await changesAll(forms, made, [
        { identity: 'BY DEFAULT' },
        { start: '6', increment: '-1', minimum: '-20', maximum: '900', cache: '1', cycle: false },
        { name: 'ident "2"' },
      ]);
      const { form, state } = await forms.read(made);
      const plain = { ...state, identity: '', notNull: false, default: '7' };
      await forms.run(form.statements(plain, state, forms.context('edit')));
      const without = await forms.read(made);
      expect(without.state).toMatchObject({ identity: '', notNull: false, default: '7', start: '' });
      await forms.run(
        form.statements({ ...without.state, identity: 'ALWAYS', start: '9' }, without.state, forms.context('edit')),
      );
      expect((await forms.read(made)).state).toMatchObject({
        identity: 'ALWAYS',
        notNull: true,
        default: '',
        start: '9',
      });
    });

    it.runIf(major >= 14)('a generated column, and one that becomes a plain one', async () => {
      const made = await makes(
        forms,
        formOfTable('column', ''),
        home,
        { name: 'gen', type: 'text', generated: 'STORED', expression: `("T't" || 'it''s \\ "'::text)` },
        numberOf('gen'),
      );
      await changesAll(forms, made, [
        { name: 'gen "2"' },
        { comment: EVIL },
        ...(major >= 17 ? [{ expression: `("T't" || 'y'::text)` }] : []),
      ]);
      const { form, state } = await forms.read(made);
      const edit = { ...state, generated: '', expression: '', default: `'d'::text` };
      await forms.run(form.statements(edit, state, forms.context('edit')));
      expect((await forms.read(made)).state).toMatchObject({ generated: '', expression: '', default: `'d'::text` });
      if (major < 18) return;
      const asked = { name: 'virtual', type: 'integer', generated: 'VIRTUAL', expression: '(v * 2)' };
      await makes(forms, formOfTable('column', ''), home, asked, numberOf('virtual'));
    });
  });
}
