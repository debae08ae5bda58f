import { describe, expect, it } from 'vitest';
import { completeStatement } from '../../shared/model/completion/complete';
import { names, offered } from '../support/completion';

/** The text with the cursor; what must be put in; what must not, after a `!`. */
type Case = readonly [marked: string, ...expected: string[]];

const groups: Readonly<Record<string, readonly Case[]>> = {
  'where a source is expected': [
    ['SELECT * FROM |', 'customers', 'orders', 'public', 'sales', 'big_orders', '!SELECT', '!lower('],
    ['SELECT * FROM cust|', 'customers', '!orders'],
    ['SELECT * FROM CUST|', 'customers'],
    ['SELECT * FROM oi|', 'order_items'],
    ['SELECT * FROM ord_it|', 'order_items'],
    ['SELECT * FROM items|', 'order_items'],
    ['SELECT * FROM inv|', 'sales.invoices', '!invoices'],
    ['SELECT * FROM sales.|', 'invoices', '!customers', '!orders'],
    ['SELECT * FROM sales.in|', 'invoices'],
    ['SELECT * FROM public.|', 'customers', '"user"', '"Weird Table"', '!invoices'],
    ['SELECT * FROM us|', '"user"'],
    ['SELECT * FROM wei|', '"Weird Table"'],
    ['SELECT * FROM "Wei|', '"Weird Table"'],
    ['SELECT * FROM "cus|', '"customers"'],
    ['SELECT * FROM public."Wei|', '"Weird Table"'],
    ['SELECT * FROM customers, |', 'orders', '!WHERE'],
    ['SELECT * FROM customers c, ord|', 'orders', 'order_items'],
    ['SELECT * FROM customers c LEFT JOIN pro|', 'products'],
    ['SELECT * FROM | WHERE id = 1', 'customers'],
    ['SELECT id FROM | JOIN orders o ON true', 'customers'],
    ['DELETE FROM |', 'customers', '!WHERE'],
    ['DELETE FROM ord|', 'orders'],
    ['DELETE FROM orders USING cus|', 'customers'],
    ['UPDATE |', 'customers', 'orders', '!SET'],
    ['UPDATE ONLY ord|', 'orders'],
    ['INSERT INTO |', 'customers', 'sales', '!VALUES'],
    ['INSERT INTO sales.|', 'invoices'],
    ['MERGE INTO ord|', 'orders'],
    ['MERGE INTO orders o USING cus|', 'customers'],
    ['TABLE cus|', 'customers'],
    ['SELECT * FROM find|', 'find_orders('],
    ['SELECT * FROM (orders o JOIN cus|', 'customers'],
    ['SELECT * FROM "Odd|', '"Odd Schema"'],
    ['SELECT * FROM pg_cl|', 'pg_class'],
    ['EXPLAIN SELECT * FROM cus|', 'customers'],
    ['EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM cus|', 'customers'],
    ['CREATE VIEW v AS SELECT * FROM cus|', 'customers'],
    ['CREATE TABLE copy AS SELECT * FROM cus|', 'customers'],
    ['COPY (SELECT * FROM cus|', 'customers'],
  ],
  'joins by foreign keys': [
    [
      'SELECT * FROM orders o JOIN |',
      'customers ON customers.id = o.customer_id',
      'order_items ON order_items.order_id = o.id',
    ],
    ['SELECT * FROM orders JOIN cus|', 'customers ON customers.id = orders.customer_id'],
    ['SELECT * FROM orders o JOIN inv|', 'sales.invoices ON invoices.order_id = o.id'],
    ['SELECT * FROM customers c JOIN orders ON true JOIN |', 'orders orders2 ON orders2.customer_id = c.id'],
    ['SELECT * FROM order_items i LEFT JOIN pr|', 'products ON products.id = i.product_id'],
    ['SELECT * FROM sales.invoices i JOIN ord|', 'orders ON orders.id = i.order_id'],
    ['UPDATE orders o SET total = 1 FROM products p JOIN order|', 'order_items ON order_items.product_id = p.id'],
  ],
  'columns of an alias': [
    ['SELECT c.| FROM customers c', 'id', 'name', 'email', '!customer_id', '!lower('],
    ['SELECT c.na| FROM customers AS c', 'name', '!email'],
    ['SELECT customers.| FROM customers', 'email'],
    ['SELECT * FROM customers c WHERE c.|', 'email'],
    ['SELECT * FROM customers c JOIN orders o ON o.| = c.id', 'customer_id', '!email'],
    ['SELECT * FROM customers c JOIN orders o ON o.customer_id = c.|', 'id', '!total'],
    ['SELECT o."Or| FROM orders o', '"Order Date"'],
    ['SELECT o."Or| FROM "orders" o', '"Order Date"'],
    ['SELECT o.ord| FROM orders o', '"Order Date"'],
    ['SELECT w.| FROM "Weird Table" w', '"a b"', '"sel""ect"', '"Ünïcode"'],
    ['SELECT "W".| FROM "Weird Table" "W"', '"a b"'],
    ['SELECT C.| FROM customers c', 'email'],
    ['SELECT public.customers.| FROM public.customers', 'email'],
    ['SELECT i.| FROM sales.invoices i', 'amount'],
    ['SELECT c.| FROM customers c, orders o', 'email', '!total'],
    ['SELECT count(o.|) FROM orders o', 'total'],
    ['SELECT * FROM orders o WHERE lower(o.|', 'total'],
    ['SELECT * FROM orders o WHERE (o.total > 1 AND (o.|', 'customer_id'],
    ['SELECT o.| , 1 FROM orders o', 'total'],
    ['SELECT CASE WHEN o.| > 1 THEN 1 END FROM orders o', 'total'],
    ['SELECT * FROM orders o ORDER BY o.|', 'total'],
    ['SELECT * FROM orders o GROUP BY o.| HAVING true', 'total'],
    ['SELECT sum(total) OVER (PARTITION BY o.|) FROM orders o', 'customer_id'],
    ['SELECT e.| FROM customers AS e(number, label)', 'number', 'label', 'email', '!id', '!name'],
    ['DELETE FROM orders o WHERE o.|', 'total'],
    ['UPDATE orders o SET total = o.|', 'total'],
    ['UPDATE orders o SET total = c.| FROM customers c', 'email'],
    ['MERGE INTO orders o USING customers c ON o.customer_id = c.|', 'id', '!total'],
    ['INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET total = excluded.|', 'total'],
  ],
  'columns of what is read from': [
    ['SELECT | FROM customers', 'id', 'name', 'email', 'customers', 'lower(', 'CASE', '!orders', '!FROM'],
    ['SELECT em| FROM customers', 'email', '!name'],
    ['SELECT id, | FROM customers', 'name'],
    ['SELECT DISTINCT | FROM customers', 'name'],
    ['SELECT * FROM customers WHERE |', 'email', 'NOT', 'EXISTS', 'lower('],
    ['SELECT * FROM customers WHERE id = 1 AND |', 'email', '!orders'],
    ['SELECT * FROM customers WHERE id = |', 'id', 'NULL'],
    ['SELECT * FROM customers WHERE id IN (|', 'id', 'SELECT'],
    ['SELECT * FROM customers ORDER BY |', 'email', '!ASC'],
    ['SELECT * FROM customers GROUP BY na|', 'name'],
    ['SELECT count(*) FROM orders HAVING |', 'total', 'count('],
    ['SELECT * FROM orders o, customers c WHERE |', 'o.id', 'c.id', 'email', 'total', '!id'],
    ['SELECT * FROM orders WHERE ord|', '"Order Date"', 'orders', 'order_total('],
    ['SELECT * FROM orders JOIN customers ON |', 'total', 'email'],
    ['SELECT * FROM orders JOIN customers USING (|', 'total', 'email'],
    ['SELECT lower(|) FROM customers', 'email'],
    ['SELECT lower(name), cou| FROM customers', 'count('],
    ['SELECT coalesce(name, | ) FROM customers', 'email'],
    ['SELECT total + | FROM orders', 'total'],
    ["SELECT 'a' || nam| FROM customers".replace('||', '<>'), 'name'],
    ['DELETE FROM orders WHERE |', 'total', '!email'],
    ['DELETE FROM orders RETURNING |', 'total'],
    ['INSERT INTO orders (id) VALUES (1) RETURNING |', 'total'],
    ['UPDATE orders SET total = 1 WHERE |', 'customer_id'],
    ['UPDATE orders SET total = |', 'customer_id', 'NULL'],
    ['SELECT sales.| FROM customers', 'tax(', '!lower('],
    ['SELECT tax| FROM customers', 'sales.tax('],
    ['SELECT | FROM find_orders()', 'id', 'label'],
    ["SELECT f.| FROM find_orders('a') f", 'label'],
    ['SELECT g| FROM generate_series(1, 2) AS g', 'g'],
    ['SELECT * FROM big_orders WHERE to|', 'total'],
    ['SELECT * FROM orders WHERE total IS DISTINCT FROM |', 'customer_id'],
    ['SELECT int4| FROM orders', '!int4in('],
  ],
  'what a statement changes': [
    ['INSERT INTO orders (|', 'id', 'total', 'id, customer_id, total, "Order Date"', '!email', '!SELECT'],
    ['INSERT INTO orders (id, |)', 'total', '!id, customer_id, total, "Order Date"'],
    ['INSERT INTO sales.invoices (am|', 'amount'],
    ['INSERT INTO orders AS o (|', 'total'],
    ['INSERT INTO orders |', 'VALUES', 'SELECT', 'DEFAULT VALUES', '!total'],
    ['INSERT INTO orders (id) |', 'VALUES', 'SELECT'],
    ['INSERT INTO orders (id) VALUES (1) |', 'ON CONFLICT', 'RETURNING'],
    ['INSERT INTO orders (id) VALUES (1) ON CONFLICT (|', 'id', '!email'],
    ['INSERT INTO orders SELECT | FROM customers', 'email', '!total'],
    ['INSERT INTO orders (id) SELECT c.| FROM customers c', 'email'],
    ['INSERT INTO orders (id) SELECT id FROM cus|', 'customers'],
    ['INSERT INTO orders (id) SELECT id FROM customers RETURNING |', 'total', '!email'],
    ['UPDATE orders SET |', 'total', 'customer_id', '!lower('],
    ['UPDATE orders SET total = 1, |', 'customer_id', '!email'],
    ['UPDATE orders o SET to| FROM customers c', 'total', '!email'],
    ['UPDATE orders |', 'SET', '!total'],
    ['INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET |', 'total'],
    ['MERGE INTO orders o USING customers c ON true WHEN MATCHED THEN UPDATE SET |', 'total', '!email'],
  ],
  'queries in queries': [
    ['SELECT * FROM (SELECT | FROM customers) s', 'email', '!total'],
    ['SELECT s.| FROM (SELECT id, name AS label FROM customers) s', 'id', 'label', '!email', '!name'],
    ['SELECT s.| FROM (SELECT * FROM customers) s', 'email'],
    [
      'SELECT s.| FROM (SELECT c.*, o.total FROM customers c JOIN orders o ON true) s',
      'email',
      'total',
      '!customer_id',
    ],
    [
      'SELECT s.| FROM (SELECT lower(name), id::text, count(*) AS n, CASE WHEN true THEN 1 END FROM customers) s',
      'lower',
      'id',
      'n',
      '"case"',
    ],
    ['SELECT s.| FROM (VALUES (1, 2), (3, 4)) s', 'column1', 'column2', '!column3'],
    ['SELECT s.| FROM (VALUES (1, 2)) s(a, b)', 'a', 'b', '!column1'],
    ['SELECT * FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = o.|', 'customer_id', '!email'],
    ['SELECT * FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE |)', 'email', 'total'],
    ['SELECT (SELECT c.| FROM customers c) FROM orders o', 'email'],
    ['SELECT * FROM orders o, (SELECT | FROM products) p', 'title', '!customer_id'],
    ['SELECT * FROM orders o, LATERAL (SELECT | FROM products) p', 'title', 'customer_id'],
    ['SELECT * FROM orders o JOIN LATERAL (SELECT o.|) x ON true', 'customer_id'],
    ['SELECT id FROM customers UNION SELECT | FROM orders', 'total', '!email'],
    ['SELECT | FROM customers UNION SELECT 1 FROM orders', 'email', '!total'],
    ['SELECT u.| FROM (SELECT id AS a FROM customers UNION ALL SELECT id FROM orders) u', 'a', '!id'],
    ['(SELECT | FROM customers) UNION SELECT 1', 'email'],
    ['SELECT * FROM ((SELECT id AS deep FROM orders)) d WHERE d.|', 'deep'],
    ['SELECT t.| FROM (TABLE orders) t', 'total'],
  ],
  'expressions of WITH': [
    ['WITH a AS (SELECT id AS x FROM customers) SELECT * FROM |', 'a', 'customers'],
    ['WITH a AS (SELECT id AS x FROM customers) SELECT a.| FROM a', 'x', '!email'],
    ['WITH a AS (SELECT id AS x FROM customers) SELECT | FROM a', 'x', '!email'],
    ['WITH a(p, q) AS (SELECT id, name FROM customers) SELECT b.| FROM a b', 'p', 'q', '!id'],
    ['WITH a AS (SELECT 1 AS x), b AS (SELECT * FROM a) SELECT b.| FROM b', 'x'],
    ['WITH a AS (SELECT 1 AS x), b AS (SELECT * FROM |) SELECT 1', 'a', '!b'],
    ['WITH a AS (SELECT | FROM orders) SELECT 1 FROM customers', 'total', '!email'],
    ['WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT t.| FROM t) SELECT 1', 'n'],
    ['WITH RECURSIVE t AS (SELECT id AS n FROM orders UNION ALL SELECT | FROM t) SELECT 1', 'n'],
    ['WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM |) SELECT 1', 't'],
    ['WITH RECURSIVE t(n) AS (SELECT 1) SELECT | FROM t', 'n'],
    ['WITH a AS MATERIALIZED (SELECT id AS x FROM customers) SELECT a.| FROM a', 'x'],
    ['WITH d AS (DELETE FROM orders RETURNING id, total AS gone) SELECT d.| FROM d', 'gone', 'id', '!customer_id'],
    ['WITH d AS (DELETE FROM orders RETURNING *) SELECT d.| FROM d', 'customer_id'],
    ['WITH a AS (SELECT 1 AS x) UPDATE orders SET total = a.| FROM a', 'x'],
    ['WITH a AS (SELECT 1 AS x) INSERT INTO orders SELECT a.| FROM a', 'x'],
    ['WITH a AS (SELECT 1 AS x) |', 'SELECT', 'INSERT INTO'],
    ['WITH a |', 'AS', '!customers'],
    ['WITH a AS (WITH b AS (SELECT 1 AS y) SELECT b.| FROM b) SELECT 1', 'y'],
    ['WITH "My CTE" AS (SELECT 1 AS x) SELECT * FROM my|', '"My CTE"'],
    ['SELECT * FROM (WITH a AS (SELECT 1 AS x) SELECT a.| FROM a) s', 'x'],
  ],
  'key words by what may follow': [
    ['|', 'SELECT', 'INSERT INTO', 'CREATE TABLE', '!FROM', '!customers'],
    ['sel|', 'SELECT', '!INSERT INTO'],
    ['SELECT * FROM customers |', 'WHERE', 'JOIN', 'LEFT JOIN', 'ORDER BY', '!SELECT', '!email'],
    ['SELECT * FROM customers c |', 'WHERE', 'JOIN'],
    ['SELECT * FROM customers wh|', 'WHERE'],
    ['SELECT * FROM customers c JOIN orders o |', 'ON', 'USING'],
    ['SELECT * FROM customers c JOIN orders o ON true |', 'JOIN', 'WHERE', 'AND'],
    ['SELECT * FROM customers WHERE id |', 'IN', 'IS NULL', 'AND', 'BETWEEN', '!email'],
    ['SELECT * FROM customers WHERE id = 1 |', 'AND', 'ORDER BY', 'GROUP BY', '!email'],
    ['SELECT * FROM customers WHERE id IS |', 'NOT NULL', 'NULL', '!email'],
    ['SELECT * FROM customers ORDER |', 'BY'],
    ['SELECT * FROM customers ORDER BY id |', 'DESC', 'NULLS LAST', 'LIMIT'],
    ['SELECT id | FROM customers', 'AS', '!email'],
    ['SELECT id f|', 'FROM'],
    ['SELECT * |', 'FROM'],
    ['SELECT count(*) |', 'FROM', 'FILTER', 'OVER'],
    ['SELECT id AS | FROM customers', '!email', '!FROM'],
    ['SELECT * FROM customers FOR |', 'UPDATE', 'SHARE'],
    ['DELETE FROM orders |', 'WHERE', 'USING', 'RETURNING'],
    ['CREATE |', 'TABLE', 'VIEW', '!SELECT'],
    ['EXPLAIN |', 'SELECT', 'ANALYZE'],
    ['SELECT CASE |', 'WHEN'],
    ['SELECT * FROM orders WHERE total = CASE WHEN id = 1 |', 'THEN'],
  ],
  types: [
    ['SELECT id::| FROM orders', 'integer', 'jsonb', 'mood', 'sales.currency', '!total'],
    ['SELECT id::te| FROM orders', 'text'],
    ['SELECT CAST(id AS | ) FROM orders', 'integer', 'mood', '!total'],
    ['SELECT id::sales.|', 'currency', '!mood', '!invoices'],
    ['CREATE TABLE t (id |', 'integer', 'mood', '!id'],
    ['CREATE TABLE t (id integer, name te|', 'text'],
    ['CREATE TABLE t (id integer |', 'NOT NULL', 'PRIMARY KEY', 'REFERENCES'],
    ['CREATE TABLE t (|', 'CONSTRAINT', '!integer'],
    ['CREATE TABLE t (id integer REFERENCES |', 'orders'],
    ['ALTER TABLE orders ADD COLUMN x |', 'integer'],
    ['ALTER TABLE orders ALTER COLUMN total TYPE |', 'integer'],
    ['CREATE FUNCTION f(a |', 'integer', 'mood'],
    ['CREATE FUNCTION f() RETURNS |', 'integer', 'mood'],
    ['CREATE DOMAIN d AS |', 'integer'],
  ],
  'other statements': [
    ['SET |', 'work_mem', 'search_path', '!customers'],
    ['SET LOCAL stat|', 'statement_timeout'],
    ['SHOW work|', 'work_mem'],
    ['RESET |', 'work_mem'],
    ['SET search_path TO |', 'public', 'sales', '"Odd Schema"', '!work_mem'],
    ['SET ROLE |', 'app_user', '"Boss"', '!work_mem'],
    ['ALTER SYSTEM SET |', 'work_mem'],
    ['GRANT |', 'SELECT', 'ALL PRIVILEGES'],
    ['GRANT SELECT ON |', 'customers', 'ALL TABLES IN SCHEMA', '!app_user'],
    ['GRANT SELECT ON orders TO |', 'app_user', '"Boss"', 'PUBLIC', '!customers'],
    ['REVOKE ALL ON orders FROM |', 'app_user', '!customers'],
    ['GRANT USAGE ON SCHEMA |', 'public', 'sales', '!customers'],
    ['GRANT SELECT ON orders |', 'TO'],
    ['ALTER TABLE orders OWNER TO |', 'app_user'],
    ['DROP ROLE |', 'app_user'],
    ['DROP DATABASE |', 'shop', '"Old Shop"', '!customers'],
    ['DROP SCHEMA |', 'sales', '!customers'],
    ['DROP TABLE |', 'customers', 'sales'],
    ['DROP TABLE customers, |', 'orders'],
    ['DROP TABLE IF EXISTS cus|', 'customers'],
    ['TRUNCATE |', 'orders'],
    ['VACUUM ord|', 'orders'],
    ['ANALYZE ord|', 'orders'],
    ['COPY ord|', 'orders'],
    ['CALL |', 'archive_orders(', '!order_total(', '!lower('],
    ['CALL public.|', 'archive_orders('],
    ['ALTER TABLE ord|', 'orders'],
    ['ALTER TABLE orders |', 'ADD COLUMN', 'DROP COLUMN', '!total'],
    ['ALTER TABLE orders DROP COLUMN |', 'total', '!email'],
    ['CREATE INDEX ON |', 'orders'],
    ['CREATE INDEX ON orders (|', 'total', '!email'],
    ['CREATE TRIGGER t BEFORE INSERT ON ord|', 'orders'],
    ['CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW WHEN (new.|', 'total', '!email'],
    ['CREATE TRIGGER t BEFORE INSERT ON orders EXECUTE FUNCTION |', 'audit('],
    ['COMMENT ON COLUMN orders.|', 'total'],
    ['COMMENT ON TABLE ord|', 'orders'],
    ['REFRESH MATERIALIZED VIEW big|', 'big_orders'],
    ['CREATE VIEW v AS |', 'SELECT'],
  ],
  'bodies of functions': [
    [
      'CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.| $$',
      'total',
      'customer_id',
      '!email',
    ],
    [
      'CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO customers SELECT old.| $$',
      'total',
    ],
    ['DO $$ BEGIN PERFORM 1; DELETE FROM cus| END $$', 'customers'],
    ['DO $x$ BEGIN IF true THEN UPDATE orders SET |; END IF; END $x$', 'total'],
    ['DO $$ BEGIN | END $$', 'IF', 'RAISE NOTICE', 'SELECT', '!customers'],
    ['DO $$ DECLARE x | BEGIN END $$', 'integer'],
    ['DO $$ BEGIN FOR r IN SELECT o.| FROM orders o LOOP NULL; END LOOP; END $$', 'total'],
    ['CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT c.| FROM customers c $$', 'email'],
    ['CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$ |', '!customers'],
  ],
  'where nothing can stand': [
    ["SELECT 'cus|", '!customers'],
    ["SELECT * FROM customers WHERE name = 'a |'", '!email', '!AND'],
    ['SELECT 1 -- cus|', '!customers', '!FROM'],
    ['SELECT /* cus| */ 1', '!customers'],
    ['SELECT 12|', '!customers', '!FROM'],
    ['SELECT $1|', '!FROM'],
    ['SELECT * FROM customers AS |', '!orders', '!WHERE'],
    ['SELECT :na| FROM customers', '!name'],
    ["SELECT 'a' -- it's\n FROM cus|", 'customers'],
    ["SELECT E'it\\'s' FROM cus|", 'customers'],
    ['SELECT $$ from x $$ FROM cus|', 'customers'],
    ['SELECT nothing.| FROM customers', '!email'],
    ['SELECT ((((((| FROM customers', 'lower('],
    [')))) SELECT |', '!customers'],
    ['SELECT * FROM nothing n WHERE n.|', '!email'],
  ],
};

describe.each(Object.entries(groups))('%s', (_title, cases) => {
  it.each(cases.map((each) => [each[0], each.slice(1)] as const))('%s', (marked, expected) => {
    const { inserts } = offered(marked);
    const wanted = expected.filter((each) => !each.startsWith('!'));
    const unwanted = expected.filter((each) => each.startsWith('!')).map((each) => each.slice(1));
    expect(wanted.filter((each) => !inserts.includes(each))).toEqual([]);
    expect(unwanted.filter((each) => inserts.includes(each))).toEqual([]);
  });
});

describe('what is offered', () => {
  it('has cases enough', () => {
    expect(Object.values(groups).flat().length).toBeGreaterThan(200);
  });

  it('replaces the word, the opening quote and the closing one that the editor added', () => {
    expect(offered('SELECT * FROM cus|')).toMatchObject({ from: 14, to: 17 });
    expect(offered('SELECT * FROM |')).toMatchObject({ from: 14, to: 14 });
    expect(offered('SELECT * FROM "Wei|')).toMatchObject({ from: 14, to: 18 });
    expect(offered('SELECT * FROM "Wei|"')).toMatchObject({ from: 14, to: 19 });
    expect(offered('SELECT c.em| FROM customers c')).toMatchObject({ from: 9, to: 11 });
    expect(offered("SELECT 'ü', c.em| FROM customers c")).toMatchObject({ from: 14, to: 16 });
  });

  it('tells the best first', () => {
    expect(offered('SELECT id| FROM customers').inserts[0]).toBe('id');
    expect(offered('SELECT * FROM orders| ').inserts[0]).toBe('orders');
    expect(offered('SELECT * FROM order| ').inserts.slice(0, 2)).toEqual(['order_items', 'orders']);
    expect(offered('SELECT * FROM orders JOIN |').inserts[0]).toContain(' ON ');
    expect(offered('SELECT * FROM customers wh|').inserts[0]).toBe('WHERE');
  });

  it('keeps the order of the columns behind an alias', () => {
    expect(offered('SELECT c.| FROM customers c').inserts).toEqual(['id', 'name', 'email']);
  });

  it('survives every beginning of a long text, wherever the cursor is', () => {
    const text =
      'WITH RECURSIVE a(x) AS (SELECT c.id FROM customers c UNION ALL SELECT x FROM a) SELECT DISTINCT ON (o.id) o.*, f.label, \'x\' || "Order Date", ' +
      'count(*) FILTER (WHERE o.total > 1) OVER (PARTITION BY o.id ORDER BY 1) FROM (orders o LEFT JOIN a ON a.x = o.id), LATERAL find_orders($1) f ' +
      'WHERE EXISTS (SELECT 1 FROM sales.invoices i WHERE i.order_id = o.id) AND o.id::text = ANY (ARRAY[1, 2]) GROUP BY 1 ORDER BY 2 DESC LIMIT 3; ' +
      'CREATE FUNCTION f() RETURNS trigger AS $f$ BEGIN NEW.total := (SELECT 1); END $f$ LANGUAGE plpgsql';
    for (let at = 0; at <= text.length; at += 1) {
      expect(() => completeStatement(text, at, names)).not.toThrow();
      expect(() => completeStatement(text.slice(0, at), at, names)).not.toThrow();
    }
  });

  it('stays quick with texts that are deep, long or senseless', () => {
    const started = performance.now();
    completeStatement(`SELECT ${'('.repeat(3000)}`, 3007, names);
    completeStatement(`SELECT * FROM ${'(SELECT * FROM '.repeat(300)}`, 14, names);
    const doubling = Array.from({ length: 60 }, (_none, n) => `t${n + 1} AS (SELECT * FROM t${n}, t${n} AS u)`).join(
      ', ',
    );
    completeStatement(`WITH t0 AS (SELECT 1 AS x), ${doubling} SELECT  FROM t60`, doubling.length + 36, names);
    completeStatement(`SELECT ${'a.b, '.repeat(20_000)} FROM customers`, 7, names);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('cuts what is too much and says so', () => {
    const found = completeStatement('SELECT * FROM ', 14, names, 3);
    expect(found.items).toHaveLength(3);
    expect(found.more).toBe(true);
  });
});
