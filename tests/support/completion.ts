import { completeStatement, type Found } from '../../shared/model/completion/complete';
import { nameTable, type NameList } from '../../shared/model/completion/name-table';
import type { ColumnName, DatabaseNames, KeyName, RelationName } from '../../shared/model/completion/names';

const relation = (
  oid: number,
  name: string,
  schema = 'public',
  kind: RelationName['kind'] = 'table',
): RelationName => ({
  oid,
  schema,
  name,
  kind,
});
const customers = relation(1, 'customers');
const orders = relation(2, 'orders');
const items = relation(3, 'order_items');
const products = relation(4, 'products');
const invoices = relation(5, 'invoices', 'sales');
const relations = [
  customers,
  orders,
  items,
  products,
  invoices,
  relation(6, 'Weird Table'),
  relation(7, 'user'),
  relation(8, 'big_orders', 'public', 'view'),
  relation(9, 'pg_class', 'pg_catalog'),
];
const columns = (text: string): ColumnName[] =>
  text.split(', ').map((each) => ({ name: each.split(':')[0] ?? '', type: each.split(':')[1] ?? '' }));
const COLUMNS: Readonly<Record<number, readonly ColumnName[]>> = {
  1: columns('id:integer, name:text, email:text'),
  2: columns('id:integer, customer_id:integer, total:numeric, Order Date:date'),
  3: columns('id:integer, order_id:integer, product_id:integer, quantity:integer'),
  4: columns('id:integer, title:text, price:numeric'),
  5: columns('id:integer, order_id:integer, amount:numeric'),
  6: columns('a b:text, sel"ect:text, Ünïcode:text'),
  7: columns('id:integer, login:text'),
  8: columns('id:integer, total:numeric'),
  9: columns('oid:oid, relname:name, relkind:"char"'),
};
const key = (own: string, other: RelationName, others = 'id'): KeyName => ({ own: [own], other, others: [others] });
const KEYS: Readonly<Record<number, readonly KeyName[]>> = {
  1: [{ own: ['id'], other: orders, others: ['customer_id'] }],
  2: [key('customer_id', customers), key('id', items, 'order_id'), key('id', invoices, 'order_id')],
  3: [key('order_id', orders), key('product_id', products)],
  4: [key('id', items, 'product_id')],
  5: [key('order_id', orders)],
};
const list: NameList = {
  schemas: ['public', 'sales', 'pg_catalog', 'Odd Schema'],
  relations,
  functions: [
    { oid: 20, schema: 'pg_catalog', name: 'lower', args: 'text', result: 'text', kind: 'function' },
    { oid: 21, schema: 'pg_catalog', name: 'count', args: '"any"', result: 'bigint', kind: 'aggregate' },
    { oid: 22, schema: 'public', name: 'order_total', args: 'order_id integer', result: 'numeric', kind: 'function' },
    { oid: 23, schema: 'public', name: 'find_orders', args: 'text', result: 'SETOF record', kind: 'function' },
    { oid: 24, schema: 'public', name: 'archive_orders', args: 'before date', result: '', kind: 'procedure' },
    { oid: 25, schema: 'public', name: 'audit', args: '', result: 'trigger', kind: 'function' },
    {
      oid: 26,
      schema: 'pg_catalog',
      name: 'generate_series',
      args: 'integer, integer',
      result: 'SETOF integer',
      kind: 'function',
    },
    { oid: 27, schema: 'sales', name: 'tax', args: 'numeric', result: 'numeric', kind: 'function' },
    { oid: 28, schema: 'pg_catalog', name: 'int4in', args: 'cstring', result: 'integer', kind: 'function' },
  ],
  types: [
    { schema: 'pg_catalog', name: 'int4' },
    { schema: 'pg_catalog', name: 'jsonb' },
    { schema: 'public', name: 'mood' },
    { schema: 'sales', name: 'currency' },
  ],
  roles: ['app_user', 'Boss', 'postgres'],
  databases: ['shop', 'postgres', 'Old Shop'],
  settings: ['search_path', 'work_mem', 'statement_timeout'],
  triggers: [{ function: 25, table: 2 }],
};
const path = ['pg_catalog', 'public'];
/** A small shop with names of all sorts. */
export const names: DatabaseNames = {
  ...list,
  path,
  ...nameTable(list, () => path),
  detail(oid) {
    const known = COLUMNS[oid];
    return known ? { columns: known, keys: KEYS[oid] ?? [] } : null;
  },
  resultColumns: (oid) => (oid === 23 ? columns('id:integer, label:text') : []),
};

/** What is offered at the `|`. */
export function offered(marked: string): Found & { labels: string[]; inserts: string[] } {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const found = completeStatement(text, offset, names);
  return {
    ...found,
    labels: found.items.map(({ label }) => label),
    inserts: found.items.map(({ insert }) => insert),
  };
}
