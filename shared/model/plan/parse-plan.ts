import { AppError } from '../../errors';
import { nodeTarget, nodeTitle } from './node-title';
import {
  isJsonRecord,
  numberIn,
  textIn,
  type Json,
  type JsonRecord,
  type Plan,
  type PlanActual,
  type PlanBlocks,
  type PlanNode,
  type PlanTrigger,
  type PlanWal,
  type PlanWorker,
} from './plan-node';

/** Nodes under each other that are read: a text that nests deeper is no plan of a server. */
const DEEPEST = 1_200;

const notAPlan = (detail: string): AppError =>
  new AppError({
    code: 'invalid-input',
    message: 'This is not a plan in JSON',
    detail,
    hint: 'Take the result of EXPLAIN (FORMAT JSON), from its first bracket to its last.',
  });

function readActual(fields: JsonRecord): PlanActual | null {
  const loops = numberIn(fields, 'Actual Loops');
  if (loops === null) return null;
  return {
    startupMs: numberIn(fields, 'Actual Startup Time'),
    totalMs: numberIn(fields, 'Actual Total Time'),
    rows: numberIn(fields, 'Actual Rows') ?? 0,
    loops,
  };
}

/** Times of reading and writing have gone by several names. */
const ioMs = (fields: JsonRecord, what: 'Read' | 'Write'): number =>
  ['', 'Shared ', 'Local ', 'Temp '].reduce((sum, kind) => sum + (numberIn(fields, `${kind}I/O ${what} Time`) ?? 0), 0);

/** Null when no blocks were counted. */
export function readBlocks(fields: JsonRecord): PlanBlocks | null {
  if (numberIn(fields, 'Shared Hit Blocks') === null) return null;
  const blocks = (name: string): number => numberIn(fields, `${name} Blocks`) ?? 0;
  return {
    sharedHit: blocks('Shared Hit'),
    sharedRead: blocks('Shared Read'),
    sharedDirtied: blocks('Shared Dirtied'),
    sharedWritten: blocks('Shared Written'),
    localHit: blocks('Local Hit'),
    localRead: blocks('Local Read'),
    localDirtied: blocks('Local Dirtied'),
    localWritten: blocks('Local Written'),
    tempRead: blocks('Temp Read'),
    tempWritten: blocks('Temp Written'),
    readMs: ioMs(fields, 'Read'),
    writeMs: ioMs(fields, 'Write'),
  };
}

function readWal(fields: JsonRecord): PlanWal | null {
  const records = numberIn(fields, 'WAL Records');
  if (records === null) return null;
  return { records, fullPages: numberIn(fields, 'WAL FPI') ?? 0, bytes: numberIn(fields, 'WAL Bytes') ?? 0 };
}

const recordsIn = (record: JsonRecord, key: string): readonly JsonRecord[] => {
  const list = record[key];
  return Array.isArray(list) ? list.filter(isJsonRecord) : [];
};

const readWorker = (fields: JsonRecord): PlanWorker => ({
  number: numberIn(fields, 'Worker Number') ?? 0,
  actual: readActual(fields),
  blocks: readBlocks(fields),
  fields,
});

function readNode(record: JsonRecord, nodes: PlanNode[], depth: number): PlanNode {
  const type = textIn(record, 'Node Type');
  if (type === '') throw notAPlan('A node has no "Node Type".');
  if (depth > DEEPEST) throw notAPlan(`Its nodes nest deeper than ${DEEPEST}.`);
  const { Plans: _children, Workers: _workers, ...fields } = record;
  const id = nodes.length;
  const children: PlanNode[] = [];
  const node: PlanNode = {
    id,
    type,
    title: nodeTitle(type, fields),
    target: nodeTarget(type, fields),
    relationship: textIn(fields, 'Parent Relationship'),
    subplan: textIn(fields, 'Subplan Name'),
    schema: textIn(fields, 'Schema'),
    relation: textIn(fields, 'Relation Name'),
    alias: textIn(fields, 'Alias'),
    index: textIn(fields, 'Index Name'),
    cte: textIn(fields, 'CTE Name'),
    startupCost: numberIn(fields, 'Startup Cost'),
    totalCost: numberIn(fields, 'Total Cost'),
    planRows: numberIn(fields, 'Plan Rows'),
    planWidth: numberIn(fields, 'Plan Width'),
    actual: readActual(fields),
    blocks: readBlocks(fields),
    wal: readWal(fields),
    workers: recordsIn(record, 'Workers').map(readWorker),
    fields,
    children,
  };
  nodes.push(node);
  for (const child of recordsIn(record, 'Plans')) children.push(readNode(child, nodes, depth + 1));
  return node;
}

const readTrigger = (fields: JsonRecord): PlanTrigger => ({
  name: textIn(fields, 'Trigger Name'),
  constraint: textIn(fields, 'Constraint Name'),
  relation: textIn(fields, 'Relation'),
  ms: numberIn(fields, 'Time'),
  calls: numberIn(fields, 'Calls') ?? 0,
});

/** The time of a part of JIT: a number, or from 17 on an object with a total. */
function jitTotal(fields: JsonRecord): number | null {
  const timing = fields['Timing'];
  if (!isJsonRecord(timing)) return null;
  const total = timing['Total'];
  return isJsonRecord(total) ? numberIn(total, 'Total') : numberIn(timing, 'Total');
}

function readSettings(value: Json | undefined): Plan['settings'] {
  if (!isJsonRecord(value)) return [];
  return Object.entries(value).map(([name, text]) => ({
    name,
    value: typeof text === 'string' ? text : JSON.stringify(text),
  }));
}

function readStatement(record: JsonRecord): Plan {
  const plan = record['Plan'];
  if (!isJsonRecord(plan)) throw notAPlan('There is no "Plan" in it.');
  const nodes: PlanNode[] = [];
  const root = readNode(plan, nodes, 0);
  const {
    Plan: _plan,
    Planning: planning,
    'Planning Time': _planningTime,
    'Execution Time': _executionTime,
    Triggers: _triggers,
    JIT: jit,
    Settings: settings,
    Serialization: serialization,
    'Query Text': _text,
    ...others
  } = record;
  const memoryUsed = isJsonRecord(planning) ? numberIn(planning, 'Memory Used') : null;
  return {
    root,
    nodes,
    analyzed: root.actual !== null,
    planningMs: numberIn(record, 'Planning Time'),
    executionMs: numberIn(record, 'Execution Time'),
    planningBlocks: isJsonRecord(planning) ? readBlocks(planning) : null,
    planningMemory:
      isJsonRecord(planning) && memoryUsed !== null
        ? { used: memoryUsed, allocated: numberIn(planning, 'Memory Allocated') ?? 0 }
        : null,
    serialization: isJsonRecord(serialization)
      ? {
          ms: numberIn(serialization, 'Time'),
          kilobytes: numberIn(serialization, 'Output Volume') ?? 0,
          format: textIn(serialization, 'Format'),
        }
      : null,
    triggers: recordsIn(record, 'Triggers').map(readTrigger),
    jit: isJsonRecord(jit) ? { functions: numberIn(jit, 'Functions') ?? 0, totalMs: jitTotal(jit), fields: jit } : null,
    settings: readSettings(settings),
    statement: textIn(record, 'Query Text'),
    others,
  };
}

/** The JSON within what a person copied: psql draws a head, a frame, and `+` at the ends of lines. */
function jsonWithin(text: string): string {
  const bare = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => line.replace(/\s*\+\s*\|?\s*$/, ''))
    .join('\n');
  const first = bare.search(/[[{]/);
  const last = Math.max(bare.lastIndexOf(']'), bare.lastIndexOf('}'));
  return first < 0 || last < first ? '' : bare.slice(first, last + 1);
}

function parseJson(text: string): Json {
  const attempts = [text, jsonWithin(text)];
  let failure = 'It is empty.';
  for (const attempt of attempts) {
    if (attempt.trim() === '') continue;
    try {
      const value: Json = JSON.parse(attempt);
      return value;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
  }
  throw notAPlan(failure);
}

/**
 * The plans in the text of EXPLAIN (FORMAT JSON) of any server from 10 on, of auto_explain, or of psql's output: a statement that rules
 * rewrite has several. Fails with `invalid-input` when there is none.
 */
export function parsePlans(text: string): readonly [Plan, ...Plan[]] {
  const value = parseJson(text);
  const list: readonly Json[] = Array.isArray(value) ? value : [value];
  const records = list.filter(isJsonRecord);
  // A bare node, as some tools hand it on.
  const [first, ...rest] = records.map((record) => ('Node Type' in record ? { Plan: record } : record));
  if (!first) throw notAPlan('There is no "Plan" in it.');
  return [readStatement(first), ...rest.filter((record) => isJsonRecord(record['Plan'])).map(readStatement)];
}
