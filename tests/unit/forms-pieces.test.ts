import { expect, test } from 'vitest';
import { formOf } from '../../shared/model/forms/all-forms';
import { commentChange, ownerChange, renameChange, schemaChange } from '../../shared/model/forms/identity';
import { labelChanges } from '../../shared/model/forms/labels';
import { listChanges, same } from '../../shared/model/forms/list-changes';
import { foreignOptionChanges, foreignOptionList, optionChanges, optionList } from '../../shared/model/forms/options';
import { parameterSetting } from '../../shared/model/forms/parameters';
import { knownPrivileges, privilegeChanges } from '../../shared/model/forms/privileges';

const sqlOf = (statements: readonly { readonly sql: string }[]): string[] => statements.map(({ sql }) => sql);
const evil = `o'Brien "x"; DROP TABLE t --\n表`;
const evilIdent = `"o'Brien ""x""; DROP TABLE t --\n表"`;
const evilLiteral = `'o''Brien "x"; DROP TABLE t --\n表'`;

test('Deep equality does not care about keys that are undefined', () => {
  expect(same({ a: [1, { b: null }], c: undefined }, { a: [1, { b: null }] })).toBe(true);
  expect(same({ a: [1, { b: null }] }, { a: [1, { b: '' }] })).toBe(false);
  expect(same([], {})).toBe(false);
  expect(same([1], [1, 2])).toBe(false);
});

test('A list tells what was added, removed and changed by the key of its records', () => {
  const changes = listChanges(
    [
      { id: '1', name: 'a' },
      { id: '2', name: 'b' },
      { id: '3', name: 'c' },
    ],
    [
      { id: '3', name: 'c' },
      { id: '2', name: 'B' },
      { id: '4', name: 'd' },
    ],
    (row) => row.id,
  );
  expect(changes).toEqual({
    added: [{ id: '4', name: 'd' }],
    removed: [{ id: '1', name: 'a' }],
    changed: [{ before: { id: '2', name: 'b' }, after: { id: '2', name: 'B' } }],
  });
});

test('Privileges change only where they differ, and PUBLIC is nobody’s name', () => {
  const before = [
    { grantee: '', privileges: ['SELECT'], grantable: [] },
    { grantee: 'PUBLIC', privileges: ['SELECT'], grantable: ['SELECT'] },
    { grantee: 'same', privileges: ['SELECT', 'INSERT'], grantable: ['INSERT'] },
  ];
  const after = [
    { grantee: 'same', privileges: ['INSERT', 'SELECT'], grantable: ['INSERT'] },
    { grantee: 'PUBLIC', privileges: ['SELECT', 'UPDATE'], grantable: ['UPDATE'] },
    { grantee: evil, privileges: ['SELECT'], grantable: [] },
  ];
  expect(sqlOf(privilegeChanges('TABLE t', before, after))).toEqual([
    'REVOKE SELECT ON TABLE t FROM PUBLIC',
    'REVOKE GRANT OPTION FOR SELECT ON TABLE t FROM "PUBLIC"',
    'GRANT UPDATE ON TABLE t TO "PUBLIC" WITH GRANT OPTION',
    `GRANT SELECT ON TABLE t TO ${evilIdent}`,
  ]);
  expect(privilegeChanges('TABLE t', before, before)).toEqual([]);
});

test('Privileges are offered that the server knows', () => {
  for (const kind of ['table', 'view', 'materialized-view', 'foreign-table', 'schema'] as const) {
    const fields = formOf(kind, '')?.tabs.flatMap((tab) => [...tab.fields]) ?? [];
    const offered = (version: number): string[] =>
      fields.flatMap((field) => knownPrivileges(field.privileges ?? [], version));
    expect(offered(160_000)).toContain('SELECT');
    expect(offered(160_000)).not.toContain('MAINTAIN');
    expect(offered(170_000)).toContain('MAINTAIN');
  }
});

test('Privileges of columns and of things to come', () => {
  const rows = [{ grantee: 'r', privileges: ['SELECT', 'UPDATE'], grantable: [] }];
  expect(sqlOf(privilegeChanges('TABLE t', [], rows, { columns: [evil, 'b'] }))).toEqual([
    `GRANT SELECT (${evilIdent}, b), UPDATE (${evilIdent}, b) ON TABLE t TO r`,
  ]);
  expect(sqlOf(privilegeChanges('TABLES', rows, [], { prefix: 'ALTER DEFAULT PRIVILEGES IN SCHEMA s' }))).toEqual([
    'ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE SELECT, UPDATE ON TABLES FROM r',
  ]);
});

test('Labels are set, changed and taken off', () => {
  expect(sqlOf(labelChanges('TABLE t', [{ provider: 'a', label: 'x' }], [{ provider: evil, label: evil }]))).toEqual([
    'SECURITY LABEL FOR a ON TABLE t IS NULL',
    `SECURITY LABEL FOR ${evilIdent} ON TABLE t IS ${evilLiteral}`,
  ]);
});

test('Options are set and reset, those of the TOAST table by their prefix', () => {
  const before = [
    { name: 'fillfactor', value: '70' },
    { name: 'toast.autovacuum_enabled', value: 'false' },
  ];
  const after = [
    { name: 'fillfactor', value: '80' },
    { name: evil, value: evil },
  ];
  expect(sqlOf(optionChanges('TABLE t', before, after))).toEqual([
    'ALTER TABLE t RESET (toast.autovacuum_enabled)',
    `ALTER TABLE t SET (fillfactor = '80', ${evilIdent} = ${evilLiteral})`,
  ]);
  expect(optionList(before)).toBe("fillfactor = '70', toast.autovacuum_enabled = 'false'");
  expect(sqlOf(foreignOptionChanges('SERVER s', before, after))).toEqual([
    `ALTER SERVER s OPTIONS (DROP "toast.autovacuum_enabled", SET fillfactor '80', ADD ${evilIdent} ${evilLiteral})`,
  ]);
  expect(foreignOptionList(after)).toBe(`fillfactor '80', ${evilIdent} ${evilLiteral}`);
  expect(foreignOptionChanges('SERVER s', before, before)).toEqual([]);
});

test('Owner, schema, name and comment', () => {
  expect(sqlOf(ownerChange('TABLE t', 'a', evil))).toEqual([`ALTER TABLE t OWNER TO ${evilIdent}`]);
  expect(ownerChange('TABLE t', null, '')).toEqual([]);
  expect(ownerChange('TABLE t', 'a', 'a')).toEqual([]);
  expect(sqlOf(schemaChange('TABLE t', 'a', evil))).toEqual([`ALTER TABLE t SET SCHEMA ${evilIdent}`]);
  expect(sqlOf(renameChange('TABLE t', 't', evil))).toEqual([`ALTER TABLE t RENAME TO ${evilIdent}`]);
  expect(sqlOf(commentChange('TABLE t', 'a', ''))).toEqual(['COMMENT ON TABLE t IS NULL']);
  expect(sqlOf(commentChange('TABLE t', null, evil))).toEqual([`COMMENT ON TABLE t IS ${evilLiteral}`]);
  expect(commentChange('TABLE t', null, '')).toEqual([]);
});

test('A parameter that lists names gets each name by itself', () => {
  expect(parameterSetting('search_path', '"$user", public, "a ""b"", c"')).toBe(
    `search_path TO '$user', 'public', 'a "b", c'`,
  );
  expect(parameterSetting('work_mem', '4MB')).toBe("work_mem TO '4MB'");
  expect(parameterSetting('my.Setting', 'a, b')).toBe(`my."Setting" TO 'a, b'`);
  expect(parameterSetting('search_path', '')).toBe("search_path TO ''");
});
