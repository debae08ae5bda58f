import { describe, expect, it } from 'vitest';
import { grantStatements, privilegesOf } from '../../shared/model/actions/grants';
import { maintenanceStatements, NEW_MAINTENANCE, operationsFor } from '../../shared/model/actions/maintenance';
import { actionStatements, NEW_CHOICE } from '../../shared/model/actions/simple-actions';
import type { ObjectRef } from '../../shared/model/catalog';
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
