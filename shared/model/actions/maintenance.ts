import type { ObjectRef, Statement } from '../catalog';
import { quoteIdent, quoteQualified } from '../quote';

export const MAINTENANCE = ['vacuum', 'analyze', 'reindex', 'cluster'] as const;
export type Maintenance = (typeof MAINTENANCE)[number];

/** What the dialog asks. Options that a server does not know are not written. */
export interface MaintenanceChoice {
  readonly operation: Maintenance;
  /** VACUUM. */
  readonly full: boolean;
  readonly freeze: boolean;
  readonly analyze: boolean;
  readonly disablePageSkipping: boolean;
  /** 12 and later: VACUUM and ANALYZE. */
  readonly skipLocked: boolean;
  /** VACUUM, 12 and later; the empty text leaves it to the server. */
  readonly indexCleanup: '' | 'auto' | 'on' | 'off';
  /** VACUUM, 12 and later. */
  readonly truncate: boolean;
  /** VACUUM, 14 and later: the TOAST table too. */
  readonly processToast: boolean;
  /** VACUUM, 16 and later: the table itself too. */
  readonly processMain: boolean;
  /** VACUUM, 16 and later. */
  readonly skipDatabaseStats: boolean;
  readonly onlyDatabaseStats: boolean;
  /** VACUUM, 13 and later: workers; -1 leaves it to the server. */
  readonly parallel: number;
  /** VACUUM and ANALYZE, 16 and later, e.g. `512 kB`; empty leaves it to the server. */
  readonly bufferUsageLimit: string;
  /** REINDEX of a database: its system catalogs only. */
  readonly system: boolean;
  /** REINDEX, 12 and later; not of system catalogs. */
  readonly concurrently: boolean;
  /** REINDEX, 14 and later; empty keeps the tablespace. */
  readonly tablespace: string;
  readonly verbose: boolean;
}

export const NEW_MAINTENANCE: MaintenanceChoice = {
  operation: 'vacuum',
  full: false,
  freeze: false,
  analyze: true,
  disablePageSkipping: false,
  skipLocked: false,
  indexCleanup: '',
  truncate: true,
  processToast: true,
  processMain: true,
  skipDatabaseStats: false,
  onlyDatabaseStats: false,
  parallel: -1,
  bufferUsageLimit: '',
  system: false,
  concurrently: false,
  tablespace: '',
  verbose: true,
};

/** First server that knows an option; options not here are as old as the oldest server. */
const SINCE: Readonly<Partial<Record<keyof MaintenanceChoice, number>>> = {
  skipLocked: 120_000,
  indexCleanup: 120_000,
  truncate: 120_000,
  processToast: 140_000,
  processMain: 160_000,
  skipDatabaseStats: 160_000,
  onlyDatabaseStats: 160_000,
  parallel: 130_000,
  bufferUsageLimit: 160_000,
  concurrently: 120_000,
  tablespace: 140_000,
};

export const knowsOption = (option: keyof MaintenanceChoice, version: number): boolean =>
  (SINCE[option] ?? 0) <= version;

/** Operations that make sense for what was chosen; indexes are only rebuilt, and a whole schema has no statement of its own but REINDEX. */
export function operationsFor(objects: readonly ObjectRef[]): readonly Maintenance[] {
  const kinds = new Set(objects.map(({ kind }) => kind));
  if (kinds.has('index')) return ['reindex'];
  if (kinds.has('schema')) return ['reindex'];
  return MAINTENANCE;
}

const parenthesised = (words: readonly string[]): string => (words.length === 0 ? '' : ` (${words.join(', ')})`);

function vacuumOptions(choice: MaintenanceChoice, version: number): string[] {
  const { full } = choice;
  const on = (option: keyof MaintenanceChoice, wanted: boolean, words: string): string[] =>
    wanted && knowsOption(option, version) ? [words] : [];
  if (choice.onlyDatabaseStats && knowsOption('onlyDatabaseStats', version)) {
    return [...on('verbose', choice.verbose, 'VERBOSE'), 'ONLY_DATABASE_STATS'];
  }
  return [
    ...on('full', full, 'FULL'),
    ...on('freeze', choice.freeze, 'FREEZE'),
    ...on('verbose', choice.verbose, 'VERBOSE'),
    ...on('analyze', choice.analyze, 'ANALYZE'),
    ...on('disablePageSkipping', choice.disablePageSkipping && !full, 'DISABLE_PAGE_SKIPPING'),
    ...on('skipLocked', choice.skipLocked, 'SKIP_LOCKED'),
    ...indexCleanup(choice, version),
    ...on('truncate', !choice.truncate, 'TRUNCATE FALSE'),
    ...on('processToast', !choice.processToast && !full, 'PROCESS_TOAST FALSE'),
    ...on('processMain', !choice.processMain, 'PROCESS_MAIN FALSE'),
    ...on('skipDatabaseStats', choice.skipDatabaseStats, 'SKIP_DATABASE_STATS'),
    ...on('parallel', choice.parallel >= 0 && !full, `PARALLEL ${Math.trunc(choice.parallel)}`),
    ...bufferLimit(choice, version),
  ];
}

/** AUTO is a word of 14; before, only on and off. */
function indexCleanup({ indexCleanup: wanted }: MaintenanceChoice, version: number): string[] {
  if (wanted === '' || !knowsOption('indexCleanup', version)) return [];
  if (wanted === 'auto') return version >= 140_000 ? ['INDEX_CLEANUP AUTO'] : [];
  return [`INDEX_CLEANUP ${wanted.toUpperCase()}`];
}

const KILOBYTES: Readonly<Record<string, number>> = { '': 1, kB: 1, MB: 1024, GB: 1024 * 1024 };

/** Whether the server takes a limit: empty, 0, or 128 kB to 16 GB; a number alone is kB. */
export function isBufferLimit(text: string): boolean {
  const limit = text.trim();
  if (limit === '') return true;
  const [, digits, unit] = /^(\d{1,9}) *(kB|MB|GB)?$/.exec(limit) ?? [];
  if (digits === undefined) return false;
  const size = Number(digits) * (KILOBYTES[unit ?? ''] ?? 0);
  return size === 0 || (size >= 128 && size <= 16 * 1024 * 1024);
}

function bufferLimit({ bufferUsageLimit }: MaintenanceChoice, version: number): string[] {
  const limit = bufferUsageLimit.trim();
  return limit !== '' && knowsOption('bufferUsageLimit', version) ? [`BUFFER_USAGE_LIMIT '${limit}'`] : [];
}

function analyzeOptions(choice: MaintenanceChoice, version: number): string[] {
  return [
    ...(choice.verbose ? ['VERBOSE'] : []),
    ...(choice.skipLocked && version >= 120_000 ? ['SKIP_LOCKED'] : []),
    ...bufferLimit(choice, version),
  ];
}

const nameOf = (object: ObjectRef): string => quoteQualified(object.schema, object.name);

/** The whole database is what a statement without a name means. */
const tablesOf = (objects: readonly ObjectRef[]): string => {
  const names = objects.filter(({ kind }) => kind !== 'database').map(nameOf);
  return names.length === 0 ? '' : ` ${names.join(', ')}`;
};

function reindex(choice: MaintenanceChoice, object: ObjectRef, version: number): string {
  const system = choice.system && object.kind === 'database';
  const concurrently = choice.concurrently && !system && knowsOption('concurrently', version);
  const what =
    object.kind === 'index'
      ? 'INDEX'
      : object.kind === 'schema'
        ? 'SCHEMA'
        : object.kind === 'database'
          ? system
            ? 'SYSTEM'
            : 'DATABASE'
          : 'TABLE';
  const name = object.kind === 'schema' || object.kind === 'database' ? quoteIdent(object.name) : nameOf(object);
  const options = [
    ...(choice.verbose ? ['VERBOSE'] : []),
    ...(choice.tablespace !== '' && !system && version >= 140_000
      ? [`TABLESPACE ${quoteIdent(choice.tablespace)}`]
      : []),
  ];
  return `REINDEX${parenthesised(options)} ${what} ${concurrently ? 'CONCURRENTLY ' : ''}${name}`;
}

/** The statements of a choice; none of them may stand in a transaction with others. Empty while an option is wrong. Before 11 several tables take a statement each. */
export function maintenanceStatements(
  choice: MaintenanceChoice,
  objects: readonly ObjectRef[],
  version: number,
): readonly Statement[] {
  const usesBuffers = choice.operation === 'vacuum' || choice.operation === 'analyze';
  if (usesBuffers && knowsOption('bufferUsageLimit', version) && !isBufferLimit(choice.bufferUsageLimit)) return [];
  const alone = (sql: string): Statement => ({ sql, outside: true });
  const groups = version >= 110_000 ? [objects] : objects.map((object) => [object]);
  switch (choice.operation) {
    case 'vacuum': {
      const options = vacuumOptions(choice, version);
      if (options.includes('ONLY_DATABASE_STATS')) return [alone(`VACUUM${parenthesised(options)}`)];
      return groups.map((group) => alone(`VACUUM${parenthesised(options)}${tablesOf(group)}`));
    }
    case 'analyze': {
      const options = analyzeOptions(choice, version);
      // The list in parentheses came with 11.
      const words = version >= 110_000 ? parenthesised(options) : options.map((each) => ` ${each}`).join('');
      return groups.map((group) => alone(`ANALYZE${words}${tablesOf(group)}`));
    }
    case 'reindex':
      return objects.map((object) => alone(reindex(choice, object, version)));
    case 'cluster':
      return objects.map((object) => alone(`CLUSTER${choice.verbose ? ' VERBOSE' : ''}${tablesOf([object])}`));
  }
}
