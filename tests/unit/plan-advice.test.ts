import { describe, expect, it } from 'vitest';
import { ADVICE_RULES, adviseOn, type Advice } from '../../shared/model/plan/advice/advice';
import { workMemory } from '../../shared/model/plan/advice/memory-rules';
import { parsePlans } from '../../shared/model/plan/parse-plan';
import english from '../../resources/translations/en/explain.json';

type Fields = Readonly<Record<string, unknown>>;

const node = (type: string, fields: Fields = {}, ...plans: Fields[]): Fields => ({
  'Node Type': type,
  'Startup Cost': 0,
  'Total Cost': 100,
  'Plan Rows': fields['Actual Rows'] ?? 10,
  'Plan Width': 8,
  'Actual Startup Time': 0,
  'Actual Total Time': 100,
  'Actual Rows': 10,
  'Actual Loops': 1,
  ...fields,
  ...(plans.length > 0 ? { Plans: plans } : {}),
});
const as = (relationship: string, fields: Fields): Fields => ({ 'Parent Relationship': relationship, ...fields });
const advise = (root: Fields, more: Fields = {}): readonly Advice[] =>
  adviseOn(parsePlans(JSON.stringify([{ Plan: root, 'Execution Time': 101, ...more }]))[0]);

const seqScan = (fields: Fields = {}): Fields =>
  node('Seq Scan', {
    'Relation Name': 'Orders',
    Schema: 'sho"p',
    Alias: 'o',
    Filter: "((o.status = 'open'::text) AND (o.placed > '2026-01-01'::date))",
    'Rows Removed by Filter': 60_000,
    ...fields,
  });
const indexScan = (fields: Fields = {}): Fields =>
  seqScan({
    'Node Type': 'Index Scan',
    'Index Name': 'o_c',
    'Index Cond': '(customer_id = 4)',
    Filter: '(price > 3)',
    ...fields,
  });
const loops = (inner: Fields = {}, join: Fields = {}): Fields =>
  node(
    'Nested Loop',
    { 'Actual Total Time': 210, ...join },
    as('Outer', node('Index Scan', { 'Relation Name': 'a', 'Actual Total Time': 5 })),
    as(
      'Inner',
      node('Seq Scan', {
        'Relation Name': 'orders',
        Filter: '(orders.customer_id = a.id)',
        'Actual Total Time': 1,
        'Actual Rows': 1,
        'Actual Loops': 200,
        'Rows Removed by Filter': 900,
        ...inner,
      }),
    ),
  );
const underSort = (child: Fields, sort: Fields = {}): Fields =>
  node('Sort', { 'Actual Total Time': 101, ...sort }, as('Outer', child));
const estimated = (expected: number, rows: number, more: Fields = {}): Fields =>
  node('Index Scan', {
    'Relation Name': 'orders',
    'Index Cond': "((status = 'open'::text) AND (region = 5))",
    'Plan Rows': expected,
    'Actual Rows': rows,
    ...more,
  });
const sorted = (kind: string, kilobytes: number, fields: Fields = {}): Fields =>
  node('Sort', { 'Sort Method': 'external merge', 'Sort Space Type': kind, 'Sort Space Used': kilobytes, ...fields });
const hashed = (batches: number): Fields =>
  node(
    'Hash Join',
    { 'Actual Total Time': 200 },
    as('Outer', node('Seq Scan', { 'Actual Total Time': 20 })),
    as('Inner', node('Hash', { 'Hash Batches': batches, 'Peak Memory Usage': 4000 })),
  );
const partitioned = (giving: number, count = 12, fields: Fields = {}): Fields =>
  node(
    'Append',
    { 'Actual Total Time': 120, ...fields },
    ...Array.from({ length: count }, (_, index) =>
      as(
        'Member',
        node('Seq Scan', {
          'Relation Name': `part_${index}`,
          Filter: '(note = 3)',
          'Actual Total Time': 10,
          'Actual Rows': index < giving ? 5 : 0,
          'Plan Rows': 5,
        }),
      ),
    ),
  );
const cte = (removed: number, source = 'Aggregate', readers = 1): Fields => {
  const scan = node('CTE Scan', { 'CTE Name': 'big', Filter: '(a = 1)', 'Rows Removed by Filter': removed });
  return node(
    'Append',
    { 'Actual Total Time': 210 },
    { ...node(source, { 'Actual Total Time': 90 }), 'Parent Relationship': 'InitPlan', 'Subplan Name': 'CTE big' },
    ...Array.from({ length: readers }, () => as('Member', scan)),
  );
};
const update = node('ModifyTable', { Operation: 'Delete', 'Relation Name': 'customers' });
const trigger = (name: string, ms: number, calls: number, constraint = ''): Fields => ({
  'Execution Time': 1000,
  Triggers: [{ 'Trigger Name': name, 'Constraint Name': constraint, Relation: 'customers', Time: ms, Calls: calls }],
});
const jit = (ms: number, execution: number): Fields => ({
  'Execution Time': execution,
  JIT: { Functions: 20, Timing: { Generation: { Deform: 1, Total: 2 }, Total: ms } },
});
const bitmap = (lossy: number, rechecked: number): Fields =>
  node('Bitmap Heap Scan', {
    'Relation Name': 'o',
    'Exact Heap Blocks': 10,
    'Lossy Heap Blocks': lossy,
    'Rows Removed by Index Recheck': rechecked,
  });
const heap = (fetches: number): Fields =>
  node('Index Only Scan', { 'Relation Name': 'o', 'Index Name': 'i', 'Actual Rows': 10_000, 'Heap Fetches': fetches });
const spilled = (blocks: number): Fields =>
  node(
    'Materialize',
    { 'Actual Total Time': 120, 'Shared Hit Blocks': 1, 'Temp Written Blocks': blocks },
    as('Outer', node('Seq Scan', { 'Actual Total Time': 20, 'Shared Hit Blocks': 1 })),
  );
const gather = (launched: number, ran = 1): Fields =>
  node('Gather', { 'Workers Planned': 4, 'Workers Launched': launched, 'Actual Loops': ran });

interface Case {
  readonly rule: (typeof ADVICE_RULES)[number];
  readonly must: readonly (readonly [Fields, Fields?])[];
  readonly mustNot: readonly (readonly [Fields, Fields?])[];
}

const CASES: readonly Case[] = [
  {
    rule: 'seq-scan-filter',
    must: [[seqScan()], [seqScan({ Filter: "(id = ANY ('{1,2}'::integer[]))" })]],
    mustNot: [
      [seqScan({ 'Rows Removed by Filter': 500 })],
      [seqScan({ 'Actual Rows': 30_000 })],
      [seqScan({ Filter: "((status = 'a'::text) OR (price > 3))" })],
      [seqScan({ Filter: "(note ~~ '%a%'::text)" })],
      [seqScan({ Filter: '(a = b)' })],
      [underSort(seqScan({ 'Actual Total Time': 5 }))],
      [seqScan({ 'Actual Loops': 0, 'Rows Removed by Filter': 0 })],
      [seqScan({ 'Rows Removed by Filter': 90, 'Actual Loops': 1000, 'Actual Rows': 1 })],
    ],
  },
  {
    rule: 'function-filter',
    must: [
      [seqScan({ Filter: "(lower(email) = 'x'::text)" })],
      [seqScan({ Filter: "((at)::date = '2026-01-01'::date)" })],
    ],
    mustNot: [
      [seqScan()],
      [seqScan({ Filter: "((name)::text = 'x'::text)" })],
      [seqScan({ Filter: '(mine(a, b) = 3)' })],
    ],
  },
  {
    rule: 'index-filter',
    must: [[indexScan()]],
    mustNot: [[indexScan({ 'Rows Removed by Filter': 100 })], [indexScan({ Filter: '(a <> 3)' })], [seqScan()]],
  },
  {
    rule: 'loop-scan',
    must: [[loops()]],
    mustNot: [
      [loops({ 'Actual Loops': 3, 'Actual Total Time': 60 })],
      [loops({ 'Rows Removed by Filter': 20 })],
      [loops({ 'Actual Total Time': 0.01 })],
      [loops({ 'Node Type': 'Index Scan' })],
      [loops({ Filter: '((orders.a = a.id) OR (orders.b = a.id))' })],
    ],
  },
  {
    rule: 'misestimate-scan',
    must: [[underSort(estimated(3, 5000))], [underSort(estimated(50_000, 20))]],
    mustNot: [
      [underSort(estimated(800, 5000))],
      [underSort(estimated(1, 40))],
      [underSort(estimated(3, 5000, { 'Index Cond': '(orders.customer_id = c.id)' }))],
      [node('Limit', { 'Actual Total Time': 101 }, as('Outer', estimated(50_000, 20)))],
      [underSort(estimated(3, 5000, { 'Index Cond': undefined }))],
    ],
  },
  {
    rule: 'misestimate-join',
    must: [[underSort(loops({}, { 'Plan Rows': 2, 'Actual Rows': 8000 }))]],
    mustNot: [
      [underSort(loops({}, { 'Plan Rows': 4000, 'Actual Rows': 8000 }))],
      [underSort(loops({ 'Plan Rows': 1, 'Actual Rows': 400 }, { 'Plan Rows': 2, 'Actual Rows': 8000 }))],
    ],
  },
  {
    rule: 'sort-disk',
    must: [
      [sorted('Disk', 8000)],
      [node('Sort', { Workers: [{ 'Worker Number': 0, 'Sort Space Type': 'Disk', 'Sort Space Used': 900 }] })],
    ],
    mustNot: [
      [sorted('Memory', 8000)],
      [node('Gather', {}, as('Outer', sorted('Disk', 8000, { 'Actual Total Time': 1 })))],
    ],
  },
  { rule: 'hash-disk', must: [[hashed(8)]], mustNot: [[hashed(1)]] },
  {
    rule: 'aggregate-disk',
    must: [[node('Aggregate', { Strategy: 'Hashed', 'Disk Usage': 5000, 'Peak Memory Usage': 4097 })]],
    mustNot: [[node('Aggregate', { Strategy: 'Hashed', 'Disk Usage': 0, 'Peak Memory Usage': 4097 })]],
  },
  { rule: 'temporary', must: [[spilled(5000)]], mustNot: [[spilled(10)], [hashed(8)]] },
  {
    rule: 'lossy-bitmap',
    must: [[bitmap(4000, 90_000)]],
    mustNot: [[bitmap(0, 0)], [bitmap(4000, 3)], [bitmap(20, 2000)]],
  },
  { rule: 'heap-fetches', must: [[heap(9000)]], mustNot: [[heap(0)], [heap(1200)]] },
  {
    rule: 'jit',
    must: [[node('Result'), jit(300, 800)]],
    mustNot: [
      [node('Result'), jit(300, 5000)],
      [node('Result'), jit(20, 40)],
    ],
  },
  { rule: 'workers', must: [[gather(1)]], mustNot: [[gather(4)], [gather(0, 0)]] },
  {
    rule: 'cte',
    must: [[cte(50_000)]],
    mustNot: [
      [cte(500)],
      [cte(50_000, 'Recursive Union')],
      [cte(50_000, 'ModifyTable')],
      [cte(50_000, 'Aggregate', 2)],
    ],
  },
  {
    rule: 'partitions',
    must: [[partitioned(1)]],
    mustNot: [
      [partitioned(10)],
      [partitioned(0)],
      [partitioned(1, 4)],
      [partitioned(1, 12, { 'Subplans Removed': 3 })],
    ],
  },
  {
    rule: 'foreign-key',
    must: [[update, trigger('RI_ConstraintTrigger_a_16400', 900, 100, 'orders_customer_fk')]],
    mustNot: [
      [update, trigger('RI_ConstraintTrigger_a_16400', 900, 100_000, 'orders_customer_fk')],
      [update, trigger('RI_ConstraintTrigger_c_16400', 900, 100, 'orders_customer_fk')],
      [update, trigger('RI_ConstraintTrigger_a_16400', 30, 10, 'orders_customer_fk')],
    ],
  },
  {
    rule: 'trigger',
    must: [[update, trigger('note_it', 900, 100_000)]],
    mustNot: [
      [update, trigger('note_it', 100, 10)],
      [update, trigger('RI_ConstraintTrigger_c_1', 900, 100, 'k')],
    ],
  },
];

describe.each(CASES)('$rule', ({ rule, must, mustNot }) => {
  it('is said where it helps', () => {
    for (const [root, more] of must) expect(advise(root, more).map((each) => each.rule)).toContain(rule);
  });
  it('is not said elsewhere', () => {
    for (const [root, more] of mustNot) expect(advise(root, more).map((each) => each.rule)).not.toContain(rule);
  });
  it('has its words, with every value they name', () => {
    const [[root, more] = [{}]] = must;
    const advice = advise(root, more).find((each) => each.rule === rule);
    const words = Object.values(english.rules[rule]).join(' ');
    for (const [, name = ''] of words.matchAll(/\{\{(\w+)\}\}/g))
      expect(Object.keys(advice?.values ?? {})).toContain(name);
  });
});

describe('the statements of advice', () => {
  const sqlOf = (root: Fields): string => advise(root)[0]?.sql ?? '';
  it('quote names and put equality first', () => {
    expect(sqlOf(seqScan())).toBe('CREATE INDEX ON "sho""p"."Orders" (status, placed);');
    expect(sqlOf(indexScan())).toBe('CREATE INDEX ON "sho""p"."Orders" (customer_id, price);');
    expect(sqlOf(seqScan({ Filter: "(lower(email) = 'x'::text)" }))).toBe(
      'CREATE INDEX ON "sho""p"."Orders" ((lower(email)));',
    );
    expect(sqlOf(seqScan({ Filter: "((at)::date = '2026-01-01'::date)" }))).toBe('');
    expect(sqlOf(loops())).toBe('CREATE INDEX ON orders (customer_id);');
    expect(sqlOf(underSort(estimated(3, 5000)))).toBe(
      'CREATE STATISTICS orders_status_region ON status, region FROM orders;\nANALYZE orders;',
    );
  });
  it('ask for as much memory as is needed', () => {
    expect(sqlOf(sorted('Disk', 8000))).toBe("SET work_mem = '32MB';");
    expect([100, 5000, 16_384, 17_000, 100_000].map(workMemory)).toEqual([4, 5, 16, 32, 112]);
  });
});

it('nothing is said of a plan that was not run, or not timed', () => {
  const { 'Actual Loops': _loops, ...notRun } = seqScan();
  expect(advise(notRun)).toEqual([]);
  const { 'Actual Total Time': _time, ...untimed } = seqScan();
  expect(advise(untimed)).toEqual([]);
});

it('every rule has a case', () => {
  expect(CASES.map(({ rule }) => rule).toSorted()).toEqual(ADVICE_RULES.toSorted());
});
