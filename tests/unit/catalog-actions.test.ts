import { describe, expect, it } from 'vitest';
import { grantStatements, privilegesOf } from '../../shared/model/actions/grants';
import {
  isBufferLimit,
  maintenanceStatements,
  NEW_MAINTENANCE,
  operationsFor,
} from '../../shared/model/actions/maintenance';
import { actionStatements, NEW_CHOICE } from '../../shared/model/actions/simple-actions';
import type { ObjectRef } from '../../shared/model/catalog';
import { OBJECT_ACTIONS } from '../../shared/model/command';
import { commandOfKey, type PressedKey } from '../../renderer/features/catalog/explorer-keys';
import { fitsObject, type ActedOn } from '../../renderer/features/catalog/menu/action-fit';
import { formsWithin } from '../../renderer/features/catalog/menu/creatable';
import type { ExplorerLine } from '../../renderer/features/catalog/model';
import { canDrop, canEdit } from '../../renderer/features/catalog/object-deeds';
import { shownRows } from '../../renderer/features/catalog/folder/listing-model';

const ref = (kind: ObjectRef['kind'], name: string, schema = 's'): ObjectRef => ({
  kind,
  oid: 7,
  schema,
  name,
  sub: 0,
});
const table = ref('table', 't');

describe('maintenance', () => {
  it('writes only what a server knows, and tables of old servers one by one', () => {
    const choice = { ...NEW_MAINTENANCE, skipLocked: true, indexCleanup: 'auto', parallel: 2 } as const;
    const both = [table, ref('table', 'u')];
    expect(maintenanceStatements(choice, both, 100_000).map(({ sql }) => sql)).toEqual([
      'VACUUM (VERBOSE, ANALYZE) s.t',
      'VACUUM (VERBOSE, ANALYZE) s.u',
    ]);
    expect(maintenanceStatements(choice, both, 180_000)).toEqual([
      { sql: 'VACUUM (VERBOSE, ANALYZE, SKIP_LOCKED, INDEX_CLEANUP AUTO, PARALLEL 2) s.t, s.u', outside: true },
    ]);
    expect(maintenanceStatements({ ...choice, operation: 'analyze' }, [table], 100_000)[0]?.sql).toBe(
      'ANALYZE VERBOSE s.t',
    );
    const reindex = { ...NEW_MAINTENANCE, operation: 'reindex', concurrently: true, tablespace: 'Fast' } as const;
    expect(maintenanceStatements(reindex, [ref('index', 'i')], 140_000)[0]?.sql).toBe(
      'REINDEX (VERBOSE, TABLESPACE "Fast") INDEX CONCURRENTLY s.i',
    );
    expect(maintenanceStatements(reindex, [ref('index', 'i')], 110_000)[0]?.sql).toBe('REINDEX (VERBOSE) INDEX s.i');
    expect(operationsFor([ref('index', 'i')])).toEqual(['reindex']);
    expect(maintenanceStatements({ ...reindex, system: true }, [ref('database', 'D', '')], 180_000)[0]?.sql).toBe(
      'REINDEX (VERBOSE) SYSTEM "D"',
    );
  });

  it('takes only limits that the server takes', () => {
    for (const right of ['', '0', '128', '128kB', ' 1 MB ', '16 GB'])
      expect([right, isBufferLimit(right)]).toEqual([right, true]);
    for (const wrong of ['1', '127 kB', '17 GB', '1 mb', 'much', "1 kB'"])
      expect([wrong, isBufferLimit(wrong)]).toEqual([wrong, false]);
    const wrong = { ...NEW_MAINTENANCE, bufferUsageLimit: '1' };
    expect(maintenanceStatements(wrong, [table], 160_000)).toEqual([]);
    expect(maintenanceStatements(wrong, [table], 150_000)).toHaveLength(1);
  });
});

describe('what is offered', () => {
  const shown: Omit<ActedOn, 'object'> = { mark: '', note: '', isPartition: false, isOfView: false, version: 180_000 };
  const offered = (object: ObjectRef, more: Partial<ActedOn> = {}) =>
    OBJECT_ACTIONS.filter((action) => fitsObject(action, { ...shown, object, ...more }));

  it('fits what the tree shows of an object', () => {
    const trigger = ref('trigger', 'tr');
    expect(offered(trigger)).toEqual(['disable']);
    expect(offered(trigger, { mark: 'disabled' })).toEqual(['enable']);
    expect(offered(trigger, { mark: 'always' })).toEqual(['enable', 'disable']);
    expect(offered(trigger, { mark: 'disabled', isOfView: true })).toEqual([]);
    expect(offered(ref('constraint', 'c'))).toEqual([]);
    expect(offered(ref('constraint', 'c'), { note: 'CHECK (a > 0) NOT VALID' })).toEqual(['validate']);
    expect(offered(table)).not.toContain('detach');
    expect(offered(table, { isPartition: true })).toContain('detach');
    expect(offered(ref('database', 'd', ''))).toContain('grant');
  });

  it('is what the server knows, and of its own catalogs nothing that changes them', () => {
    const foreign = ref('foreign-table', 'f');
    expect(offered(foreign)).toContain('truncate');
    expect(offered(foreign, { version: 130_000 })).not.toContain('truncate');
    const subscription = ref('subscription', 's', '');
    expect(offered(subscription)).toEqual(['disable', 'reset-statistics']);
    expect(offered(subscription, { version: 140_000 })).toEqual(['disable']);
    expect(offered(ref('table', 'pg_class', 'pg_catalog'))).toEqual(['maintain', 'grant', 'reset-statistics']);
    expect(formsWithin('tables', ref('schema', 'pg_catalog', ''), 180_000)).toEqual([]);
    expect(formsWithin('columns', ref('table', 'parts', 'information_schema'), 180_000)).toEqual([]);
    expect(formsWithin('tables', ref('schema', 's', ''), 180_000)).not.toEqual([]);
    expect(canEdit(table) && canDrop(table)).toBe(true);
    expect(canEdit(ref('view', 'tables', 'information_schema'))).toBe(false);
    expect(canDrop(ref('schema', 'pg_catalog', ''))).toBe(false);
  });

  it('by a key is what the line is', () => {
    const line = (object: ObjectRef): ExplorerLine => ({
      key: 'k',
      level: 1,
      position: 1,
      siblings: 1,
      expandable: false,
      expanded: false,
      content: {
        type: 'object',
        node: { ref: object, note: '', mark: '' },
        place: { serverId: 's1', database: object.kind === 'database' ? '' : 'shop', parent: null },
      },
    });
    const pressed = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
    const by = (key: string, object: ObjectRef, more: Partial<PressedKey> = {}) =>
      commandOfKey({ ...pressed, key, ...more }, line(object));
    const database = ref('database', 'd', '');
    expect(by('Delete', table)).toEqual({
      do: 'drop-objects',
      serverId: 's1',
      database: 'shop',
      objects: [table],
      cascade: false,
    });
    expect(by('F2', database)).toEqual({ do: 'edit-object', serverId: 's1', database: '', object: database });
    expect(by('Enter', database, { altKey: true })).toMatchObject({ do: 'show-object', database: 'd' });
    expect(by('Enter', ref('schema', 's', ''), { altKey: true })).toMatchObject({
      do: 'show-object',
      database: 'shop',
    });
    expect(by('Delete', table, { shiftKey: true })).toBeUndefined();
    expect(by('Delete', ref('table', 'pg_class', 'pg_catalog'))).toBeUndefined();
    expect(by('x', table)).toBeUndefined();
  });
});

describe('actions', () => {
  it('work on what an object stands on', () => {
    const on = () => table;
    const act = (action: Parameters<typeof actionStatements>[0], object: ObjectRef, choice = NEW_CHOICE) =>
      actionStatements(action, [object], choice, on).map(({ sql }) => sql);
    expect(act('enable', ref('trigger', 'Tr'), { ...NEW_CHOICE, firing: 'replica' })).toEqual([
      'ALTER TABLE s.t ENABLE REPLICA TRIGGER "Tr"',
    ]);
    expect(actionStatements('disable', [ref('rule', 'r')], NEW_CHOICE, () => ref('view', 'v'))).toEqual([]);
    expect(act('disable', ref('subscription', 'sub', ''))).toEqual(['ALTER SUBSCRIPTION sub DISABLE']);
    expect(act('validate', ref('constraint', 'c'))).toEqual(['ALTER TABLE s.t VALIDATE CONSTRAINT c']);
    expect(actionStatements('detach', [table], { ...NEW_CHOICE, finalize: true }, on)).toEqual([
      { sql: 'ALTER TABLE s.t DETACH PARTITION s.t FINALIZE', outside: true },
    ]);
    expect(act('restore-point', table, { ...NEW_CHOICE, restorePoint: "a'b\\c" })).toEqual([
      String.raw`SELECT pg_catalog.pg_create_restore_point(E'a''b\\c')`,
    ]);
    expect(act('reassign-owned', ref('role', 'r'))).toEqual([]);
  });
});

describe('privileges', () => {
  it('are one statement for each group of kinds', () => {
    const targets = [
      { ref: table, arguments: '' },
      { ref: ref('view', 'v'), arguments: '' },
      { ref: ref('function', 'f'), arguments: '(a integer)' },
    ];
    const privileges = { tables: ['SELECT'], functions: ['EXECUTE'] };
    expect(grantStatements(targets, { revoke: false, privileges, grantees: ['', 'A b'], grantOption: true })).toEqual([
      { sql: 'GRANT SELECT ON TABLE s.t, s.v TO PUBLIC, "A b" WITH GRANT OPTION' },
      { sql: 'GRANT EXECUTE ON FUNCTION s.f(a integer) TO PUBLIC, "A b" WITH GRANT OPTION' },
    ]);
    expect(privilegesOf('tables', 170_000)).toContain('MAINTAIN');
    expect(privilegesOf('tables', 160_000)).not.toContain('MAINTAIN');
  });
});

describe('the rows of a folder', () => {
  it('are filtered by any cell and ordered by numbers as numbers, empty ones last', () => {
    const row = (oid: number, name: string, size: string) => ({
      ref: { ...table, oid, name },
      mark: '',
      cells: [name, size],
    });
    const listing = { columns: ['name', 'size'], rows: [row(1, 'b', '10'), row(2, 'a', '9'), row(3, 'c', '')] };
    const names = (filter: string, column: string | null, descending = false) =>
      shownRows(listing, filter, column === null ? null : { column, descending }).map(({ ref: each }) => each.name);
    expect(names('', null)).toEqual(['b', 'a', 'c']);
    expect(names('', 'size')).toEqual(['a', 'b', 'c']);
    expect(names('', 'size', true)).toEqual(['b', 'a', 'c']);
    expect(names('B', 'name')).toEqual(['b']);
  });
});
