import type { ExplainOptions } from './query';

/** EXPLAIN as a person asks for it first. */
export const DEFAULT_EXPLAIN: ExplainOptions = {
  analyze: false,
  verbose: false,
  costs: true,
  buffers: true,
  timing: true,
  summary: true,
  settings: false,
  wal: false,
  genericPlan: false,
  memory: false,
  serialize: 'none',
};

export type ExplainOption = keyof Omit<ExplainOptions, 'analyze'>;

/** The options in the order in which they are shown. */
export const EXPLAIN_OPTIONS: readonly ExplainOption[] = [
  'verbose',
  'costs',
  'buffers',
  'timing',
  'summary',
  'settings',
  'wal',
  'genericPlan',
  'memory',
  'serialize',
];

/** The first major version that knows an option; absent: all that are supported. */
const SINCE: Partial<Readonly<Record<ExplainOption, number>>> = {
  settings: 12,
  wal: 13,
  genericPlan: 16,
  memory: 17,
  serialize: 17,
};

export const majorOf = (versionNum: number): number => Math.floor(versionNum / 10_000);

/** The major version that an option needs and the server does not have; null when the server knows it. */
export function optionNeeds(option: ExplainOption, versionNum: number): number | null {
  const since = SINCE[option] ?? 0;
  return majorOf(versionNum) >= since ? null : since;
}

/** Which of the two commands an option belongs to: `buffers` without a run came in 13. */
export function optionUse(option: ExplainOption, versionNum: number): 'both' | 'analyze' | 'plan' {
  if (option === 'timing' || option === 'wal' || option === 'serialize') return 'analyze';
  if (option === 'genericPlan') return 'plan';
  return option === 'buffers' && majorOf(versionNum) < 13 ? 'analyze' : 'both';
}

/**
 * What stands before a statement, e.g. `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) `: the answer is one value in JSON. Options that the server
 * (`server_version_num`) does not know, or refuses together, are left out.
 */
export function explainPrefix(options: ExplainOptions, versionNum: number): string {
  const { analyze } = options;
  const major = majorOf(versionNum);
  const wants = (option: ExplainOption): boolean =>
    optionNeeds(option, versionNum) === null &&
    options[option] !== false &&
    options[option] !== 'none' &&
    optionUse(option, versionNum) !== (analyze ? 'plan' : 'analyze');
  const parts: string[] = [];
  const add = (word: string, wanted: boolean): void => {
    if (wanted) parts.push(word);
  };
  add('ANALYZE', analyze);
  add('VERBOSE', wants('verbose'));
  add('COSTS false', !options.costs);
  add('BUFFERS', wants('buffers'));
  // From 18 on ANALYZE alone counts buffers.
  add('BUFFERS false', analyze && !options.buffers && major >= 18);
  add('TIMING false', analyze && !options.timing);
  add(options.summary ? 'SUMMARY' : 'SUMMARY false', options.summary !== analyze);
  add('SETTINGS', wants('settings'));
  add('WAL', wants('wal'));
  add('GENERIC_PLAN', wants('genericPlan'));
  add('MEMORY', wants('memory'));
  add(`SERIALIZE ${options.serialize.toUpperCase()}`, wants('serialize'));
  parts.push('FORMAT JSON');
  return `EXPLAIN (${parts.join(', ')}) `;
}
