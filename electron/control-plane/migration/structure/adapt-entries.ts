import { quoteIdent } from '../../../../shared/model/quote';
import type { PlannedDatabase } from '../plan-model';
import { downgrade } from './downgrade';
import type { StructureEntry } from './entry';
import { notNullNames } from './not-null-names';
import { definedBy, mainTokens, nameKey, qualifiedAt, tableOf } from './entry-subject';
import { renameIn, renamesOf, type Renames } from './rename-objects';
import { statementsOf } from './sql-tokens';
import { createTurns } from './turns';

export interface AdaptOptions {
  readonly plan: PlannedDatabase;
  /** `server_version_num`, e.g. 150020. */
  readonly sourceVersionNum: number;
  readonly targetVersionNum: number;
  readonly keepOwners: boolean;
  readonly keepPrivileges: boolean;
}

export interface Refused {
  readonly entry: StructureEntry;
  /** Why the target cannot have it, in one sentence. */
  readonly reason: string;
}

export interface Adapted {
  readonly entries: StructureEntry[];
  readonly refused: Refused[];
  /** What was written differently, in sentences, each once. */
  readonly notes: string[];
}

const OWNER = /^alter\s[^]*\sowner\s+to\s[^;]+;$/i;
const ATTVER = /^alter\s+(?:foreign\s+)?table\s[^]*\sset\s*\(\s*pg_attver\s*=\s*'?\d+'?\s*\)\s*;$/i;
/** First release without tables that have oids. */
const WITHOUT_OIDS = 12;
const WITH_OIDS = 'SET default_with_oids = true;';
const OIDS = /^SET default_with_oids = (?:true|false);$/gm;
const PRIVILEGES = /^(?:DEFAULT )?ACL$/;

/**
 * Writes entries as the target wants them: with its names, without owners or privileges where they do not travel, and in the words of its
 * version. What hangs on something that the target cannot have is refused with it.
 */
export async function adaptEntries(entries: readonly StructureEntry[], options: AdaptOptions): Promise<Adapted> {
  const { plan, keepOwners, keepPrivileges } = options;
  const targetMajor = Math.floor(options.targetVersionNum / 10_000);
  const notes = new Set<string>();
  const refused: Refused[] = [];
  const gone = createGone();
  const renames = renamesOf(plan);
  const partitioned = new Set(
    plan.tables.filter(({ kind }) => kind === 'partitioned').map(({ schema, name }) => nameKey(schema, name)),
  );
  const kept: StructureEntry[] = [];
  const turn = createTurns();
  for (const entry of entries) {
    await turn();
    if (!keepPrivileges && PRIVILEGES.test(entry.kind)) continue;
    const because = gone.reason(entry);
    if (because !== null) {
      refused.push({ entry, reason: because });
      continue;
    }
    if (targetMajor < NAMED_NOT_NULL && /^(?:FOREIGN )?TABLE$/.test(entry.kind)) gone.addNames(entry);
    const noOids = targetMajor >= WITHOUT_OIDS && entry.sql.includes(WITH_OIDS);
    if (noOids)
      notes.add(`The table ${entry.schema}.${entry.name} has no column oid on the target: PostgreSQL 12 gave it up.`);
    const plain = withoutNoise(noOids ? entry.sql.replaceAll(OIDS, '') : entry.sql, keepOwners);
    if (plain === '') continue;
    const lowered = downgrade(written(entry, plain), targetMajor, (schema, name) =>
      partitioned.has(nameKey(schema, name)),
    );
    if ('refused' in lowered) {
      refused.push({ entry, reason: `${lowered.refused}.` });
      gone.add(entry);
      continue;
    }
    for (const note of lowered.notes) notes.add(`${note}.`);
    if (lowered.sql === '') continue;
    kept.push(renamed(written(entry, lowered.sql), renames, notes));
  }
  const tablespaces = kept.some(({ sql }) => sql.includes("set_config('default_tablespace'"));
  if (tablespaces) notes.add('Tables and indexes of a tablespace that the target lacks go to its default tablespace.');
  return { entries: [...newSchemas(renames, kept), ...kept], refused, notes: [...notes] };
}

/** Most entries of a large database stay as they are. */
const written = (entry: StructureEntry, sql: string): StructureEntry => (sql === entry.sql ? entry : { ...entry, sql });

/** Without owners, if they do not travel, and without a hidden mark of some servers on their columns. */
function withoutNoise(sql: string, keepOwners: boolean): string {
  if (keepOwners && !sql.includes('pg_attver')) return sql;
  const statements = statementsOf(sql);
  const wanted = statements.filter((statement) => !ATTVER.test(statement) && (keepOwners || !OWNER.test(statement)));
  return wanted.length === statements.length ? sql : wanted.join('\n');
}

function renamed(entry: StructureEntry, renames: Renames, notes: Set<string>): StructureEntry {
  if (renames.schemas.size === 0 && renames.tables.size === 0) return entry;
  const { sql, inBody } = renameIn(entry, renames);
  if (inBody)
    notes.add(
      `The body of ${entry.schema}.${entry.name} holds an old name as text; it was left as it is and may have to be changed by hand.`,
    );
  return written(entry, sql);
}

/** The schema public is in no dump, as every database has one: under another name it has to be made. */
function newSchemas(renames: Renames, kept: readonly StructureEntry[]): StructureEntry[] {
  const name = renames.schemas.get('public');
  const made = kept.some(
    ({ kind, sql }) => kind === 'SCHEMA' && sql.includes(`CREATE SCHEMA ${quoteIdent(name ?? '')};`),
  );
  if (name === undefined || made) return [];
  const origin = { id: 0, catalog: 0, oid: 0, belongsTo: [] };
  const sql = `CREATE SCHEMA ${quoteIdent(name)};`;
  return [
    {
      key: 'pre SCHEMA .public (new)',
      section: 'pre',
      kind: 'SCHEMA',
      schema: '',
      name: 'public',
      owner: '',
      sql,
      origin,
    },
  ];
}

/** First release that keeps names of NOT NULL. */
const NAMED_NOT_NULL = 18;

interface Gone {
  add(entry: StructureEntry): void;
  /** Of a table: names of its NOT NULL constraints, which the target forgets. */
  addNames(table: StructureEntry): void;
  reason(entry: StructureEntry): string | null;
}

/** Remembers what the target does not get, to tell what hangs on it. */
function createGone(): Gone {
  const notNull = new Set<string>();
  const ids = new Map<number, StructureEntry>();
  const relations = new Map<string, StructureEntry>();
  return {
    add(entry) {
      if (entry.origin.id > 0) ids.set(entry.origin.id, entry);
      const defined = definedBy(entry);
      if (defined && /^(?:(?:FOREIGN )?TABLE|(?:MATERIALIZED )?VIEW|INDEX|CONSTRAINT)$/.test(entry.kind))
        relations.set(nameKey(defined.schema, defined.name), entry);
    },
    addNames(table) {
      const at = definedBy(table);
      for (const name of at ? notNullNames(table.sql) : []) notNull.add(JSON.stringify([at?.schema, at?.name, name]));
    },
    reason(entry) {
      if (entry.kind === 'COMMENT' && notNull.size > 0 && entry.name.startsWith('CONSTRAINT ')) {
        const tokens = mainTokens(entry);
        const at = qualifiedAt(tokens, 0);
        if (at && notNull.has(JSON.stringify([at.schema, at.name, tokens[3]?.value])))
          return 'NOT NULL has names and comments from PostgreSQL 18 on.';
      }
      if (ids.size === 0 && relations.size === 0) return null;
      const of = entry.origin.belongsTo.map((id) => ids.get(id)).find((owner) => owner !== undefined);
      const table = PART.test(entry.kind) ? tableOf(entry) : null;
      const owner = of ?? (table ? relations.get(nameKey(table.schema, table.name)) : undefined);
      return owner
        ? `It belongs to the ${owner.kind.toLowerCase()} ${owner.name}, which the target cannot have.`
        : null;
    },
  };
}

const PART =
  /^(?:(?:CHECK |FK )?CONSTRAINT|DEFAULT|INDEX|INDEX ATTACH|POLICY|ROW SECURITY|RULE|SEQUENCE OWNED BY|STATISTICS|TABLE ATTACH|TRIGGER)$/;
