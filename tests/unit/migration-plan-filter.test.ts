import { describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors';
import { databaseChoice } from '../../shared/model/migration';
import { conditionOf } from '../../electron/control-plane/migration/plan/extension-filter';
import { scopeOf } from '../../electron/control-plane/migration/plan/scope';

describe('Conditions of extension configuration tables', () => {
  test.each([
    ['', ''],
    ['  ', ''],
    ['WHERE NOT standard', 'NOT standard'],
    ['where\n  (id > 3)', '(id > 3)'],
    ['WHERE id > 3 ORDER BY id', 'ctid IN (SELECT ctid FROM ONLY a."B"\nWHERE id > 3 ORDER BY id\n)'],
    ['WHERE id > 3 -- own', 'ctid IN (SELECT ctid FROM ONLY a."B"\nWHERE id > 3 -- own\n)'],
    ['LIMIT 3', 'ctid IN (SELECT ctid FROM ONLY a."B"\nLIMIT 3\n)'],
    ['wherever', 'ctid IN (SELECT ctid FROM ONLY a."B"\nwherever\n)'],
  ])('%j becomes %j', (given, condition) => {
    expect(conditionOf(given, 'a."B"')).toBe(condition);
  });
});

describe('Scope of a choice', () => {
  const scope = scopeOf(
    databaseChoice.parse({
      name: 'shop',
      mode: 'partial',
      schemas: [
        { name: 'a', newName: 'A2', mode: 'partial', tables: [{ name: 't' }], functions: ['f(integer)'] },
        { name: 'constructor', mode: 'all' },
      ],
    }),
  );
  test('Only what is named, or in a whole schema, is in it', () => {
    expect(scope.has('table', 'a', 't')).toBe(true);
    expect(scope.has('view', 'a', 't')).toBe(false);
    expect(scope.has('function', 'a', 'f(integer)')).toBe(true);
    expect(scope.has('table', 'constructor', 'toString')).toBe(true);
    expect(scope.has('table', 'toString', 't')).toBe(false);
    expect(scope.targetSchema('a')).toBe('A2');
    expect(scope.targetSchema('b')).toBe('b');
  });
  test('What is named and missing is told, all of it', () => {
    const none = { table: new Map(), view: new Map(), function: new Map(), sequence: new Map() };
    try {
      scope.requireAll(new Set(['a']), none);
      expect.unreachable();
    } catch (error) {
      expect(error instanceof AppError && error.info).toMatchObject({
        code: 'not-found',
        message: expect.stringContaining('schema constructor') as string,
        detail: 'Also missing: table a.t, function a.f(integer)',
      });
    }
  });
});
