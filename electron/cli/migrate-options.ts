import { existsSync, readFileSync, statSync } from 'node:fs';
import {
  COMPARE_MODES,
  EXISTING_ROWS,
  HALT_CHOICES,
  migrationOptions,
  objectSelection,
  ON_DRIFT,
  type Completion,
  type MigrationOptions,
  type ObjectSelection,
} from '../../shared/model/migration';
import { parseConnectionText } from '../../shared/model/connection-text';
import { parseObjectName } from '../../shared/model/object-name';
import { parseArgs, usageError, type ParsedArgs } from './args';
import type { DecideWords } from './migrate-decide';

const FLAGS = [
  'no-owner',
  'no-privileges',
  'roles',
  'no-roles',
  'no-analyze',
  'no-tune',
  'check-only',
  'skip-warnings',
  'keep',
  'complete',
  'stop-writes',
  'move-address',
  'fail-back',
  'no-ddl',
  'finish',
  'go-back',
  'quiet',
  'json',
];
const OPTIONS = [
  'from',
  'to',
  'type',
  'objects',
  'database',
  'jobs',
  'index-jobs',
  'rate',
  'split-above',
  'existing',
  'retry',
  'compare',
  'apply-jobs',
  'on-drift',
  'wal-alarm',
  'wal-ceiling',
  'resume',
  'decide',
  'halt',
  'state',
];

/** What the words ask for. */
export interface MigrateWords {
  /** The task to go on with; null makes a new one. */
  readonly resume: string | null;
  /** Empty with `resume`. */
  readonly from: string;
  readonly to: string;
  readonly options: MigrationOptions;
  /** The task is cut over as soon as it can be. */
  readonly complete: boolean;
  readonly completion: Completion;
  /** What becomes of the way back of a cut-over; null leaves it open. */
  readonly way: 'finish' | 'goBack' | null;
  /** The answer to a halt, after which the command ends. */
  readonly decide: DecideWords | null;
  readonly checkOnly: boolean;
  readonly skipWarnings: boolean;
  readonly keep: boolean;
  readonly retryMinutes: number;
  readonly state: string | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
}

const TYPES: Readonly<Record<string, MigrationOptions['type']>> = {
  structural: 'structure',
  full: 'full',
  incremental: 'fullAndIncrement',
};
/** Options that say something about following and the cut-over. */
const FOLLOWING = [
  'complete',
  'stop-writes',
  'move-address',
  'fail-back',
  'no-ddl',
  'compare',
  'apply-jobs',
  'on-drift',
  'wal-alarm',
  'wal-ceiling',
];
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function count(parsed: ParsedArgs, option: string, usual: number, most: number): number {
  const text = parsed.value(option);
  if (text === undefined) return usual;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > most) throw usageError(`--${option} is a number up to ${most}`);
  return number;
}

/** `20M`: bytes; undefined when the option is not given. */
function bytes(parsed: ParsedArgs, option: string, what: string): number | undefined {
  const text = parsed.value(option);
  if (text === undefined) return undefined;
  const found = /^(\d+)\s*([kmg]?)$/i.exec(text.trim());
  const unit = UNITS[found?.[2]?.toLowerCase() ?? ''];
  if (!found || unit === undefined) throw usageError(`--${option} is a number of ${what}, such as 20M`);
  return Number(found[1]) * unit;
}

/** Splits at commas outside double quotes. */
const splitList = (text: string): string[] =>
  (text.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');

type Schemas = ObjectSelection['databases'][number]['schemas'];

/** Names in the order they were given; a schema that is named by itself travels as a whole. */
function schemasOf(list: string): Schemas {
  const schemas = new Map<string, { tables: string[]; whole: boolean }>();
  const schemaOf = (name: string) => {
    const known = schemas.get(name) ?? { tables: [], whole: false };
    schemas.set(name, known);
    return known;
  };
  for (const text of splitList(list)) {
    const name = parseObjectName(text);
    if (!name) throw usageError(`"${text}" is no name of a schema or a table`);
    if (name.schema === null) schemaOf(name.name).whole = true;
    else schemaOf(name.schema).tables.push(name.name);
  }
  return [...schemas].map(([name, { tables, whole }]) => ({
    name,
    newName: '',
    mode: whole ? 'all' : 'partial',
    tables: whole ? [] : tables.map((table) => ({ name: table, newName: '', rowFilter: '' })),
    views: [],
    functions: [],
    sequences: [],
  }));
}

/** The database that a text names; empty when it names none. Fails with `invalid-input`. */
function databaseIn(text: string, option: string): string {
  const fields = parseConnectionText(text);
  if (!fields) throw usageError(`--${option} is no connection: write postgresql://user@host:port/database`);
  return fields.server.database ?? '';
}

/** A folder or a file that is named like a schema is none. */
const isSelectionFile = (text: string): boolean =>
  (text.endsWith('.json') || /[/\\]/.test(text)) && existsSync(text) && statSync(text).isFile();

function readSelection(file: string): ObjectSelection {
  try {
    return objectSelection.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw usageError(`${file} is no selection of objects: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function selectionOf(parsed: ParsedArgs, from: string, to: string): ObjectSelection {
  const objects = parsed.value('objects');
  if (objects !== undefined && isSelectionFile(objects)) return readSelection(objects);
  const inUri = databaseIn(from, 'from');
  const named = parsed.all('database').length > 0 ? [...new Set(parsed.all('database'))] : inUri === '' ? [] : [inUri];
  const schemas = objects === undefined ? [] : schemasOf(objects);
  if (objects !== undefined && named.length !== 1)
    throw usageError('--objects belongs to one database: name it in --from or by --database');
  const toName = databaseIn(to, 'to');
  const [only] = named;
  const newName = named.length === 1 && toName !== '' && toName !== only ? toName : '';
  const withRoles = !parsed.has('no-roles') && (parsed.has('roles') || named.length === 0);
  return {
    mode: named.length === 0 ? 'all' : 'partial',
    roleMode: withRoles ? 'all' : 'none',
    roles: [],
    databases: named.map((name) => ({ name, newName, mode: schemas.length > 0 ? 'partial' : 'all', schemas })),
  };
}

function oneOf<Word extends string>(parsed: ParsedArgs, option: string, words: readonly Word[], usual: Word): Word {
  const given = parsed.value(option) ?? usual;
  const found = words.find((each) => each === given);
  if (found === undefined) throw usageError(`--${option} is ${words.join(', ')}`);
  return found;
}

function completionOf(parsed: ParsedArgs): Completion {
  const compare = oneOf(parsed, 'compare', ['none', ...COMPARE_MODES], 'rowCount');
  return {
    stopWrites: parsed.has('stop-writes') ? 'readOnly' : 'byHand',
    moveAddress: parsed.has('move-address'),
    failBack: parsed.has('fail-back'),
    compare: compare === 'none' ? null : compare,
  };
}

function optionsOf(parsed: ParsedArgs, from: string, to: string): MigrationOptions {
  const type = TYPES[parsed.value('type') ?? ''];
  if (!type) throw usageError('--type is structural, full or incremental');
  const alien = FOLLOWING.find((option) => parsed.has(option) || parsed.value(option) !== undefined);
  if (type !== 'fullAndIncrement' && alien !== undefined) throw usageError(`--${alien} belongs to --type incremental`);
  if (parsed.has('roles') && parsed.has('no-roles')) throw usageError('--roles and --no-roles exclude each other');
  return migrationOptions.parse({
    type,
    objects: selectionOf(parsed, from, to),
    copyJobs: count(parsed, 'jobs', 0, 16),
    indexJobs: count(parsed, 'index-jobs', 0, 16),
    bytesPerSecond: bytes(parsed, 'rate', 'bytes a second'),
    splitAbove: bytes(parsed, 'split-above', 'bytes'),
    existingRows: oneOf(parsed, 'existing', EXISTING_ROWS, 'refuse'),
    keepOwners: !parsed.has('no-owner'),
    keepPrivileges: !parsed.has('no-privileges'),
    analyze: !parsed.has('no-analyze'),
    tuneTarget: !parsed.has('no-tune'),
    followDdl: !parsed.has('no-ddl'),
    onDrift: oneOf(parsed, 'on-drift', ON_DRIFT, 'halt'),
    applyJobs: Math.max(1, count(parsed, 'apply-jobs', 1, 16)),
    walAlarm: bytes(parsed, 'wal-alarm', 'bytes'),
    walCeiling: bytes(parsed, 'wal-ceiling', 'bytes'),
  });
}

/** What goes on is as it was configured. */
const KEPT: MigrationOptions = migrationOptions.parse({
  type: 'fullAndIncrement',
  objects: { mode: 'all', roleMode: 'none' },
});
const WITH_RESUME = new Set([
  ...['resume', 'complete', 'stop-writes', 'move-address', 'fail-back', 'compare'],
  ...['finish', 'go-back', 'decide', 'halt', 'state', 'quiet', 'json'],
]);

/** An answer to a halt is all that the command does. */
const WITH_DECIDE = new Set(['resume', 'decide', 'halt', 'state', 'quiet', 'json']);

function decideOf(parsed: ParsedArgs): DecideWords | null {
  const halt = parsed.value('halt') ?? null;
  if (parsed.value('decide') === undefined) {
    if (halt !== null) throw usageError('--halt goes with --decide');
    return null;
  }
  const alien = [...WITH_RESUME].find(
    (option) => !WITH_DECIDE.has(option) && (parsed.has(option) || parsed.value(option) !== undefined),
  );
  if (alien !== undefined) throw usageError(`--${alien} does not go with --decide`);
  return { choice: oneOf(parsed, 'decide', HALT_CHOICES, 'apply'), halt };
}

/** Reads the words. Fails with `invalid-input`. */
export function parseMigrate(args: readonly string[]): MigrateWords {
  const parsed = parseArgs(args, { flags: FLAGS, options: OPTIONS });
  if (parsed.operands.length > 0) throw usageError(`"${parsed.operands[0]}" belongs to no option`);
  const resume = parsed.value('resume') ?? null;
  const way = parsed.has('finish') ? 'finish' : parsed.has('go-back') ? 'goBack' : null;
  const from = parsed.value('from');
  const to = parsed.value('to');
  if (resume !== null) {
    const alien = [...FLAGS, ...OPTIONS].find(
      (option) => !WITH_RESUME.has(option) && (parsed.has(option) || parsed.value(option) !== undefined),
    );
    if (alien !== undefined) throw usageError(`--${alien} does not go with --resume: the task is as it was made`);
    if (parsed.has('finish') && parsed.has('go-back')) throw usageError('--finish and --go-back exclude each other');
  } else if (way !== null) throw usageError('--finish and --go-back go with --resume');
  else if (parsed.value('decide') !== undefined) throw usageError('--decide goes with --resume');
  else if (from === undefined || to === undefined) throw usageError('Name both sides: --from URI --to URI');
  return {
    resume,
    from: from ?? '',
    to: to ?? '',
    options: resume === null ? optionsOf(parsed, from ?? '', to ?? '') : KEPT,
    complete: parsed.has('complete'),
    completion: completionOf(parsed),
    way,
    decide: decideOf(parsed),
    checkOnly: parsed.has('check-only'),
    skipWarnings: parsed.has('skip-warnings'),
    keep: parsed.has('keep'),
    retryMinutes: count(parsed, 'retry', 120, 720),
    state: parsed.value('state'),
    quiet: parsed.has('quiet'),
    json: parsed.has('json'),
  };
}
