import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../shared/model/catalog';
import type { FormState } from '../../shared/model/form';
import { NO_COLUMN } from '../../shared/model/forms/table/column-shape';
import { NO_CONSTRAINT } from '../../shared/model/forms/table/constraint-shape';
import { elementOf } from '../../shared/model/forms/table/element-shape';
import { records, text } from '../../shared/model/forms/table/values';
import { quoteQualified } from '../../shared/model/quote';
import { startServer, type TestServer } from '../support/postgres';
import { changes, changesAll, formOfTable, makes, untouched, type FormDesk } from '../support/table-forms';
import { EVIL, openTableScene, OTHER, part, relation, ROLE, SCHEMA, type TableScene } from '../support/table-scene';

const column = (id: string, name: string, type: string, more: FormState = {}): FormState => ({
  ...NO_COLUMN,
  id,
  name,
  type,
  ...more,
});
const constraint = (id: string, name: string, more: FormState): FormState => ({ ...NO_CONSTRAINT, id, name, ...more });

for (const major of [10, 14, 18]) {
  describe(`on ${major}`, () => {
    let server: TestServer;
    let scene: TableScene;
    let desk: FormDesk;
    let table: ObjectRef;
    let schema: ObjectRef;

    beforeAll(async () => {
      server = await startServer({ major });
      scene = await openTableScene(server);
      ({ desk, table, schema } = scene);
    });
    afterAll(async () => {
      await desk.end();
      await server.stop();
    });

    it('a table with everything, changed in every way', async () => {
      const made = await makes(
        desk,
        formOfTable('table', ''),
        schema,
        {
          name: 't "1',
          owner: 'mover',
          comment: EVIL,
          tablespace: 'sp ace',
          columns: [
            column('a', 'id', 'integer', {
              notNull: true,
              primaryKey: true,
              identity: 'BY DEFAULT',
              start: '1',
              increment: '1',
              minimum: '1',
              maximum: '99',
              cache: '1',
            }),
            column('b', 'n "n', 'numeric(10,2)[]', { default: "'{}'::numeric[]", comment: EVIL, statistics: 9 }),
            column('c', `T't`, 'text', { collation: 'pg_catalog."C"', storage: 'EXTERNAL', nDistinct: '5' }),
            column('d', 'v', 'integer', { notNull: true }),
            column('e', 'w', 'integer'),
            column('f', 'gone', 'point'),
          ],
          primaryKey: [constraint('k', 'p "k', { columns: ['id'], fillfactor: 80, comment: EVIL })],
          uniques: [constraint('u', 'u1', { columns: ['v', `T't`], deferrable: true })],
          foreignKeys: [
            constraint('f', 'fk "1"', {
              columns: ['v', 'w'],
              target: OTHER,
              targetColumns: ['id', 'x y'],
              onDelete: 'CASCADE',
              notValid: true,
            }),
          ],
          checks: [
            constraint('c', 'ch "1"', { expression: `("T't" <> 'it''s'::text)`, comment: EVIL }),
            constraint('d', 'late', { expression: '(v > 0)', notValid: true }),
          ],
          exclusions: [
            constraint('x', 'ex "1"', {
              method: 'gist',
              elements: [elementOf({ id: '1', expression: 'box(gone, gone)', operator: '&&' })],
            }),
          ],
          parameters: [
            { name: 'fillfactor', value: '70' },
            { name: 'autovacuum_enabled', value: 'false' },
          ],
          toastParameters: [{ name: 'autovacuum_enabled', value: 'false' }],
          rowSecurity: true,
          forceRowSecurity: true,
          replicaIdentity: 'FULL',
          unlogged: true,
          oids: major < 12,
          privileges: [
            { grantee: '', privileges: ['SELECT'], grantable: [] },
            { grantee: ROLE, privileges: ['INSERT', 'SELECT'], grantable: ['SELECT'] },
          ],
        },
        relation('t "1'),
      );
      const rowsOf = async (list: string): Promise<readonly FormState[]> =>
        records((await desk.read(made)).state[list]);
      const edited = async (list: string, name: string, edit: FormState): Promise<FormState> => ({
        [list]: (await rowsOf(list)).map((row) => (row['name'] === name ? { ...row, ...edit } : row)),
      });
      await changesAll(desk, made, [
        { name: 'new "name' },
        { schema: 'moved' },
        { owner: 'postgres' },
        { comment: '' },
        { tablespace: '' },
        { unlogged: false },
        ...(major < 12 ? [{ oids: false }] : []),
        { rowSecurity: false },
        { forceRowSecurity: false },
        { replicaIdentity: 'INDEX', replicaIndex: 'p "k' },
        { parameters: [{ name: 'fillfactor', value: '90' }] },
        { toastParameters: [] },
        { privileges: [{ grantee: ROLE, privileges: ['UPDATE'], grantable: [] }] },
      ]);
      await changes(desk, made, await edited('uniques', 'u1', { name: 'u "2"', comment: 'x' }));
      await changes(desk, made, await edited('uniques', 'u "2"', { columns: ['v'] }));
      await changes(desk, made, await edited('checks', 'late', { notValid: false }));
      const self = { columns: ['w'], target: 'moved."new ""name"', targetColumns: ['id'] };
      await changes(desk, made, { foreignKeys: [...(await rowsOf('foreignKeys')), constraint('new', 'self', self)] });
      await changes(desk, made, await edited('foreignKeys', 'fk "1"', { onUpdate: 'CASCADE' }));
      await changes(desk, made, { exclusions: [], checks: (await rowsOf('checks')).slice(1) });
      await changes(desk, made, {
        checks: [...(await rowsOf('checks')), constraint('new', 'z "new"', { expression: '(w < 9)' })],
      });

      // Columns in one go: two trade their names, one goes, one comes under its name, types and defaults change; the rows stay.
      await server.sql(`INSERT INTO ${OTHER} VALUES (5, 1)`, 'forms');
      await server.sql(`INSERT INTO moved."new ""name" ("T't", v, w) VALUES ('12', 5, 1)`, 'forms');
      const columns = (await rowsOf('columns')).filter((row) => row['name'] !== 'gone');
      const change: Readonly<Record<string, FormState>> = {
        'n "n': { comment: '', default: '', statistics: null, type: 'text', using: '7' },
        "T't": { name: 'v', type: 'bigint', collation: '', storage: '', using: `"v"::bigint * 2`, nDistinct: '' },
        v: { name: "T't", notNull: false, default: '7' },
      };
      const wanted = columns.map((row) => ({ ...row, ...change[text(row['name'])] }));
      const { state } = await desk.read(made);
      const next = {
        ...state,
        columns: [...wanted, column('new', 'gone', 'date', { notNull: false, default: "'2020-01-01'::date" })],
      };
      const form = formOfTable('table', '');
      await desk.run(form.statements(next, state, desk.context('edit')));
      expect((await rowsOf('columns')).map((row) => [row['id'], row['name'], row['type'], row['default']])).toEqual([
        ['1', 'id', 'integer', ''],
        ['2', 'n "n', 'text', ''],
        ['3', 'v', 'bigint', ''],
        ['4', "T't", 'integer', '7'],
        ['5', 'w', 'integer', ''],
        ['7', 'gone', 'date', "'2020-01-01'::date"],
      ]);
      expect((await rowsOf('uniques')).map((row) => row['columns'])).toEqual([["T't"]]);
      expect(await server.sql(`SELECT v::text, "T't", w, "n ""n" FROM moved."new ""name"`, 'forms')).toEqual([
        { v: '24', "T't": 5, w: 1, 'n "n': '7' },
      ]);
      // The primary key follows the marks of the columns.
      const now = await desk.read(made);
      const marked = records(now.state['columns']).map((row) => ({ ...row, primaryKey: row['name'] === 'w' }));
      await desk.run([{ sql: 'ALTER TABLE moved."new ""name" REPLICA IDENTITY DEFAULT, DROP CONSTRAINT self' }]);
      const before = await desk.read(made);
      const derived = {
        ...before.state,
        columns: marked,
        ...form.derive?.('columns', { ...before.state, columns: marked }, desk.context('edit')),
      };
      await desk.run(form.statements(derived, before.state, desk.context('edit')));
      expect((await rowsOf('primaryKey')).map((row) => [row['name'], row['columns']])).toEqual([['p "k', ['w']]]);
    });

    it('a table that inherits, one of a type and one like another', async () => {
      const inherits = [quoteQualified(SCHEMA, 'pa "r'), quoteQualified(SCHEMA, 'second')];
      const form = formOfTable('table', '');
      const context = desk.context('create', schema);
      const own = column('a', 'own', 'integer');
      await desk.run(
        form.statements({ ...form.initial(context), name: 'heir', inherits, columns: [own] }, null, context),
      );
      const [row] = await desk.rows(relation('heir'));
      const heir: ObjectRef = { ...table, name: 'heir', oid: Number(row?.['oid']) };
      const read = await desk.read(heir);
      expect(read.state['inherits']).toEqual(inherits);
      expect(records(read.state['columns']).map((each) => [each['name'], each['inherited']])).toEqual([
        ['in "h', true],
        ['more', true],
        ['own', false],
      ]);
      const left = { ...read.state, inherits: inherits.slice(0, 1) };
      await desk.run(form.statements(left, read.state, desk.context('edit')));
      const again = await desk.read(heir);
      expect(again.state['inherits']).toEqual(inherits.slice(0, 1));
      await desk.run(form.statements({ ...again.state, inherits }, again.state, desk.context('edit')));
      expect((await desk.read(heir)).state['inherits']).toEqual(inherits);

      const ofType = quoteQualified(SCHEMA, 'ty pe');
      const typed = { ...form.initial(context), name: 'typed', ofType };
      const columns = [column('1', 'F', 'integer', { notNull: true, default: '3', statistics: 5 })];
      await desk.run(form.statements({ ...typed, columns }, null, context));
      const [found] = await desk.rows(relation('typed'));
      const made = await desk.read({ ...table, name: 'typed', oid: Number(found?.['oid']) });
      expect(made.state['ofType']).toBe(ofType);
      expect(records(made.state['columns'])[0]).toMatchObject({ notNull: true, default: '3', statistics: 5 });
      await desk.run(form.statements({ ...made.state, ofType: '' }, made.state, desk.context('edit')));

      const like = [{ id: '1', source: OTHER, including: ['DEFAULTS', 'INDEXES', 'COMMENTS'] }];
      await desk.run(form.statements({ ...form.initial(context), name: 'alike', like }, null, context));
      const [same] = await desk.rows(relation('alike'));
      const alike = await desk.read({ ...table, name: 'alike', oid: Number(same?.['oid']) });
      expect(records(alike.state['primaryKey'])).toHaveLength(1);
      expect(records(alike.state['uniques'])).toHaveLength(1);
    });

    it('a partitioned table and its partitions', async () => {
      const keys = [
        elementOf({ id: '1', column: 'id' }),
        elementOf({
          id: '2',
          expression: `lower((r || 'it''s'::text))`,
          collation: 'pg_catalog."C"',
          opclass: 'text_pattern_ops',
        }),
        elementOf({ id: '3', expression: '(id + 1)' }),
      ];
      const range = {
        bound: 'range',
        from: "1, 'it''s, (', 1",
        to: '10, MAXVALUE, MAXVALUE',
        modulus: null,
        remainder: null,
        values: '',
      };
      const first = { id: 'a', how: 'create', name: 'pa_1 "x', partition: '', ...range };
      const second = {
        id: 'b',
        how: 'attach',
        name: 'by "hand',
        partition: quoteQualified(SCHEMA, 'by "hand'),
        ...range,
        from: "20, 'a', 1",
        to: "30, 'b', 2",
      };
      const columns = [column('a', 'id', 'integer'), column('b', 'r', 'text')];
      const inherited = columns.map((each) => ({ ...each, inherited: true }));
      const asked = { name: 'parted "p', strategy: 'RANGE', keys, columns, partitions: [second, first] };
      const made = await makes(desk, formOfTable('table', ''), schema, asked, relation('parted "p'));
      const moved = async (edit: FormState): Promise<FormState> => ({
        partitions: records((await desk.read(made)).state['partitions']).map((row) =>
          row['name'] === 'by "hand' ? { ...row, ...edit } : row,
        ),
      });
      await changes(desk, made, await moved({ from: "40, 'a', 1", to: "50, 'b', 2" }));
      const [kept] = records((await desk.read(made)).state['partitions']);
      await changes(desk, made, { partitions: kept ? [kept] : [] });
      expect(await desk.rows(relation('pa_1 "x'))).toHaveLength(1);

      const below = await makes(
        desk,
        formOfTable('table', 'partition'),
        made,
        {
          name: 'sub "p',
          ...range,
          from: "60, 'a', 1",
          to: "70, 'a', 1",
          strategy: 'LIST',
          keys: [elementOf({ id: '1', column: 'r' })],
          columns: inherited,
          comment: EVIL,
        },
        relation('sub "p'),
      );
      await changesAll(desk, below, [{ from: "61, 'a', 1" }, { comment: '' }, { name: 'sub 2' }]);
      const list = { bound: 'list', values: `'a', 'it''s)', NULL`, from: '', to: '' };
      const leaf = await makes(
        desk,
        formOfTable('table', 'partition'),
        { ...below, name: 'sub 2' },
        {
          name: 'leaf',
          ...list,
          columns: inherited,
          unlogged: true,
          parameters: [{ name: 'fillfactor', value: '55' }],
        },
        relation('leaf'),
      );
      await changesAll(desk, leaf, [{ values: `'c'` }, ...(major >= 11 ? [{ bound: 'default', values: '' }] : [])]);
      if (major < 11) return;
      const hashed = {
        id: 'h',
        how: 'create',
        name: 'h0',
        bound: 'hash',
        modulus: 2,
        remainder: 1,
        from: '',
        to: '',
        values: '',
        partition: '',
      };
      const hash = { name: 'hashed', strategy: 'HASH', keys: keys.slice(0, 1), columns, partitions: [hashed] };
      await makes(desk, formOfTable('table', ''), schema, hash, relation('hashed'));
    });

    it('a foreign table', async () => {
      const made = await makes(
        desk,
        formOfTable('foreign-table', ''),
        schema,
        {
          name: 'fo "r',
          owner: 'mover',
          comment: EVIL,
          server: 'fa "r',
          options: [{ name: 'ta "b', value: `it's = \\` }],
          columns: [
            column('a', 'a "a', 'integer', { notNull: true, options: [{ name: 'co l', value: "x'y" }], statistics: 3 }),
            column('b', 'b', 'text', { default: "'q'::text", comment: EVIL }),
          ],
          checks: [constraint('c', 'pos "c', { expression: '("a ""a" > 0)' })],
          privileges: [{ grantee: ROLE, privileges: ['SELECT'], grantable: [] }],
        },
        relation('fo "r'),
      );
      const { state } = await desk.read(made);
      const [a = {}, b = {}] = records(state['columns']);
      await changesAll(desk, made, [
        { name: 'fo 2' },
        { schema: 'moved' },
        { owner: 'postgres' },
        { comment: '' },
        { options: [{ name: 'other', value: 'y' }] },
        {
          columns: [
            { ...a, options: [{ name: 'new', value: 'z' }] },
            { ...b, type: 'character varying(9)', default: '' },
          ],
        },
        { privileges: [{ grantee: '', privileges: ['SELECT'], grantable: [] }] },
      ]);
      await changes(desk, made, { checks: [] });
      expect(await untouched(desk, made)).toEqual([]);
    });

    it('a policy', async () => {
      const find = part('pg_policy', 'pol', `po "x'`);
      const made = await makes(
        desk,
        formOfTable('policy', ''),
        table,
        {
          name: `po "x'`,
          combination: 'RESTRICTIVE',
          command: 'UPDATE',
          roles: ['postgres', ROLE],
          using: `("T't" <> 'it''s \\'::text)`,
          withCheck: '(v > 2)',
          comment: EVIL,
        },
        find,
      );
      await changesAll(
        desk,
        made,
        [
          { roles: [] },
          { using: '(v > 1)' },
          { withCheck: '' },
          { combination: 'PERMISSIVE' },
          { command: 'ALL' },
          { comment: '' },
        ],
        find,
      );
      const now = await changesAll(desk, { ...made, oid: Number((await desk.rows(find))[0]?.['oid']) }, [
        { name: 'po 2' },
      ]);
      expect(await untouched(desk, now)).toEqual([]);
    });
  });
}
