import { quoteIdent } from '../quote';
import { scanTarget } from './node-title';
import {
  fieldNumber,
  fieldText,
  isJsonRecord,
  type Json,
  type JsonRecord,
  type Plan,
  type PlanNode,
} from './plan-node';

/** A plan in the lines that EXPLAIN's text format has. */

/** What the first line of a node tells already. */
const IN_HEAD = new Set([
  'Node Type',
  'Strategy',
  'Partial Mode',
  'Operation',
  'Parent Relationship',
  'Subplan Name',
  'Parallel Aware',
  'Async Capable',
  'Join Type',
  'Command',
  'Scan Direction',
  'Custom Plan Provider',
  'Index Name',
  'Relation Name',
  'Schema',
  'Alias',
  'Function Name',
  'Table Function Name',
  'CTE Name',
  'Tuplestore Name',
  'Startup Cost',
  'Total Cost',
  'Plan Rows',
  'Plan Width',
  'Actual Startup Time',
  'Actual Total Time',
  'Actual Rows',
  'Actual Loops',
]);

/** Fields that make up a line with the one that begins it. */
const IN_LINES =
  /^(Shared|Local|Temp) (Hit|Read|Dirtied|Written) Blocks$|I\/O (Read|Write) Time$|^WAL |^Sort (Method|Space)|^Hash (Buckets|Batches)|^Original Hash|Heap Blocks$|^(Peak Memory Usage|Disk Usage|HashAgg Batches|Planned Partitions)$|^Cache (Hits|Misses|Evictions|Overflows)$/;

/** Said by the text format only when it is so. */
const ONLY_TRUE = new Set(['Inner Unique', 'Single Copy', 'Disabled']);

const pairs = (parts: readonly (readonly [string, number])[]): string =>
  parts
    .filter(([, value]) => value > 0)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

function blockLine(fields: JsonRecord): string {
  const kinds = ['Shared', 'Local', 'Temp'].flatMap((kind) => {
    const text = pairs(
      ['Hit', 'Read', 'Dirtied', 'Written'].map((what) => {
        const value = fields[`${kind} ${what} Blocks`];
        return [what.toLowerCase(), typeof value === 'number' ? value : 0];
      }),
    );
    return text === '' ? [] : [`${kind.toLowerCase()} ${text}`];
  });
  return kinds.join(', ');
}

function timingLine(fields: JsonRecord): string {
  const kinds = ['', 'Shared ', 'Local ', 'Temp '].flatMap((kind) => {
    const text = ['Read', 'Write']
      .flatMap((what) => {
        const value = fields[`${kind}I/O ${what} Time`];
        return typeof value === 'number' && value > 0 ? [`${what.toLowerCase()}=${value.toFixed(3)}`] : [];
      })
      .join(' ');
    return text === '' ? [] : [`${kind.toLowerCase()}${text}`];
  });
  return kinds.join(', ');
}

const labelled = (label: string, text: string): string[] => (text === '' ? [] : [`${label}: ${text}`]);

function countedLines(fields: JsonRecord): string[] {
  const number = (key: string): number => {
    const value = fields[key];
    return typeof value === 'number' ? value : 0;
  };
  return [
    ...labelled('Buffers', blockLine(fields)),
    ...labelled('I/O Timings', timingLine(fields)),
    ...labelled(
      'WAL',
      pairs([
        ['records', number('WAL Records')],
        ['fpi', number('WAL FPI')],
        ['bytes', number('WAL Bytes')],
        ['buffers full', number('WAL Buffers Full')],
      ]),
    ),
  ];
}

const was = (node: PlanNode, key: string): string => {
  const [now, first] = [fieldNumber(node, key), fieldNumber(node, `Original ${key}`)];
  return first !== 0 && first !== now ? `${now} (originally ${first})` : String(now);
};

/** Lines that gather several fields. */
function gatheredLines(node: PlanNode): string[] {
  const { fields } = node;
  const lines: string[] = [];
  if ('Sort Method' in fields) {
    const size = `${fieldText(node, 'Sort Space Type')}: ${fieldNumber(node, 'Sort Space Used')}kB`;
    lines.push(`Sort Method: ${fieldText(node, 'Sort Method')}  ${size}`);
  }
  if ('Hash Buckets' in fields) {
    const memory = fieldNumber(node, 'Peak Memory Usage');
    lines.push(
      `Buckets: ${was(node, 'Hash Buckets')}  Batches: ${was(node, 'Hash Batches')}  Memory Usage: ${memory}kB`,
    );
  } else if ('HashAgg Batches' in fields || 'Planned Partitions' in fields) {
    const parts = [
      ...(fieldNumber(node, 'Planned Partitions') > 0
        ? [`Planned Partitions: ${fieldNumber(node, 'Planned Partitions')}`]
        : []),
      ...('HashAgg Batches' in fields
        ? [
            `Batches: ${fieldNumber(node, 'HashAgg Batches')}`,
            `Memory Usage: ${fieldNumber(node, 'Peak Memory Usage')}kB`,
          ]
        : []),
      ...(fieldNumber(node, 'Disk Usage') > 0 ? [`Disk Usage: ${fieldNumber(node, 'Disk Usage')}kB`] : []),
    ];
    if (parts.length > 0) lines.push(parts.join('  '));
  } else if ('Cache Hits' in fields) {
    const counts = ['Hits', 'Misses', 'Evictions', 'Overflows'].map(
      (what) => `${what}: ${fieldNumber(node, `Cache ${what}`)}`,
    );
    lines.push([...counts, `Memory Usage: ${fieldNumber(node, 'Peak Memory Usage')}kB`].join('  '));
  }
  const heap = pairs([
    ['exact', fieldNumber(node, 'Exact Heap Blocks')],
    ['lossy', fieldNumber(node, 'Lossy Heap Blocks')],
  ]);
  return [...lines, ...labelled('Heap Blocks', heap)];
}

function valueText(value: Json): string {
  if (Array.isArray(value))
    return value.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function fieldLine(name: string, value: Json): string[] {
  if (IN_HEAD.has(name) || IN_LINES.test(name) || value === null) return [];
  if (ONLY_TRUE.has(name) && value !== true) return [];
  if (value === 0 && (name.startsWith('Rows Removed by') || name === 'Subplans Removed')) return [];
  return [`${name}: ${valueText(value)}`];
}

export const actualText = (node: Pick<PlanNode, 'actual'>): string => {
  const { actual } = node;
  if (!actual) return '';
  if (actual.loops === 0) return ' (never executed)';
  const time =
    actual.totalMs === null ? '' : `time=${(actual.startupMs ?? 0).toFixed(3)}..${actual.totalMs.toFixed(3)} `;
  const rows = Number.isInteger(actual.rows) ? String(actual.rows) : actual.rows.toFixed(2);
  return ` (actual ${time}rows=${rows} loops=${actual.loops})`;
};

function headLine(node: PlanNode): string {
  const scan = scanTarget(node.type, node.fields);
  const index = node.index === '' ? '' : quoteIdent(node.index);
  const target = index === '' ? '' : node.type === 'Bitmap Index Scan' ? ` on ${index}` : ` using ${index}`;
  const cost =
    node.totalCost === null
      ? ''
      : `  (cost=${(node.startupCost ?? 0).toFixed(2)}..${node.totalCost.toFixed(2)} rows=${node.planRows ?? 0} width=${node.planWidth ?? 0})`;
  const actual = actualText(node);
  const gap = cost === '' && actual !== '' ? ' ' : '';
  return `${node.title}${target}${scan === '' ? '' : ` on ${scan}`}${cost}${gap}${actual}`;
}

/** A field whose own text breaks lines keeps them under its column. */
function* nodeLines(node: PlanNode, indent: number, isRoot: boolean): Generator<string> {
  const pad = ' '.repeat(indent);
  let column = indent;
  if (node.subplan !== '') {
    yield `${pad}${node.subplan}`;
    column += 2;
  }
  yield isRoot ? headLine(node) : `${' '.repeat(column)}->  ${headLine(node)}`;
  const inner = isRoot ? 2 : column + 6;
  const own = ' '.repeat(inner);
  const lines = [
    ...Object.entries(node.fields).flatMap(([name, value]) => fieldLine(name, value)),
    ...gatheredLines(node),
    ...countedLines(node.fields),
  ];
  for (const line of lines) yield `${own}${line}`;
  for (const worker of node.workers) {
    const actual = actualText(worker)
      .trim()
      .replace(/^\((.*)\)$/, '$1');
    if (actual !== '') yield `${own}Worker ${worker.number}:  ${actual}`;
    const counted = countedLines(worker.fields);
    for (const line of counted) yield `${own}  ${line}`;
  }
  for (const child of node.children) yield* nodeLines(child, inner, false);
}

function jitLines({ jit }: Plan): string[] {
  if (!jit) return [];
  const lines = ['JIT:', `  Functions: ${jit.functions}`];
  const said = (name: string, value: Json | undefined, unit: string): void => {
    if (!isJsonRecord(value)) return;
    const parts = Object.entries(value).map(([key, each]) => {
      const figure = isJsonRecord(each) ? (each['Total'] ?? null) : each;
      return `${key} ${typeof figure === 'number' ? `${figure.toFixed(3)}${unit}` : valueText(figure)}`;
    });
    lines.push(`  ${name}: ${parts.join(', ')}`);
  };
  said('Options', jit.fields['Options'], '');
  said('Timing', jit.fields['Timing'], ' ms');
  return lines;
}

/** The whole plan, lines ended by `\n`. */
export function planText(plan: Plan): string {
  const lines = [...nodeLines(plan.root, 0, true)];
  if (plan.settings.length > 0) {
    lines.push(`Settings: ${plan.settings.map(({ name, value }) => `${name} = '${value}'`).join(', ')}`);
  }
  const identifier = plan.others['Query Identifier'];
  if (identifier !== undefined) lines.push(`Query Identifier: ${valueText(identifier)}`);
  const planning = plan.planningBlocks
    ? [...Object.entries(plan.planningBlocks)].some(([, value]) => value > 0)
    : false;
  if (plan.planningBlocks && planning) {
    const { sharedHit, sharedRead, sharedDirtied, sharedWritten } = plan.planningBlocks;
    const shared = pairs([
      ['hit', sharedHit],
      ['read', sharedRead],
      ['dirtied', sharedDirtied],
      ['written', sharedWritten],
    ]);
    if (shared !== '') lines.push('Planning:', `  Buffers: shared ${shared}`);
  }
  if (plan.planningMemory) {
    lines.push(`Planning Memory: used=${plan.planningMemory.used}kB  allocated=${plan.planningMemory.allocated}kB`);
  }
  if (plan.planningMs !== null) lines.push(`Planning Time: ${plan.planningMs.toFixed(3)} ms`);
  for (const trigger of plan.triggers) {
    const name = trigger.constraint === '' ? trigger.name : `for constraint ${trigger.constraint}`;
    const time = trigger.ms === null ? '' : `time=${trigger.ms.toFixed(3)} `;
    lines.push(`Trigger ${name} on ${trigger.relation}: ${time}calls=${trigger.calls}`);
  }
  if (plan.serialization) {
    const { ms, kilobytes, format } = plan.serialization;
    const time = ms === null ? '' : `time=${ms.toFixed(3)} ms  `;
    lines.push(`Serialization: ${time}output=${kilobytes}kB  format=${format}`);
  }
  lines.push(...jitLines(plan));
  if (plan.executionMs !== null) lines.push(`Execution Time: ${plan.executionMs.toFixed(3)} ms`);
  return `${lines.join('\n')}\n`;
}

/** Names of a node's fields that its head and the views tell in their own way. */
export const isHeadField = (name: string): boolean => IN_HEAD.has(name);
