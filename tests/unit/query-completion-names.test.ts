import { describe, expect, it } from 'vitest';
import { meaningAt } from '../../shared/model/completion/meaning';
import { names, offered } from '../support/completion';

/** The text with the cursor; what must be put in; what must not, after a `!`. */
const VARIABLES: readonly (readonly [marked: string, ...expected: string[]])[] = [
  ['DO $$ DECLARE wanted int; BEGIN RETURN wan| END $$', 'wanted'],
  ['DO $$ DECLARE a int := 1; b constant text DEFAULT a|; BEGIN END $$', 'a', '!b'],
  ['DO $$ DECLARE wanted int; BEGIN | END $$', 'wanted', 'IF'],
  ['DO $$ DECLARE wanted int; BEGIN SELECT id FROM orders WHERE id = | END $$', 'wanted', 'total'],
  ['DO $$ DECLARE wanted int; BEGIN SELECT id INTO | FROM orders; END $$', 'wanted'],
  ['DO $$ DECLARE wanted int; BEGIN SELECT id INTO STRICT | FROM orders; END $$', 'wanted'],
  ['DO $$ DECLARE wanted int; BEGIN INSERT INTO | END $$', 'orders', '!wanted'],
  ['DO $$ DECLARE wanted int; BEGIN INSERT INTO orders (|) END $$', 'total', '!wanted'],
  ['DO $$ DECLARE wanted int; BEGIN EXECUTE x INTO |; END $$', 'wanted', '!lower('],
  ['DO $$ DECLARE wanted int; BEGIN IF lower(|) THEN END IF; END $$', 'wanted', 'lower('],
  ['DO $$ DECLARE wanted int; BEGIN wanted := (SELECT o.| FROM orders o); END $$', 'total'],
  ['DO $$ DECLARE "Wanted One" int; BEGIN RETURN wan| END $$', '"Wanted One"'],
  ['DO $$ BEGIN DECLARE inner_one int; BEGIN NULL; END; RETURN inn| END $$', '!inner_one'],
  ['DO $$ DECLARE outer_one int; BEGIN DECLARE inner_one int; BEGIN RETURN | END; END $$', 'outer_one', 'inner_one'],
  ['DO $$ DECLARE a int; BEGIN a := CASE WHEN true THEN 1 END; IF true THEN RETURN 1; END IF; RETURN | END $$', 'a'],
  ['DO $$ DECLARE a int; BEGIN LOOP EXIT; END LOOP; RETURN | END $$', 'a'],
  ['DO $$ BEGIN FOR i IN 1..3 LOOP RETURN | END LOOP; END $$', 'i'],
  ['DO $$ BEGIN FOR i IN 1..3 LOOP NULL; END LOOP; RETURN | END $$', '!i'],
  [
    'DO $$ BEGIN FOR r IN SELECT o.id AS number, total FROM orders o LOOP RETURN r.| END LOOP; END $$',
    'number',
    'total',
  ],
  ['DO $$ DECLARE r orders%ROWTYPE; BEGIN RETURN r.| END $$', 'total', '"Order Date"', '!email'],
  ['DO $$ DECLARE r public.customers; BEGIN RETURN r.| END $$', 'email', '!total'],
  ['DO $$ DECLARE c CURSOR FOR SELECT 1; d ALIAS FOR $1; BEGIN RETURN | END $$', 'c', 'd'],
  [
    'CREATE FUNCTION f(wanted int, INOUT given text DEFAULT 1, double precision) AS $$ BEGIN RETURN | END $$',
    'wanted',
    'given',
    '!double',
  ],
  ['CREATE OR REPLACE PROCEDURE p(wanted int) AS $$ BEGIN RETURN wan| END $$', 'wanted'],
  [
    'CREATE FUNCTION f(wanted int) RETURNS TABLE (got text) LANGUAGE sql AS $$ SELECT * FROM orders WHERE id = | $$',
    'wanted',
    'got',
  ],
  ['CREATE FUNCTION f(o orders) RETURNS int LANGUAGE sql AS $$ SELECT o.| $$', 'total'],
  ['CREATE FUNCTION audit() RETURNS trigger AS $$ BEGIN IF | $$', 'NEW', 'OLD', 'TG_OP'],
  ['CREATE FUNCTION audit() RETURNS trigger AS $$ BEGIN INSERT INTO orders SELECT | $$', 'NEW', 'OLD'],
  ['DO $$ BEGIN IF | $$', '!NEW', '!TG_OP', 'lower('],
  ['SELECT | FROM orders', '!NEW', '!wanted'],
];

describe('variables of functions', () => {
  it.each(VARIABLES.map((each) => [each[0], each.slice(1)] as const))('%s', (marked, expected) => {
    const { inserts } = offered(marked);
    const wanted = expected.filter((each) => !each.startsWith('!'));
    const unwanted = expected.filter((each) => each.startsWith('!')).map((each) => each.slice(1));
    expect(wanted.filter((each) => !inserts.includes(each))).toEqual([]);
    expect(unwanted.filter((each) => inserts.includes(each))).toEqual([]);
  });

  it('are told with their types', () => {
    const text =
      'DO $$ DECLARE a numeric(10, 2)[] NOT NULL := 1; b orders.total%TYPE; c double precision; BEGIN RETURN | END $$';
    const details = offered(text)
      .items.filter(({ kind }) => kind === 'variable')
      .map(({ detail }) => detail);
    expect(details).toEqual(['numeric(10, 2)[]', 'orders.total%TYPE', 'double precision']);
  });
});

/** The text with the `|` in a name; what it leads to, null for nothing; lines or columns that are told. */
const MEANINGS: readonly (readonly [marked: string, path: string | null, told: string])[] = [
  ['SELECT c.em|ail FROM customers c', 'public.customers.email', 'email text'],
  ['SELECT |c.email FROM customers c', 'public.customers', 'id, name, email'],
  ['SELECT email FROM customers |c', 'public.customers', 'id, name, email'],
  ['SELECT email FROM cust|omers c', 'public.customers', 'id, name, email'],
  ['SELECT email FROM public.cust|omers c', 'public.customers', 'id, name, email'],
  ['SELECT em|ail FROM customers c', 'public.customers.email', 'email text'],
  [
    'SELECT total FROM customers c JOIN orders o ON o.customer_id| = c.id',
    'public.orders.customer_id',
    'customer_id integer',
  ],
  ['SELECT 1 FROM sales.invoices i WHERE i.amou|nt > 1', 'sales.invoices.amount', 'amount numeric'],
  ['SELECT i|.amount FROM sales.invoices i', 'sales.invoices', 'id, order_id, amount'],
  ['SELECT (SELECT c.na|me FROM orders) FROM customers c', 'public.customers.name', 'name text'],
  [
    'SELECT * FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE c|.id = 1)',
    'public.customers',
    'id, name, email',
  ],
  ['SELECT w."a b|" FROM "Weird Table" w', 'public.Weird Table.a b', 'a b text'],
  ['UPDATE orders SET to|tal = 1', 'public.orders.total', 'total numeric'],
  ['INSERT INTO orders (to|tal) VALUES (1)', 'public.orders.total', 'total numeric'],
  ['DELETE FROM ord|ers', 'public.orders', 'id, customer_id, total, Order Date'],
  ['WITH x AS (SELECT id FROM orders) SELECT * FROM x|', null, 'id'],
  ['WITH x AS (SELECT id FROM orders) SELECT y|.id FROM x y', null, 'id'],
  ['WITH x AS (SELECT id FROM orders) SELECT x.i|d FROM x', null, 'id integer'],
  ['WITH orders AS (SELECT 1 AS one) SELECT * FROM ord|ers', null, 'one'],
  ['WITH x| AS (SELECT id FROM orders) SELECT * FROM x', null, ''],
  ['WITH x AS (SELECT c.em|ail FROM customers c) SELECT * FROM x', 'public.customers.email', 'email text'],
  ['SELECT s|.a FROM (SELECT 1 AS a) s', null, 'a'],
  ['SELECT * FROM cust|omers; SELECT 1', 'public.customers', 'id, name, email'],
  ['SELECT order_to|tal(1)', 'public.order_total', 'order_total(order_id integer) → numeric'],
  ['SELECT * FROM sales.ta|x(1)', 'sales.tax', 'tax(numeric) → numeric'],
  ['SELECT f|.label FROM find_orders(1) f', 'public.find_orders', 'id, label'],
  [
    'CREATE FUNCTION audit() RETURNS trigger AS $$ BEGIN NEW.to|tal := 1; END $$',
    'public.orders.total',
    'total numeric',
  ],
  ['DO $$ DECLARE wanted int; BEGIN RETURN wan|ted; END $$', null, 'wanted int'],
  [
    'DO $$ DECLARE wanted int; BEGIN SELECT total FROM orders o WHERE o.to|tal = wanted; END $$',
    'public.orders.total',
    'total numeric',
  ],
  ['ALTER TABLE ord|ers ADD x int', 'public.orders', 'id, customer_id, total, Order Date'],
];

describe('what a name means', () => {
  it('is looked for wherever it stands, without a failure', () => {
    const text =
      "WITH RECURSIVE a(x) AS (SELECT c.id FROM customers c) SELECT o.*, f.label, 'x' FROM (orders o LEFT JOIN a ON a.x = o.id), " +
      'LATERAL find_orders($1) f; CREATE FUNCTION f(a int) RETURNS trigger AS $f$ DECLARE b int; BEGIN NEW.total := (SELECT b); END $f$';
    for (let at = 0; at <= text.length; at += 1) expect(() => meaningAt(text, at, names)).not.toThrow();
    for (let at = 0; at <= text.length; at += 1) expect(() => meaningAt(text.slice(0, at), at, names)).not.toThrow();
  });

  it.each(MEANINGS)('%s', (marked, path, told) => {
    const offset = marked.indexOf('|');
    const found = meaningAt(marked.replace('|', ''), offset, names);
    expect(found?.path?.join('.') ?? null).toBe(path);
    const columns = found?.columns.map(({ name }) => name) ?? [];
    expect([...(found?.lines ?? []), ...columns].join(', ')).toBe(told);
  });

  it.each([
    'SEL|ECT 1',
    'SELECT nothing|',
    "SELECT 'cus|tomers'",
    '-- cus|tomers',
    'SELECT c.noth|ing FROM customers c',
    '|',
  ])('nothing: %s', (marked) => {
    expect(meaningAt(marked.replace('|', ''), marked.indexOf('|'), names)).toBeNull();
  });
});
