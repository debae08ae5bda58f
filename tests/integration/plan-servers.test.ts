import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_EXPLAIN, explainPrefix } from '../../shared/model/explain';
import { adviseOn, type AdviceRule } from '../../shared/model/plan/advice/advice';
import { costliest, costlyPath, measure } from '../../shared/model/plan/measures';
import { parsePlans } from '../../shared/model/plan/parse-plan';
import type { Plan } from '../../shared/model/plan/plan-node';
import { planText } from '../../shared/model/plan/plan-text';
import type { ExplainOptions } from '../../shared/model/query';
import { startServer, type TestServer } from '../support/postgres';

const EVERYTHING: ExplainOptions = {
  ...DEFAULT_EXPLAIN,
  analyze: true,
  verbose: true,
  settings: true,
  wal: true,
  memory: true,
  serialize: 'text',
};

const GROUND = `
  CREATE TABLE customers (id int PRIMARY KEY, name text, region text);
  CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers, status text, placed date, price numeric);
  CREATE TABLE "odd ""table" ("Sel ect" int, note text);
  INSERT INTO customers SELECT i, 'name ' || i, 'region ' || i % 20 FROM generate_series(1, 2000) i;
  INSERT INTO orders SELECT i, 1 + i % 2000, CASE i % 50 WHEN 0 THEN 'open' ELSE 'done' END, date '2026-01-01' + i % 300, i * 1.5
    FROM generate_series(1, 60000) i;
  INSERT INTO "odd ""table" SELECT i, 'x' FROM generate_series(1, 100) i;
  CREATE INDEX orders_placed ON orders (placed);
  ALTER TABLE orders SET (autovacuum_enabled = false);
  INSERT INTO customers SELECT i, 'nobody orders', '' FROM generate_series(3001, 3040) i;
  CREATE TABLE pairs AS SELECT i % 15 AS a, i % 15 AS b FROM generate_series(1, 20000) i;
  CREATE TABLE parts (k int, v text) PARTITION BY RANGE (k);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (1000);
  CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (1000) TO (2000);
  INSERT INTO parts SELECT i, 'v' FROM generate_series(0, 1999) i;
  ANALYZE;
`;

const QUERIES: readonly string[] = [
  'SELECT 1',
  "SELECT * FROM orders WHERE status = 'open'",
  'SELECT c.region, count(*), sum(o.price) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY 1 ORDER BY 2 DESC LIMIT 5',
  'SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.id < 10 WHERE c.id < 50',
  'WITH big AS (SELECT customer_id, sum(price) AS total FROM orders GROUP BY 1) SELECT * FROM big a JOIN big b USING (customer_id) WHERE a.total > 10',
  'SELECT * FROM orders WHERE price > (SELECT avg(price) FROM orders) AND id < 100',
  'SELECT (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id <= 10',
  'SELECT * FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)',
  'SELECT * FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL)',
  'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 200) SELECT sum(n) FROM r',
  'SELECT *, row_number() OVER (PARTITION BY status ORDER BY placed) FROM orders',
  'SELECT * FROM parts WHERE k < 1500 UNION ALL SELECT 1, note FROM "odd ""table" AS "A b" WHERE "Sel ect" > 4',
  "SELECT * FROM orders WHERE placed BETWEEN '2026-02-01' AND '2026-02-03' OR id = 5",
  'SELECT id FROM customers EXCEPT SELECT customer_id FROM orders',
  'SELECT * FROM generate_series(1, 10) g, LATERAL (VALUES (g), (g + 1)) v(x)',
  'SELECT max(id), min(id) FROM orders',
  'SELECT * FROM orders ORDER BY status, price DESC',
  'WITH gone AS (DELETE FROM "odd ""table" RETURNING *) SELECT count(*) FROM orders',
  'UPDATE orders SET price = price + 1 WHERE id <= 100',
  'INSERT INTO parts VALUES (3, $$x$$) RETURNING *',
  'DELETE FROM customers WHERE id = 1 AND false',
];

const LITTLE = "SET work_mem = '64kB'; ";
const PARALLEL = 'SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; ';

interface Trouble {
  readonly rule: AdviceRule;
  /** Runs first in the same session. */
  readonly before: string;
  readonly sql: string;
  /** The first major that can have it. */
  readonly since?: number;
}

/** Statements that a rule has something to say about. */
const troubles = (materialized: string): readonly Trouble[] => [
  { rule: 'seq-scan-filter', before: '', sql: "SELECT * FROM orders WHERE status = 'open' AND price > 50000" },
  { rule: 'function-filter', before: '', sql: "SELECT * FROM orders WHERE upper(status) = 'OPEN'" },
  { rule: 'sort-disk', before: LITTLE, sql: 'SELECT * FROM orders ORDER BY price, status' },
  {
    rule: 'hash-disk',
    before: `${LITTLE}SET enable_mergejoin = off; SET enable_nestloop = off; `,
    sql: 'SELECT count(*) FROM orders a JOIN orders b ON a.id = b.id + 0',
  },
  {
    rule: 'aggregate-disk',
    before: `${LITTLE}SET enable_sort = off; SET enable_indexscan = off; SET enable_indexonlyscan = off; `,
    sql: 'SELECT price, count(*) FROM orders GROUP BY 1',
    since: 13,
  },
  {
    rule: 'temporary',
    before: LITTLE,
    sql: `WITH big AS ${materialized} (SELECT *, repeat('x', 200) AS x FROM orders) SELECT count(*) FROM big`,
  },
  {
    rule: 'cte',
    before: '',
    sql: `WITH big AS ${materialized} (SELECT * FROM orders) SELECT * FROM big WHERE customer_id = 5`,
  },
  {
    rule: 'heap-fetches',
    before: 'SET enable_seqscan = off; SET enable_bitmapscan = off; SET max_parallel_workers_per_gather = 0; ',
    sql: 'SELECT id FROM orders WHERE id < 30000',
  },
  {
    rule: 'loop-scan',
    before: 'SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; ',
    sql: 'SELECT count(o.id) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.id <= 120',
  },
  { rule: 'misestimate-scan', before: '', sql: 'SELECT count(*) FROM pairs WHERE a = 1 AND b = 1' },
  { rule: 'workers', before: `${PARALLEL}SET max_parallel_workers = 0; `, sql: 'SELECT count(*) FROM orders' },
  { rule: 'foreign-key', before: '', sql: 'DELETE FROM customers WHERE id > 3000' },
];

const MAJORS = [10, 13, 15, 18];
let servers: TestServer[] = [];
beforeAll(async () => {
  servers = await Promise.all(MAJORS.map((major) => startServer({ major })));
  await Promise.all(servers.map((server) => server.sql(GROUND)));
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));

const serverOf = (major: number): TestServer => {
  const server = servers.find((each) => each.major === major);
  if (!server) throw new Error('no server');
  return server;
};

/** What a statement gave, one value a row; `before` runs first in the same session. */
async function answer(server: TestServer, sql: string, before = ''): Promise<unknown[]> {
  const rows = await server.sql(`${before}${sql}`);
  return rows.map((row) => Object.values(row)[0]);
}

async function explain(server: TestServer, options: ExplainOptions, sql: string, before = ''): Promise<Plan> {
  const [value] = await answer(server, `${explainPrefix(options, server.major * 10_000)}${sql}`, before);
  return parsePlans(JSON.stringify(value))[0];
}

function check(plan: Plan): void {
  const measures = measure(plan);
  expect(plan.nodes.map(({ id }) => id)).toEqual(plan.nodes.map((_, index) => index));
  for (const node of plan.nodes) {
    const of = measures.nodes[node.id];
    for (const value of [of?.exclusiveMs, of?.exclusiveCost, of?.timeShare, of?.costShare, of?.exclusiveBlocks]) {
      expect(value ?? 0).toBeGreaterThanOrEqual(0);
    }
  }
  const sum = (pick: (index: number) => number | null | undefined): number =>
    plan.nodes.reduce((all, { id }) => all + (pick(id) ?? 0), 0);
  if (measures.totalCost !== null) {
    expect(sum((id) => measures.nodes[id]?.exclusiveCost)).toBeCloseTo(measures.totalCost, 1);
  }
  if (measures.totalMs !== null) {
    const times = sum((id) => measures.nodes[id]?.exclusiveMs);
    expect(Math.abs(times - measures.totalMs)).toBeLessThan(measures.totalMs * 0.1 + 0.2);
  }
  const [top] = costliest(plan, measures, 1);
  if (top) expect(costlyPath(plan, measures).has(top.id)).toBe(true);
  expect(planText(plan)).not.toContain('undefined');
  adviseOn(plan, measures);
}

describe.each(MAJORS)('plans of PostgreSQL %i', (major) => {
  it('are read, and their figures come to the whole', async () => {
    const server = serverOf(major);
    for (const sql of QUERIES) {
      const plan = await explain(server, DEFAULT_EXPLAIN, sql);
      expect(plan.analyzed).toBe(false);
      check(plan);
    }
  });

  it('say what happened when they were run, with every option that the version knows', async () => {
    const server = serverOf(major);
    for (const sql of QUERIES) {
      const plan = await explain(server, EVERYTHING, sql);
      expect(plan.analyzed).toBe(true);
      expect(plan.executionMs).toBeGreaterThan(0);
      expect(plan.root.blocks).not.toBeNull();
      expect(plan.planningMemory !== null && plan.serialization !== null).toBe(major >= 17);
      check(plan);
    }
    const parallel = await explain(
      server,
      EVERYTHING,
      'SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE price > 3',
      PARALLEL,
    );
    check(parallel);
    const gather = parallel.nodes.find(({ type }) => type === 'Gather');
    expect(gather).toBeDefined();
    const scan = parallel.nodes.find(({ relation }) => relation === 'orders');
    expect(scan && measure(parallel).nodes[scan.id]?.rows).toBeCloseTo(60_000, -2);
  });

  it('read as the server’s own text', async () => {
    const server = serverOf(major);
    for (const sql of QUERIES) {
      const lines = await answer(server, `EXPLAIN (VERBOSE, COSTS) ${sql}`);
      const plan = await explain(server, { ...DEFAULT_EXPLAIN, verbose: true, summary: false, buffers: false }, sql);
      expect(planText(plan)).toBe(`${lines.join('\n')}\n`);
    }
  });
});

describe.each([10, 18])('plans of PostgreSQL %i that went wrong', (major) => {
  it('are advised on where a rule knows better', async () => {
    const server = serverOf(major);
    const silent: string[] = [];
    for (const { rule, before, sql, since } of troubles(major >= 12 ? 'MATERIALIZED' : '')) {
      if (major < (since ?? 0)) continue;
      const plan = await explain(server, { ...DEFAULT_EXPLAIN, analyze: true }, sql, before);
      if (!adviseOn(plan).some((advice) => advice.rule === rule)) silent.push(`${rule}: ${planText(plan)}`);
    }
    expect(silent).toEqual([]);
  });
});
