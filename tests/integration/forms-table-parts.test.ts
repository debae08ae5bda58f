import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../shared/model/catalog';
import { text } from '../../shared/model/forms/table/values';
import { quoteIdent, quoteQualified } from '../../shared/model/quote';
import { shownFields } from '../../renderer/features/catalog/forms/form-model';
import { startServer, type TestServer } from '../support/postgres';
import { changesAll, formOfTable, makes, untouched, type FormDesk } from '../support/table-forms';
import { EVIL, openTableScene, OTHER, part, relation, SCHEMA, TABLE, type TableScene } from '../support/table-scene';

for (const major of [10, 14, 18]) {
  describe(`on ${major}`, () => {
    let server: TestServer;
    let scene: TableScene;
    let desk: FormDesk;
    let table: ObjectRef;
    let view: ObjectRef;
    const since = <Value>(first: number, value: Value): Value | Record<string, never> => (major >= first ? value : {});

    beforeAll(async () => {
      server = await startServer({ major });
      scene = await openTableScene(server);
      ({ desk, table, view } = scene);
    });
    afterAll(async () => {
      await desk.end();
      await server.stop();
    });

    /** Whether the dialog of a trigger or rule asks when it fires: as much as the server lets that be changed. */
    const asksHowItFires = async (object: ObjectRef): Promise<boolean> => {
      const { form, state } = await desk.read(object);
      const on = text(state['table']);
      const what = `${object.kind.toUpperCase()} ${quoteIdent(text(state['name']))}`;
      const turn = desk.run([{ sql: `ALTER TABLE ${on} DISABLE ${what}` }]).then(
        () => desk.run([{ sql: `ALTER TABLE ${on} ENABLE ${what}` }]).then(() => true),
        () => false,
      );
      const isShown = shownFields(form.tabs[0]?.fields ?? [], state, desk.context('edit')).some(
        ({ id }) => id === 'enabled',
      );
      expect(isShown).toBe(await turn);
      return isShown;
    };

    it('keys', async () => {
      const index = { tablespace: '', fillfactor: 70, comment: EVIL };
      const name = `u "k'`;
      const find = part('pg_constraint', 'con', name);
      const more = { ...since(11, { include: ['v'] }), ...since(15, { nullsNotDistinct: true }) };
      const unique = await makes(
        desk,
        formOfTable('constraint', 'unique'),
        table,
        { name, columns: ['b "b', `T't`], deferrable: true, deferred: true, ...index, ...more },
        find,
      );
      await changesAll(
        desk,
        unique,
        [
          { fillfactor: null },
          { comment: '' },
          { columns: [`T't`, 'id'] },
          { deferred: false },
          { deferrable: false },
          ...(major >= 11 ? [{ include: [] }] : []),
          ...(major >= 15 ? [{ nullsNotDistinct: false }] : []),
        ],
        find,
      );
      const key = await makes(
        desk,
        formOfTable('constraint', 'primary-key'),
        table,
        { name: 'p "k"', columns: ['id', 'd'], ...index },
        part('pg_constraint', 'con', 'p "k"'),
      );
      await changesAll(desk, key, [{ name: 'p "2"' }, { fillfactor: 90 }, { comment: 'x' }]);
      await server.sql(
        `ALTER TABLE ${TABLE} CLUSTER ON "p ""2"""; ALTER TABLE ${TABLE} REPLICA IDENTITY USING INDEX "p ""2"""`,
        'forms',
      );
      // A key that is made anew is still what the table is clustered and told apart by.
      const again = await changesAll(desk, key, [{ columns: ['d', 'id'] }], part('pg_constraint', 'con', 'p "2"'));
      expect((await desk.read(again)).state).toMatchObject({ clustered: true, replica: true });
      await server.sql(`CREATE UNIQUE INDEX ready ON ${TABLE} (v)`, 'forms');
      const form = formOfTable('constraint', 'unique');
      const context = desk.context('create', table);
      await desk.run(
        form.statements({ ...form.initial(context), name: 'by index', usingIndex: 'ready' }, null, context),
      );
      const [row] = await desk.rows(part('pg_constraint', 'con', 'by index'));
      const made = await desk.read({ ...table, kind: 'constraint', oid: Number(row?.['oid']) });
      expect(made.state).toMatchObject({ columns: ['v'], name: 'by index' });
    });

    it('a foreign key', async () => {
      const name = `f "k'`;
      const find = part('pg_constraint', 'con', name);
      const made = await makes(
        desk,
        formOfTable('constraint', 'foreign-key'),
        table,
        {
          name,
          columns: ['v', 'b "b'],
          target: OTHER,
          targetColumns: ['id', 'x y'],
          match: 'FULL',
          onUpdate: 'CASCADE',
          onDelete: 'SET NULL',
          deferrable: true,
          deferred: true,
          notValid: true,
          comment: EVIL,
        },
        find,
      );
      const now = await changesAll(
        desk,
        made,
        [
          { notValid: false },
          { deferred: false },
          { deferrable: false },
          { onUpdate: 'RESTRICT' },
          { onDelete: 'SET DEFAULT' },
          { match: 'SIMPLE' },
          { comment: '' },
          { columns: ['b "b'], targetColumns: ['id'] },
          ...(major >= 15 ? [{ setColumns: ['b "b'] }] : []),
          ...(major >= 18 ? [{ notEnforced: true }, { notEnforced: false }] : []),
        ],
        find,
      );
      expect(await untouched(desk, now)).toEqual([]);
    });

    it('a check and an exclusion', async () => {
      const check = part('pg_constraint', 'con', 'ch "k"');
      const expression = `("T't" <> 'it''s \\ "x" -- )'::text)`;
      const made = await makes(
        desk,
        formOfTable('constraint', 'check'),
        table,
        { name: 'ch "k"', expression, noInherit: true, notValid: true, comment: EVIL },
        check,
      );
      await changesAll(
        desk,
        made,
        [
          { notValid: false },
          { noInherit: false },
          { expression: '(v > 0)' },
          { comment: 'x' },
          ...(major >= 18 ? [{ notEnforced: true }] : []),
        ],
        check,
      );
      const find = part('pg_constraint', 'con', 'ex "k"');
      const range = {
        column: '',
        expression: `box(p, p)`,
        opclass: '',
        order: '',
        nulls: '',
        collation: '',
        statistics: null,
      };
      const element = { ...range, operator: '&&', opclassOptions: '' };
      const exclusion = await makes(
        desk,
        formOfTable('constraint', 'exclusion'),
        table,
        { name: 'ex "k"', method: 'gist', elements: [element], where: '(v > 0)', fillfactor: 60, comment: EVIL },
        find,
      );
      const now = await changesAll(
        desk,
        exclusion,
        [
          { where: '' },
          { fillfactor: null },
          { elements: [{ ...element, operator: '~=' }] },
          { deferrable: true },
          { comment: '' },
        ],
        find,
      );
      expect(await untouched(desk, now)).toEqual([]);
    });

    it('an index', async () => {
      const find = relation('i "x\'');
      const element = {
        column: '',
        expression: '',
        collation: '',
        opclass: '',
        opclassOptions: '',
        order: '',
        nulls: '',
        operator: '',
        statistics: null,
      };
      const elements = [
        {
          ...element,
          column: `T't`,
          collation: 'pg_catalog."C"',
          opclass: 'text_pattern_ops',
          order: 'DESC',
          nulls: 'LAST',
        },
        { ...element, expression: `lower(("T't" || 'it''s'::text))`, ...since(11, { statistics: 500 }) },
        { ...element, column: 'v', nulls: 'FIRST' },
      ];
      const made = await makes(
        desk,
        formOfTable('index', ''),
        table,
        {
          name: `i "x'`,
          method: 'btree',
          elements,
          where: `("T't" <> 'it''s \\'::text)`,
          parameters: [{ name: 'fillfactor', value: '60' }],
          clustered: false,
          concurrently: true,
          comment: EVIL,
          ...since(13, { extensions: ['plpgsql'] }),
          ...since(11, { include: ['b "b'] }),
        },
        find,
      );
      await changesAll(
        desk,
        made,
        [
          { parameters: [] },
          { comment: '' },
          { elements: elements.slice(1) },
          { where: '' },
          { unique: true },
          ...(major >= 13 ? [{ extensions: [] }] : []),
          { clustered: true },
          ...(major >= 15 ? [{ nullsNotDistinct: true }] : []),
        ],
        find,
      );
      const renamed = await makes(
        desk,
        formOfTable('index', ''),
        table,
        {
          name: 'gin',
          method: 'gin',
          elements: [{ ...element, expression: `to_tsvector('simple'::regconfig, "T't")` }],
        },
        relation('gin'),
      );
      const now = await changesAll(desk, renamed, [
        { name: 'gin "2"' },
        { parameters: [{ name: 'fastupdate', value: 'off' }] },
      ]);
      expect(await untouched(desk, now)).toEqual([]);
    });

    it('a trigger', async () => {
      const find = part('pg_trigger', 'tg', `tr "x'`);
      const made = await makes(
        desk,
        formOfTable('trigger', ''),
        table,
        {
          name: `tr "x'`,
          timing: 'BEFORE',
          events: ['INSERT', 'UPDATE'],
          updateColumns: ['v', `T't`],
          forEach: 'ROW',
          when: `((new."T't" <> 'WHEN (it''s \\'::text) AND (new.v > 0))`,
          function: quoteQualified(SCHEMA, 'touch "t"'),
          arguments: ['a', `it's, "b"`, '', 'back\\slash', '表'],
          enabled: 'REPLICA',
          ...since(13, { extensions: ['plpgsql'] }),
          comment: EVIL,
        },
        find,
      );
      await changesAll(
        desk,
        made,
        [
          { enabled: 'DISABLED' },
          { comment: '' },
          { events: ['INSERT'], updateColumns: [] },
          { when: '' },
          { function: quoteQualified(SCHEMA, 'other') },
          { arguments: [] },
          { timing: 'AFTER' },
          ...(major >= 13 ? [{ extensions: [] }] : []),
          { enabled: 'ORIGIN' },
        ],
        find,
      );
      const constraint = await makes(
        desk,
        formOfTable('trigger', ''),
        table,
        {
          name: 'ct',
          timing: 'AFTER',
          events: ['UPDATE', 'DELETE'],
          constraint: true,
          deferrable: true,
          deferred: true,
          from: OTHER,
          function: quoteQualified(SCHEMA, 'other'),
        },
        part('pg_trigger', 'tg', 'ct'),
      );
      const again = part('pg_trigger', 'tg', 'ct');
      await changesAll(
        desk,
        constraint,
        [{ deferred: false }, { from: '' }, { deferrable: false }, { comment: 'x' }],
        again,
      );
      const transition = { timing: 'AFTER', forEach: 'STATEMENT', oldTable: 'o "o"', newTable: 'n' };
      const tables = await makes(
        desk,
        formOfTable('trigger', ''),
        table,
        { name: 'tt', events: ['UPDATE'], function: quoteQualified(SCHEMA, 'other'), ...transition },
        part('pg_trigger', 'tg', 'tt'),
      );
      const now = await changesAll(
        desk,
        tables,
        [{ name: 'tt "2"' }, { newTable: '' }],
        `SELECT oid::int8::int4 AS oid FROM pg_catalog.pg_trigger WHERE tgname IN ('tt', 'tt "2"')`,
      );
      const onView = await makes(
        desk,
        formOfTable('trigger', ''),
        view,
        { name: 'on view', events: ['INSERT', 'DELETE'], function: quoteQualified(SCHEMA, 'other') },
        part('pg_trigger', 'tg', 'on view'),
      );
      // The server turns no trigger of a view: the dialog doesn't ask.
      expect(await asksHowItFires(onView)).toBe(false);
      expect(await asksHowItFires(now)).toBe(true);
      await changesAll(
        desk,
        onView,
        [{ events: ['UPDATE'] }, { function: quoteQualified(SCHEMA, 'touch "t"') }, { comment: EVIL }],
        part('pg_trigger', 'tg', 'on view'),
      );
      expect(await untouched(desk, now)).toEqual([]);
    });

    it('a rule', async () => {
      const made = await makes(
        desk,
        formOfTable('rule', ''),
        table,
        { name: `ru "x'`, event: 'UPDATE', instead: true, where: `(new.v = 7)`, enabled: 'DISABLED', comment: EVIL },
        part('pg_rewrite', 'rule', `ru "x'`),
      );
      await changesAll(desk, made, [
        { name: 'ru 2' },
        { where: '' },
        { enabled: 'ALWAYS' },
        { comment: '' },
        { instead: false },
      ]);
      const onView = await makes(
        desk,
        formOfTable('rule', ''),
        view,
        { name: 'on view', event: 'DELETE', instead: true },
        part('pg_rewrite', 'rule', 'on view'),
      );
      expect(await asksHowItFires(onView)).toBe(false);
      expect(await asksHowItFires(made)).toBe(true);
      await changesAll(desk, onView, [{ name: 'on view 2' }, { comment: EVIL }]);
      const { form, state } = await desk.read(made);
      const commands = `DELETE FROM ${OTHER} WHERE id = 1; NOTIFY "ch ""a";`;
      await desk.run(form.statements({ ...state, commands, where: '' }, state, desk.context('edit')));
      const { state: told } = await desk.read(made);
      expect(told['commands']).toContain('DELETE FROM');
      expect(told['commands']).toContain('NOTIFY "ch ""a"');
      // What the server made of them can be said again.
      await desk.run(form.statements({ ...told, instead: true }, told, desk.context('edit')));
      expect((await desk.read(made)).state).toMatchObject({ instead: true, commands: told['commands'] });
    });
  });
}
