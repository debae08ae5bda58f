import { describe, expect, it } from 'vitest';
import {
  changesOf,
  collationsFor,
  isComplete,
  keyOf,
  linesOf,
  objectIn,
  pathOf,
  withPrivileges,
  without,
  type Draft,
  type Scope,
} from '../../renderer/features/accounts/model';
import type { DatabaseView } from '../../shared/model/account';

const scope: Scope = { kind: 'table', database: 'shop', schema: 'sales', table: '' };
const orders = objectIn(scope, 'orders');
const none: Draft = new Map();

describe('the draft of privileges', () => {
  it('holds what differs, and forgets what was put back', () => {
    const had = ['SELECT', 'INSERT'];
    const more = withPrivileges(none, orders, had, { privileges: ['UPDATE', 'DELETE'], on: true });
    const less = withPrivileges(more, orders, had, { privileges: ['INSERT'], on: false });
    expect(changesOf(less)).toEqual([
      { key: keyOf(orders), object: orders, grant: ['UPDATE', 'DELETE'], revoke: ['INSERT'] },
    ]);
    expect(linesOf(changesOf(less))).toBe(2);
    const back = withPrivileges(
      withPrivileges(less, orders, had, { privileges: ['UPDATE', 'DELETE'], on: false }),
      orders,
      had,
      { privileges: ['INSERT'], on: true },
    );
    expect(back.size).toBe(0);
    expect(less.size).toBe(1);
    expect(without(less, keyOf(orders)).size).toBe(0);
  });

  it('tells objects of the same name apart', () => {
    const other = objectIn({ ...scope, schema: 'archive' }, 'orders');
    const change = { privileges: ['SELECT'], on: true };
    const draft = withPrivileges(withPrivileges(none, orders, [], change), other, [], change);
    expect(changesOf(draft).map(({ object }) => pathOf(object))).toEqual(['shop.sales.orders', 'shop.archive.orders']);
  });
});

it('asks for as much of the place as the kind needs', () => {
  expect(isComplete({ kind: 'schema', database: 'shop', schema: '', table: '' })).toBe(true);
  expect(isComplete({ kind: 'table', database: 'shop', schema: '', table: '' })).toBe(false);
  expect(isComplete({ kind: 'column', database: 'shop', schema: 'sales', table: '' })).toBe(false);
  expect(objectIn({ kind: 'database', database: 'shop', schema: 'x', table: 'y' }, 'shop')).toEqual({
    type: 'database',
    name: 'shop',
    database: '',
    schema: '',
    table: '',
  });
});

it('offers collations that a database of the encoding has', () => {
  const database = { encoding: 'UTF8', collate: 'C.UTF-8', ctype: 'C' } as DatabaseView;
  expect(collationsFor('UTF8', [database])).toEqual(['C', 'POSIX', 'C.UTF-8']);
  expect(collationsFor('LATIN1', [database])).toEqual(['C', 'POSIX']);
});
