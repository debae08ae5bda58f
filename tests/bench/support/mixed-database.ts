import type { TestServer } from '../../support/postgres';

/** Small tables beside the large ones. */
export const SMALL_TABLES = 300;

const LARGE = `
CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, tags text[] NOT NULL, since date NOT NULL);
CREATE TABLE products (id bigint PRIMARY KEY, name text NOT NULL, price numeric(12,2) NOT NULL, features jsonb NOT NULL);
CREATE TABLE orders (
  id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, state text NOT NULL, at timestamptz NOT NULL, total numeric(12,2) NOT NULL, note text
);
CREATE TABLE items (
  order_id bigint NOT NULL REFERENCES orders, line integer NOT NULL, product_id bigint NOT NULL REFERENCES products, amount integer NOT NULL,
  price numeric(12,2) NOT NULL, PRIMARY KEY (order_id, line)
);
CREATE TABLE documents (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, body text NOT NULL, words tsvector NOT NULL);
CREATE INDEX customers_by_name ON customers (lower(name));
CREATE INDEX customers_by_tag ON customers USING gin (tags);
CREATE INDEX products_by_feature ON products USING gin (features);
CREATE INDEX orders_by_customer ON orders (customer_id, at DESC);
CREATE INDEX orders_open ON orders (at) WHERE state = 'open';
CREATE INDEX items_by_product ON items (product_id);
CREATE INDEX documents_by_word ON documents USING gin (words);
CREATE INDEX documents_by_customer ON documents (customer_id);
`;

const fill = (customers: number): string => `
INSERT INTO customers SELECT n, 'Customer ' || n, 'person' || n || '@example.org', ARRAY['t' || n % 17, 'u' || n % 101], date '2020-01-01' + n % 2000
  FROM generate_series(1, ${customers}) n;
INSERT INTO products SELECT n, 'Product ' || n, n % 1000 + 0.99, jsonb_build_object('colour', n % 12, 'size', n % 7, 'maker', 'm' || n % 300)
  FROM generate_series(1, ${Math.ceil(customers / 10)}) n;
INSERT INTO orders SELECT n, 1 + n % ${customers}, (ARRAY['open', 'paid', 'sent'])[1 + n % 3], timestamptz '2024-01-01 00:00+00' + n * interval '1 minute', n % 900 + 0.5, repeat('note ', n % 7)
  FROM generate_series(1, ${customers * 3}) n;
INSERT INTO items SELECT 1 + n / 3, n % 3, 1 + n % ${Math.ceil(customers / 10)}, 1 + n % 9, n % 500 + 0.25
  FROM generate_series(0, ${customers * 9 - 1}) n;
INSERT INTO documents SELECT n, 1 + n % ${customers}, body, to_tsvector('simple', body)
  FROM generate_series(1, ${Math.ceil(customers / 2)}) n, LATERAL (SELECT 'entry ' || n || ' about ' || repeat(md5(n::text) || ' ', 12) AS body) text;
`;

const SMALL = `
DO $$ BEGIN FOR n IN 1..${SMALL_TABLES} LOOP
  EXECUTE format('CREATE TABLE small_%s (id integer PRIMARY KEY, customer_id bigint REFERENCES customers, word text NOT NULL)', n);
  EXECUTE format('CREATE INDEX ON small_%s (word)', n);
  EXECUTE format('INSERT INTO small_%s SELECT i, i, ''word '' || i %% 50 FROM generate_series(1, 200) i', n);
END LOOP; END $$;
`;

/** A database with a few large tables and hundreds of small ones, b-tree and GIN indexes, and foreign keys: about 2.1 KiB on disk for each customer. */
export async function fillMixed(server: TestServer, database: string, customers: number): Promise<void> {
  await server.createDatabase(database);
  for (const part of [LARGE, fill(customers), SMALL, 'ANALYZE']) await server.sql(part, database);
}

/** Names and sizes of the tables, the largest first. */
export async function tablesOf(
  server: TestServer,
  database: string,
): Promise<{ readonly name: string; readonly bytes: number }[]> {
  const rows = await server.sql(
    `SELECT relname AS name, pg_table_size(oid)::float8 AS bytes FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC`,
    database,
  );
  return rows.map(({ name, bytes }) => ({ name: String(name), bytes: Number(bytes) }));
}

/** One number for all rows of a database, to see that two of them are equal. */
export async function checksum(server: TestServer, database: string): Promise<string> {
  const tables = (await tablesOf(server, database)).map(({ name }) => name).toSorted();
  const sums = tables.map(
    (name) => `SELECT '${name}' AS t, count(*), sum(hashtextextended(r::text, 0)) FROM ${name} r`,
  );
  const rows = await server.sql(
    `SELECT md5(string_agg(x::text, ',' ORDER BY t)) AS sum FROM (${sums.join(' UNION ALL ')}) x`,
    database,
  );
  return String(rows[0]?.['sum']);
}
