import { describe, expect, it } from 'vitest';
import { comparePlans } from '../../shared/model/plan/compare-plans';
import { comparedColumns, isInvolved, joinedColumns, wrappedColumns } from '../../shared/model/plan/filter-columns';
import { costlyPath, measure, misestimate, type NodeMeasures } from '../../shared/model/plan/measures';
import { parsePlans } from '../../shared/model/plan/parse-plan';
import type { Plan } from '../../shared/model/plan/plan-node';
import { planStatistics } from '../../shared/model/plan/plan-statistics';
import { planText } from '../../shared/model/plan/plan-text';
import { DEFAULT_EXPLAIN, explainPrefix } from '../../shared/model/explain';
import { drawPlan } from '../../renderer/features/query/explain/plan-drawing';
import { flamesOf } from '../../renderer/features/query/explain/plan-flames';
import { readOptions } from '../../renderer/features/query/explain/explain-options';
import { pictureOf } from '../../renderer/features/query/explain/plan-picture';

type Fields = Readonly<Record<string, unknown>>;
const node = (type: string, fields: Fields = {}, ...plans: Fields[]): Fields => ({
  'Node Type': type,
  ...fields,
  ...(plans.length > 0 ? { Plans: plans } : {}),
});
const ran = (ms: number, rows: number, loops = 1): Fields => ({
  'Startup Cost': 0,
  'Total Cost': ms * 10,
  'Plan Rows': rows,
  'Plan Width': 8,
  'Actual Startup Time': 0,
  'Actual Total Time': ms,
  'Actual Rows': rows,
  'Actual Loops': loops,
});
const as = (relationship: string, fields: Fields): Fields => ({ 'Parent Relationship': relationship, ...fields });
const planOf = (root: Fields, more: Fields = {}): Plan => parsePlans(JSON.stringify([{ Plan: root, ...more }]))[0];
const own = (plan: Plan): (number | null)[] =>
  measure(plan).nodes.map(({ exclusiveMs }) => (exclusiveMs === null ? null : Math.round(exclusiveMs * 1000) / 1000));

describe('the words of EXPLAIN', () => {
  const all = {
    ...DEFAULT_EXPLAIN,
    verbose: true,
    settings: true,
    wal: true,
    genericPlan: true,
    memory: true,
    serialize: 'text' as const,
  };
  it('are what the version knows, and what goes together', () => {
    expect(explainPrefix(DEFAULT_EXPLAIN, 100_023)).toBe('EXPLAIN (SUMMARY, FORMAT JSON) ');
    expect(explainPrefix({ ...all, analyze: true }, 100_023)).toBe('EXPLAIN (ANALYZE, VERBOSE, BUFFERS, FORMAT JSON) ');
    expect(explainPrefix(all, 180_000)).toBe(
      'EXPLAIN (VERBOSE, BUFFERS, SUMMARY, SETTINGS, GENERIC_PLAN, MEMORY, FORMAT JSON) ',
    );
    expect(explainPrefix({ ...all, analyze: true }, 170_000)).toBe(
      'EXPLAIN (ANALYZE, VERBOSE, BUFFERS, SETTINGS, WAL, MEMORY, SERIALIZE TEXT, FORMAT JSON) ',
    );
    const bare = { ...DEFAULT_EXPLAIN, analyze: true, costs: false, buffers: false, timing: false, summary: false };
    expect(explainPrefix(bare, 180_000)).toBe(
      'EXPLAIN (ANALYZE, COSTS false, BUFFERS false, TIMING false, SUMMARY false, FORMAT JSON) ',
    );
  });

  it('are remembered, and what is no choice is as at first', () => {
    expect(readOptions(null)).toEqual(DEFAULT_EXPLAIN);
    expect(readOptions('{"verbose": true, "serialize": "all", "costs": 1, "other": true, "analyze": true}')).toEqual({
      ...DEFAULT_EXPLAIN,
      verbose: true,
    });
    expect(readOptions('[')).toEqual(DEFAULT_EXPLAIN);
  });
});

describe('reading a plan', () => {
  it('takes what psql, auto_explain and other tools show', () => {
    const json = JSON.stringify([{ Plan: node('Result', ran(1, 1)) }], null, 2);
    const psql = ` QUERY PLAN \n-----------\n${json
      .split('\n')
      .map((line) => ` ${line}   +`)
      .join('\n')}\n(1 row)\n`;
    expect(parsePlans(psql)[0].root.title).toBe('Result');
    expect(parsePlans(JSON.stringify({ 'Query Text': 'SELECT 1', Plan: node('Result') }))[0].statement).toBe(
      'SELECT 1',
    );
    expect(parsePlans(JSON.stringify(node('Result')))[0].root.type).toBe('Result');
    expect(parsePlans(JSON.stringify([{ Plan: node('Result') }, 'NOTIFY', { Plan: node('Limit') }]))).toHaveLength(2);
  });

  it.each([
    '',
    'nothing',
    '[]',
    '[1]',
    '{"Plan": 3}',
    '{"Plan": {"Plans": []}}',
    '[{"Plan": {"Node Type": ""}}]',
    '[{',
    '{}',
  ])('says that %j is none', (text) => {
    expect(() => parsePlans(text)).toThrow('This is not a plan in JSON');
  });

  it('survives nesting without end, and keeps what it does not know', () => {
    const nested = (depth: number): string =>
      `[{"Plan": ${'{"Node Type": "Limit", "Plans": ['.repeat(depth)}${JSON.stringify(node('Result'))}${']}'.repeat(depth)}}]`;
    expect(() => parsePlans(nested(1300))).toThrow('This is not a plan in JSON');
    const [deep] = parsePlans(nested(1000));
    expect(measure(deep).nodes).toHaveLength(1001);
    expect(planText(deep).split('\n')).toHaveLength(1002);
    expect(drawPlan(deep, measure(deep), costlyPath(deep, measure(deep))).boxes).toHaveLength(1001);
    expect(comparePlans(deep, deep).pairs).toHaveLength(1001);
    expect(planOf(node('New Node', { 'New Field': { a: [1] } }), { News: 3 })).toMatchObject({
      root: { title: 'New Node', fields: { 'New Field': { a: [1] } } },
      others: { News: 3 },
    });
  });
});

describe('own times', () => {
  it('share the work of parallel processes', () => {
    const scan = as('Outer', node('Seq Scan', { ...ran(30, 100, 3), 'Parallel Aware': true }));
    const plan = planOf(node('Gather', { ...ran(35, 300), 'Workers Launched': 2, 'Workers Planned': 2 }, scan));
    expect(own(plan)).toEqual([5, 30]);
    expect(measure(plan).nodes[1]).toMatchObject({ rows: 300, processes: 3 });
  });

  it('count a CTE once, where it is scanned', () => {
    const cte = { ...node('Sort', ran(40, 10)), 'Parent Relationship': 'InitPlan', 'Subplan Name': 'CTE big' };
    const scans = [ran(45, 10), ran(5, 10)].map((each, index) =>
      as(index === 0 ? 'Outer' : 'Inner', node('CTE Scan', { ...each, 'CTE Name': 'big' })),
    );
    const plan = planOf(node('Hash Join', ran(60, 10), cte, ...scans));
    expect(own(plan)).toEqual([10, 40, 9, 1]);
    expect(measure(plan).totalMs).toBe(60);
  });

  it('add a CTE that nobody scans, and give an InitPlan to the node that asks', () => {
    const written = {
      ...node('ModifyTable', ran(20, 0)),
      'Parent Relationship': 'InitPlan',
      'Subplan Name': 'CTE gone',
    };
    expect(measure(planOf(node('Result', ran(1, 1), written))).totalMs).toBe(21);
    const found = {
      ...node('Aggregate', ran(50, 1)),
      'Parent Relationship': 'InitPlan',
      'Subplan Name': 'InitPlan 1 (returns $0)',
    };
    const scan = as('Outer', node('Seq Scan', { ...ran(58, 5), Filter: '(price > $0)' }));
    expect(own(planOf(node('Sort', ran(60, 5), found, scan)))).toEqual([2, 50, 8]);
    const newer = { ...found, 'Subplan Name': 'InitPlan 1' };
    const newerScan = { ...scan, Filter: '(price > (InitPlan 1).col1)' };
    expect(own(planOf(node('Sort', ran(60, 5), newer, newerScan)))).toEqual([2, 50, 8]);
  });

  it('multiply by loops, and are nothing for what never ran or was not timed', () => {
    const inner = as('Inner', node('Index Scan', ran(0.5, 1, 100)));
    expect(own(planOf(node('Nested Loop', ran(60, 100), as('Outer', node('Seq Scan', ran(5, 100))), inner)))).toEqual([
      5, 5, 50,
    ]);
    expect(own(planOf(node('Result', { ...ran(0, 0, 0) })))).toEqual([0]);
    const { 'Actual Total Time': _ms, 'Actual Startup Time': _start, ...untimed } = ran(1, 1);
    expect(own(planOf(node('Result', untimed)))).toEqual([null]);
  });
});

describe('estimates', () => {
  const of = (plan: Plan, id: number): number | null => misestimate(measure(plan).nodes[id] as NodeMeasures);
  const scan = (fields: Fields): Fields => as('Outer', node('Seq Scan', { ...ran(1, 10), ...fields }));
  it('are off by a factor either way', () => {
    expect(of(planOf(scan({ 'Plan Rows': 10, 'Actual Rows': 5000 })), 0)).toBe(500);
    expect(of(planOf(scan({ 'Plan Rows': 5000, 'Actual Rows': 0 })), 0)).toBe(5000);
    expect(of(planOf(scan({ 'Plan Rows': 1, 'Actual Rows': 0 })), 0)).toBe(1);
  });
  it('mean nothing where a node was stopped early', () => {
    const few = scan({ 'Plan Rows': 5000, 'Actual Rows': 10 });
    expect(of(planOf(node('Limit', ran(1, 10), few)), 1)).toBeNull();
    expect(of(planOf(node('Limit', ran(1, 10), as('Outer', node('Sort', ran(1, 10), few)))), 2)).toBe(500);
  });
});

describe('conditions', () => {
  it.each([
    ["(status = 'open'::text)", ['status']],
    [
      "((customer_id = 4) AND (placed >= '2026-01-01'::date) AND (\"Sel ect\" = ANY ('{1,2}'::integer[])))",
      ['customer_id', 'Sel ect', 'placed'],
    ],
    ["((o.name)::text = 'a AND (b = 1'::text)", ['name']],
    ['(a = b)', []],
    ["(lower(email) = 'x'::text)", []],
    ['(price > $1)', ['price']],
    ["(note ~~ '%x%'::text)", []],
    ['(id <> 5)', []],
    ["(at > (now() - '1 day'::interval))", ['at']],
  ])('of %s compare %j', (condition, columns) => {
    expect(comparedColumns(condition)).toEqual(columns);
  });
  it('tell joins and what hides a column', () => {
    expect(joinedColumns('(o.customer_id = c.id)')).toEqual(['customer_id']);
    expect(joinedColumns('(customer_id = c.id)')).toEqual(['customer_id']);
    expect(joinedColumns("(status = 'x'::text)")).toEqual([]);
    expect(wrappedColumns("(lower(email) = 'x'::text)")).toEqual(['lower(email)']);
    expect(wrappedColumns("((at)::date = '2026-01-01'::date)")).toEqual(['(at)::date']);
    expect(wrappedColumns('(price > 3)')).toEqual([]);
    expect(isInvolved('((a = 1) OR (b = 2))')).toBe(true);
    expect(isInvolved("(a = ' OR '::text)")).toBe(false);
  });
});

describe('comparing', () => {
  const scan = (type: string, relation: string, more: Fields = {}): Fields =>
    node(type, { 'Relation Name': relation, Alias: relation, ...ran(5, 10), ...more });
  it('matches what reads the same, whatever the way', () => {
    const before = planOf(
      node(
        'Sort',
        ran(30, 10),
        as(
          'Outer',
          node(
            'Hash Join',
            ran(25, 10),
            as('Outer', scan('Seq Scan', 'a')),
            as('Inner', node('Hash', ran(5, 5), as('Outer', scan('Seq Scan', 'b')))),
          ),
        ),
      ),
    );
    const after = planOf(
      node(
        'Sort',
        ran(10, 10),
        as(
          'Outer',
          node(
            'Nested Loop',
            ran(9, 10),
            as('Outer', scan('Seq Scan', 'b')),
            as('Inner', scan('Index Scan', 'a', { 'Index Name': 'a_x' })),
          ),
        ),
      ),
    );
    const told = comparePlans(before, after).pairs.map(({ before: was, after: is, changed }) =>
      [was ? `${was.title} ${was.target}`.trim() : '-', is ? `${is.title} ${is.target}`.trim() : '-', changed].join(
        ' | ',
      ),
    );
    expect(told).toEqual([
      'Sort | Sort | false',
      'Hash Join | Nested Loop | true',
      'Hash | - | true',
      'Seq Scan b | Seq Scan b | false',
      'Seq Scan a | Index Scan a_x on a | true',
    ]);
  });
  it('is quick with a thousand nodes', () => {
    const many = planOf(
      node(
        'Append',
        ran(1000, 1),
        ...Array.from({ length: 1000 }, (_, index) => as('Member', scan('Seq Scan', `p_${index}`))),
      ),
    );
    const started = performance.now();
    const { pairs } = comparePlans(many, many);
    expect(pairs.every(({ changed }) => !changed)).toBe(true);
    expect(pairs).toHaveLength(1001);
    drawPlan(many, measure(many), new Set());
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('statistics', () => {
  it('sum up by kind and by relation', () => {
    const scan = (relation: string, ms: number): Fields =>
      as('Member', node('Seq Scan', { ...ran(ms, 5), Schema: 's', 'Relation Name': relation }));
    const plan = planOf(node('Append', ran(10, 15), scan('a', 2), scan('b', 5), scan('a', 1)));
    const { kinds, relations } = planStatistics(plan, measure(plan));
    expect(kinds.map(({ name, count, exclusiveMs, rows }) => [name, count, exclusiveMs, rows])).toEqual([
      ['Seq Scan', 3, 8, 15],
      ['Append', 1, 2, 15],
    ]);
    expect(relations.map(({ name, share }) => [name, share])).toEqual([
      ['s.b', 0.5],
      ['s.a', 0.30000000000000004],
    ]);
  });
});

describe('drawing', () => {
  it('overlaps nothing, and escapes names in files', () => {
    const leaf = as('Member', node('Seq Scan', { 'Relation Name': '<b>&"', ...ran(1, 1) }));
    const plan = planOf(node('Append', ran(5, 3), leaf, as('Member', node('Limit', ran(2, 1), leaf)), leaf));
    const drawing = drawPlan(plan, measure(plan), new Set([0, 1]));
    for (const one of drawing.boxes) {
      for (const other of drawing.boxes) {
        if (one !== other) expect(one.x !== other.x || Math.abs(one.y - other.y) >= 64).toBe(true);
      }
    }
    const { svg } = pictureOf(
      drawing,
      () => ({ figures: '1 < 2', share: '', off: '' }),
      () => '#000000',
    );
    expect(svg).toContain('&lt;b&gt;&amp;');
    expect(svg).toContain('1 &lt; 2');
    expect(svg).not.toContain('<b>');
  });
  it('lays flames within their parents', () => {
    const plan = planOf(
      node(
        'Nested Loop',
        ran(10, 3),
        as('Outer', node('Seq Scan', ran(6, 1))),
        as('Inner', node('Seq Scan', ran(9, 1))),
      ),
    );
    expect(flamesOf(plan, measure(plan), 'time').map(({ left, width }) => [left, Math.round(width * 10)])).toEqual([
      [0, 10],
      [0, 6],
      [0.6, 4],
    ]);
  });
});
