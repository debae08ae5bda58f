import { existsSync, readFileSync, statSync } from 'node:fs';
import {
  EXISTING_ROWS,
  migrationOptions,
  objectSelection,
  type MigrationOptions,
  type ObjectSelection,
} from '../../shared/model/migration';
import { parseConnectionText } from '../../shared/model/connection-text';
import { parseObjectName } from '../../shared/model/object-name';
import { parseArgs, usageError, type ParsedArgs } from './args';

export const MIGRATE_USAGE = `howdah migrate --from URI --to URI --type structural|full [options]
      --database NAME           only this database (more than once: these); a URI with a database means that one
      --objects LIST            schemas and tables of the one database: shop,crm.customer,…
      --objects FILE            a selection as JSON: a file that ends in .json or is named with its folder
      --jobs N, --index-jobs N  tables, indexes at once (by the processors of the target)
      --rate BYTES              a second at most; 20M is 20 MiB
      --split-above BYTES       larger tables are copied in parts (1G); 0 never
      --existing refuse|truncate|append
                                tables of the target that hold rows already (refuse)
      --no-owner, --no-privileges
      --roles, --no-roles       with roles or without (with, unless databases are named)
      --no-analyze              do not collect statistics afterwards
      --no-tune                 leave the settings of an instance of this control plane as they are for the load
      --check-only              only the checks
      --skip-warnings           go on in spite of what the checks warn of
      --keep                    keep the task when it is interrupted
      --retry MINUTES           how long it retries by itself what is away (120)
      --state DIR, --quiet, --json

Exit codes: 0 done, 1 failed or stopped, 2 wrong usage, 3 done, but some objects could not be moved.`;

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
  'state',
];

/** What the words ask for. */
export interface MigrateWords {
  readonly from: string;
  readonly to: string;
  readonly options: MigrationOptions;
  readonly checkOnly: boolean;
  readonly skipWarnings: boolean;
  readonly keep: boolean;
  readonly retryMinutes: number;
  readonly state: string | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
}

const TYPES: Readonly<Record<string, MigrationOptions['type']>> = { structural: 'structure', full: 'full' };
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

/** Reads the words. Fails with `invalid-input`. */
export function parseMigrate(args: readonly string[]): MigrateWords {
  const parsed = parseArgs(args, { flags: FLAGS, options: OPTIONS });
  const from = parsed.value('from');
  const to = parsed.value('to');
  if (parsed.operands.length > 0) throw usageError(`"${parsed.operands[0]}" belongs to no option`);
  if (from === undefined || to === undefined) throw usageError('Name both sides: --from URI --to URI');
  const type = TYPES[parsed.value('type') ?? ''];
  if (!type) throw usageError('--type is structural or full');
  const existing = EXISTING_ROWS.find((each) => each === (parsed.value('existing') ?? 'refuse'));
  if (!existing) throw usageError(`--existing is ${EXISTING_ROWS.join(', ')}`);
  if (parsed.has('roles') && parsed.has('no-roles')) throw usageError('--roles and --no-roles exclude each other');
  return {
    from,
    to,
    options: migrationOptions.parse({
      type,
      objects: selectionOf(parsed, from, to),
      copyJobs: count(parsed, 'jobs', 0, 16),
      indexJobs: count(parsed, 'index-jobs', 0, 16),
      bytesPerSecond: bytes(parsed, 'rate', 'bytes a second'),
      splitAbove: bytes(parsed, 'split-above', 'bytes'),
      existingRows: existing,
      keepOwners: !parsed.has('no-owner'),
      keepPrivileges: !parsed.has('no-privileges'),
      analyze: !parsed.has('no-analyze'),
      tuneTarget: !parsed.has('no-tune'),
    }),
    checkOnly: parsed.has('check-only'),
    skipWarnings: parsed.has('skip-warnings'),
    keep: parsed.has('keep'),
    retryMinutes: count(parsed, 'retry', 120, 720),
    state: parsed.value('state'),
    quiet: parsed.has('quiet'),
    json: parsed.has('json'),
  };
}
