import { describe, expect, it } from 'vitest';
import {
  configurationOf,
  endpointDraft,
  isSameServer,
  newDraft,
  newEndpoint,
  sideOf,
  suggestName,
  taskProblems,
  type TaskDraft,
} from '../../renderer/features/migration/model';
import { chosenLines, pickerLines, type SourceDatabase } from '../../renderer/features/migration/wizard/picker-lines';
import {
  countSelection,
  databaseTick,
  schemaTicks,
  setObjects,
  toggleDatabase,
  toggleSchema,
  type SourceSchema,
} from '../../renderer/features/migration/wizard/selection';
import {
  forgetTable,
  renameDatabase,
  renameSchema,
  tellTable,
} from '../../renderer/features/migration/wizard/selection-names';
import { addNeeded } from '../../renderer/features/migration/wizard/selection-needs';
import { keyOf, selectionProblems } from '../../renderer/features/migration/wizard/selection-rules';
import { checkGroups, verdictOf } from '../../renderer/features/migration/wizard/verify-model';
import { objectSelection, type Finding, type ObjectSelection } from '../../shared/model/migration';
import type { EndpointObject } from '../../shared/model/migration-api';
import { NEW_SERVER, type ServerView } from '../../shared/model/server';

const server: ServerView = {
  ...NEW_SERVER,
  id: 's1',
  name: 'Shop prod',
  host: 'localhost',
  port: 5432,
  user: 'shop',
  hasPassword: true,
  hasSshPassword: false,
  status: { connected: false, version: '', versionNum: 0, user: '', superuser: false, tls: '', problem: '' },
};
const typed = { ...newEndpoint(), kind: 'host', host: 'db.example.org', user: 'postgres' } as const;
const draft: TaskDraft = {
  ...newDraft(),
  name: 'shop',
  source: { ...newEndpoint(), serverId: 's1' },
  target: typed,
};

describe('a draft of a task', () => {
  it('tells what is missing by field', () => {
    expect(taskProblems(newDraft(), 0)).toEqual({
      name: 'required',
      'source.serverId': 'choose',
      'target.serverId': 'choose',
    });
    expect(taskProblems(draft, 0)).toEqual({});
    const host = {
      ...typed,
      host: ' ',
      port: 0,
      user: '',
      database: 'x'.repeat(64),
      ssh: { ...typed.ssh, enabled: true },
    };
    expect(taskProblems({ ...draft, target: host }, 0)).toEqual({
      'target.host': 'required',
      'target.port': 'port',
      'target.user': 'required',
      'target.database': 'identifier',
      'target.ssh.host': 'required',
      'target.ssh.user': 'required',
    });
    const tags = [{ key: 'team', value: '' }];
    expect(taskProblems({ ...draft, tags: [...tags, { key: ' ', value: '' }] }, 0)).toEqual({ tags: 'tagKey' });
    expect(taskProblems({ ...draft, tags: [...tags, ...tags] }, 0)).toEqual({ tags: 'tagTwice' });
  });

  it('starts at a time that is still to come', () => {
    const timed = { ...draft, runMode: 'timed', at: '2026-11-30T02:00' } as const;
    const at = Date.parse('2026-11-30T02:00');
    expect(taskProblems(timed, at - 1)).toEqual({});
    expect(taskProblems(timed, at)).toEqual({ at: 'time' });
    expect(taskProblems({ ...timed, at: '' }, 0)).toEqual({ at: 'time' });
    expect(configurationOf('dts-1', timed).at).toBe(at);
    expect(configurationOf('dts-1', draft).at).toBeNull();
  });

  it('keeps a stored password unless another one is typed', () => {
    expect(sideOf({ ...typed, hasPassword: true })).toMatchObject({ password: null, ssh: null });
    expect(sideOf({ ...typed, hasPassword: true, password: 'new' })).toMatchObject({ password: 'new' });
    expect(sideOf(typed)).toMatchObject({ password: '' });
  });

  it('knows one server under two names', () => {
    const twice = { ...typed, host: '127.0.0.1' };
    expect(isSameServer({ ...draft, target: twice }, [server])).toBe(true);
    expect(isSameServer({ ...draft, target: { ...twice, port: 5433 } }, [server])).toBe(false);
    expect(isSameServer({ ...draft, target: { ...twice, ssh: { ...twice.ssh, enabled: true } } }, [server])).toBe(
      false,
    );
    expect(isSameServer(newDraft(), [])).toBe(false);
  });

  it('is called by its sides', () => {
    expect(suggestName(draft, [server])).toBe('Shop prod → db.example.org');
    expect(suggestName(newDraft(), [server])).toBe('');
  });

  it('finds the registered server that a side was made from', () => {
    const view = {
      ...{ accessType: 'cvm', region: '', instanceId: '', host: 'localhost', port: 5432, user: 'shop' },
      ...{ database: 'postgres', ssl: NEW_SERVER.ssl, ssh: null, hasPassword: true, hasSshPassword: false },
    };
    expect(endpointDraft(view, [server])).toMatchObject({ kind: 'server', serverId: 's1' });
    expect(endpointDraft(view, [server, { ...server, id: 's2' }])).toMatchObject({ kind: 'host', host: 'localhost' });
    expect(endpointDraft({ ...view, accessType: 'cdb', instanceId: 'postgres-1' }, [server])).toMatchObject({
      kind: 'instance',
      instanceId: 'postgres-1',
    });
    expect(endpointDraft(null, [server])).toEqual(newEndpoint());
  });
});

const object = (name: string, kind: EndpointObject['kind'] = 'table', bytes = 10): EndpointObject => ({
  ...{ name, kind, bytes },
  rows: bytes,
});
const schemas: SourceSchema[] = [
  { name: 'shop', objects: [object('orders'), object('customers'), object('open_orders', 'view', 0)] },
  { name: 'audit', objects: [object('log', 'partitioned')] },
];
const nothing: ObjectSelection = objectSelection.parse({ mode: 'partial', roleMode: 'all' });
const shopTables = { database: 'app', schema: 'shop', group: 'tables' } as const;
const tick = (selection: ObjectSelection, ...names: string[]): ObjectSelection =>
  setObjects(selection, shopTables, names, true, schemas);

describe('a selection', () => {
  it('goes from none to some to all and back', () => {
    const one = tick(nothing, 'orders');
    expect(databaseTick(one, 'app')).toBe('some');
    expect(schemaTicks(one.databases[0], 'shop').schema).toBe('some');
    expect(schemaTicks(one.databases[0], 'shop').has('tables', 'orders')).toBe(true);
    expect(schemaTicks(one.databases[0], 'shop').has('tables', 'customers')).toBe(false);

    // Everything of a schema is the schema, every schema is the database.
    const schema = setObjects(
      tick(one, 'customers'),
      { ...shopTables, group: 'views' },
      ['open_orders'],
      true,
      schemas,
    );
    expect(schema.databases[0]?.schemas).toMatchObject([{ name: 'shop', mode: 'all', tables: [], views: [] }]);
    const whole = toggleSchema(schema, 'app', 'audit', schemas);
    expect(whole.databases).toEqual([{ name: 'app', newName: '', mode: 'all', schemas: [] }]);
    expect(databaseTick(whole, 'app')).toBe('all');

    // Taking one table out of it leaves all the rest by name.
    const without = setObjects(whole, shopTables, ['orders'], false, schemas);
    expect(without.databases[0]?.schemas.map(({ name, mode }) => `${name} ${mode}`)).toEqual([
      'shop partial',
      'audit all',
    ]);
    expect(without.databases[0]?.schemas[0]).toMatchObject({ tables: [{ name: 'customers' }], views: ['open_orders'] });

    expect(toggleDatabase(whole, 'app').databases).toEqual([]);
    expect(setObjects(one, shopTables, ['orders'], false, schemas).databases).toEqual([]);
  });

  it('keeps new names and filters while ticks change', () => {
    const whole = renameDatabase(toggleDatabase(nothing, 'app'), 'app', 'app_new');
    const told = tellTable(whole, shopTables, { name: 'orders', newName: 'purchases', rowFilter: 'id > 1' });
    expect(told.databases[0]?.schemas).toMatchObject([{ name: 'shop', mode: 'all', tables: [{ name: 'orders' }] }]);
    const less = setObjects(told, shopTables, ['customers'], false, schemas);
    expect(less.databases[0]).toMatchObject({ newName: 'app_new', mode: 'partial' });
    expect(less.databases[0]?.schemas[0]?.tables).toEqual([
      { name: 'orders', newName: 'purchases', rowFilter: 'id > 1' },
    ]);
    const again = tick(less, 'customers');
    expect(again.databases[0]).toMatchObject({ mode: 'all', schemas: [{ tables: [{ newName: 'purchases' }] }] });
    expect(forgetTable(again, shopTables, 'orders').databases[0]?.schemas[0]?.tables).toEqual([]);
    expect(renameSchema(whole, 'app', 'shop', 'store').databases[0]?.schemas).toMatchObject([
      { name: 'shop', newName: 'store', mode: 'all' },
    ]);
  });

  it('names databases of an entire instance only to rename them', () => {
    const all: ObjectSelection = { ...nothing, mode: 'all' };
    const renamed = renameDatabase(all, 'app', 'app_new');
    expect(renamed.databases).toMatchObject([{ name: 'app', newName: 'app_new', mode: 'all' }]);
    expect(renameDatabase(renamed, 'app', '').databases).toEqual([]);
  });

  it('takes what its objects need', () => {
    const view = setObjects(nothing, { ...shopTables, group: 'views' }, ['open_orders'], true, schemas);
    const note = (kind: string, name: string, how: 'add' | 'comes' | 'gap') => ({
      ...{ database: 'app', object: 'view shop.open_orders', how },
      needs: { kind, schema: 'shop', name },
    });
    const notes = [note('table', 'orders', 'add'), note('table', 'customers', 'add'), note('type', 'mood', 'comes')];
    const closed = addNeeded(view, notes);
    expect(closed.databases[0]?.schemas[0]?.tables.map(({ name }) => name)).toEqual(['orders', 'customers']);
    expect(countSelection(closed)).toMatchObject({ databases: 0, schemas: 0, tables: 2, others: 1 });
    expect(addNeeded(toggleDatabase(nothing, 'app'), notes)).toEqual(toggleDatabase(nothing, 'app'));
  });

  it('finds names that would meet on the target', () => {
    expect(selectionProblems(nothing, [])).toEqual({ selection: 'nothingChosen' });
    const all = renameDatabase({ ...nothing, mode: 'all' }, 'app', 'reports');
    expect(selectionProblems(all, ['app', 'reports'])).toEqual({ [keyOf('app')]: 'nameTwice' });
    expect(selectionProblems(all, ['app'])).toEqual({});
    const table = tellTable(tick(nothing, 'orders', 'customers'), shopTables, {
      ...{ name: 'orders', newName: 'customers', rowFilter: '' },
    });
    expect(selectionProblems(table, [])).toEqual({ [keyOf('app', 'shop', 'tables', 'orders')]: 'nameTwice' });
    const long = renameSchema(tick(nothing, 'orders'), 'app', 'shop', 'ü'.repeat(32));
    expect(selectionProblems(long, [])).toEqual({ [keyOf('app', 'shop')]: 'identifier' });
    const reserved = renameSchema(tick(nothing, 'orders'), 'app', 'shop', 'pg_shop');
    expect(selectionProblems(reserved, [])).toEqual({ [keyOf('app', 'shop')]: 'reserved' });
    expect(selectionProblems({ ...all, roleMode: 'partial' }, ['app'])).toEqual({ roles: 'choose' });
  });
});

describe('the lines of the picker', () => {
  const database: SourceDatabase = {
    ...{ name: 'app', bytes: 100, busy: false, error: null },
    objects: { database: 'app', schemas, largeObjects: 0 },
  };
  const shown = (search: string, open: string[], selection = nothing) =>
    pickerLines([database, { ...database, name: 'other', objects: null, busy: true }], selection, {
      search,
      open: new Set(open),
    });

  it('opens level by level', () => {
    expect(shown('', []).map(({ name }) => name)).toEqual(['app', 'other']);
    const lines = shown('', [keyOf('app'), keyOf('app', 'shop'), keyOf('app', 'shop', 'tables'), keyOf('other')]);
    expect(lines.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'database app',
      'schema shop',
      'group tables',
      'object orders',
      'object customers',
      'group views',
      'schema audit',
      'database other',
      'busy ',
    ]);
  });

  it('shows what was found, opened, with the ticks of the whole', () => {
    const lines = shown('CUSTOM', [], tick(nothing, 'orders'));
    expect(lines.map((line) => `${line.name} ${'tick' in line ? line.tick : ''}`)).toEqual([
      'app some',
      'shop some',
      'tables none',
      'customers none',
    ]);
    expect(shown('nowhere', [])).toEqual([]);
  });

  it('stays quick with 50,000 tables', () => {
    const many = { name: 'big', objects: Array.from({ length: 50_000 }, (_, n) => object(`table_${n}`)) };
    const big: SourceDatabase = { ...database, objects: { database: 'app', schemas: [many], largeObjects: 0 } };
    const at = { database: 'app', schema: 'big', group: 'tables' } as const;
    const before = performance.now();
    const selection = setObjects(toggleDatabase(nothing, 'app'), at, ['table_7'], false, [many]);
    const view = { search: '', open: new Set([keyOf('app'), keyOf('app', 'big'), keyOf('app', 'big', 'tables')]) };
    const lines = pickerLines([big], selection, view);
    const chosen = chosenLines(selection, '');
    const took = performance.now() - before;
    expect(lines).toHaveLength(50_003);
    expect(chosen).toHaveLength(50_001);
    expect(lines[2]).toMatchObject({ kind: 'group', tick: 'some' });
    expect(took).toBeLessThan(2_000);
  });
});

const finding = (step: Finding['step'], level: Finding['level'], check = 'a'): Finding => ({
  ...{ check, step, level, side: 'source', database: '', title: check, found: '', items: [], count: 0 },
  ...{ effect: '', remedy: '', sql: '', fix: null },
});

describe('what the checks say', () => {
  it('stands by groups, the worst first', () => {
    const found = [
      finding('ObjectCheck', 'pass', 'b'),
      finding('ObjectCheck', 'warning', 'c'),
      finding('VersionCheck', 'failed'),
    ];
    const groups = checkGroups(found, ['ObjectCheck'], false);
    expect(groups.map(({ step, level, skipped }) => ({ step, level, skipped }))).toEqual([
      { step: 'VersionCheck', level: 'failed', skipped: false },
      { step: 'ObjectCheck', level: 'warning', skipped: true },
    ]);
    expect(groups[1]?.findings.map(({ check }) => check)).toEqual(['c', 'b']);
    expect(checkGroups([], [], true)).toHaveLength(10);
    expect(checkGroups([], [], false)).toEqual([]);
  });

  it('blocks, asks, or lets go', () => {
    const of = (levels: Finding['level'][], skipped: string[] = [], running = false) =>
      verdictOf(
        checkGroups(
          levels.map((level, n) => finding('ObjectCheck', level, `${n}`)),
          skipped,
          running,
        ),
        running,
      );
    expect(of(['pass', 'failed', 'warning'], ['ObjectCheck'])).toEqual({
      ...{ state: 'failed', failed: 1, alarms: 1, passed: 1 },
    });
    expect(of(['pass', 'warning']).state).toBe('alarms');
    expect(of(['pass', 'warning'], ['ObjectCheck']).state).toBe('clear');
    expect(of(['info', 'pass']).state).toBe('clear');
    expect(of([]).state).toBe('none');
    expect(of(['failed'], [], true).state).toBe('running');
  });
});

describe('a new task', () => {
  it('tries again for two hours', () => expect(newDraft().retryMinutes).toBe(120));
});
