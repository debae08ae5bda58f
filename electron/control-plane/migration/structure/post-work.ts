import type { PlannedDatabase } from '../plan-model';
import type { StructureEntry } from './entry';
import { definedBy, nameKey, wordOutside } from './entry-subject';
import { isSign, isWord, sqlTokens, statementsOf } from './sql-tokens';

/** An index that is built once the rows of its table are there. */
export interface IndexWork {
  readonly entry: StructureEntry;
  /** On the source; a materialized view has indexes as well. */
  readonly tableOid: number;
  /** On the source. */
  readonly bytes: number;
  /** Run one by one on one session; indexes of one table may be built side by side. */
  readonly build: readonly string[];
  /** Run one by one once all indexes of the table are built; they lock it. */
  readonly attach: readonly string[];
}

/** What is left to do after the rows, in the order of its parts. */
export interface PostWork {
  readonly indexes: readonly IndexWork[];
  readonly constraints: readonly StructureEntry[];
  readonly foreignKeys: readonly StructureEntry[];
  readonly last: readonly StructureEntry[];
}

/** A primary key or unique constraint as an index that can be built beside others, and what makes it the constraint. */
interface Converted {
  readonly build: string;
  readonly attach: string;
}

/**
 * Reads `ALTER TABLE ONLY s.t ADD CONSTRAINT c PRIMARY KEY (…) … [DEFERRABLE …]`. Null for what an index cannot stand for: exclusion, WITHOUT
 * OVERLAPS.
 */
export function convertConstraint(statement: string): Converted | null {
  const tokens = sqlTokens(statement);
  const text = (from: number, to: number): string =>
    statement.slice(tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0).trim();
  const add = wordOutside(tokens, ['add']);
  if (!isWord(tokens[0], 'alter') || !isWord(tokens[1], 'table') || !isWord(tokens[add + 1], 'constraint')) return null;
  const table = text(isWord(tokens[2], 'only') ? 3 : 2, add);
  const name = text(add + 2, add + 3);
  const primary = isWord(tokens[add + 3], 'primary') && isWord(tokens[add + 4], 'key');
  if (!primary && !isWord(tokens[add + 3], 'unique')) return null;
  let columns = add + (primary ? 5 : 4);
  const nulls = isWord(tokens[columns], 'nulls');
  if (nulls) columns = tokens.findIndex((token, at) => at > columns && isSign(token, '('));
  if (!isSign(tokens[columns], '(')) return null;
  const close = tokens.findIndex((token, at) => at > columns && isSign(token, ')'));
  if (
    tokens.slice(columns, close).some((token, at, all) => isWord(token, 'without') && isWord(all[at + 1], 'overlaps'))
  )
    return null;
  const end = tokens.length - (isSign(tokens.at(-1), ';') ? 1 : 0);
  const timing = wordOutside(tokens, ['deferrable', 'initially'], close + 1);
  const rest = text(close + 1, timing < 0 ? end : timing);
  const options = `${text(columns, close + 1)}${close + 1 < (timing < 0 ? end : timing) ? ` ${includeFirst(rest, nulls)}` : nulls ? ' NULLS NOT DISTINCT' : ''}`;
  const when = timing < 0 ? '' : ` ${text(timing, end)}`;
  return {
    build: `CREATE UNIQUE INDEX ${name} ON ${table} ${options};`,
    attach: `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${primary ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${name}${when};`,
  };
}

/** In CREATE INDEX, NULLS NOT DISTINCT stands between INCLUDE and WITH. */
function includeFirst(rest: string, nulls: boolean): string {
  if (!nulls) return rest;
  const tokens = sqlTokens(rest);
  const withAt = wordOutside(tokens, ['with']);
  if (withAt < 0) return `${rest} NULLS NOT DISTINCT`;
  const at = tokens[withAt]?.start ?? 0;
  return `${rest.slice(0, at)}NULLS NOT DISTINCT ${rest.slice(at)}`;
}

/** Splits the entries after the data by when they are run. Each is in exactly one part. */
export function postWork(entries: readonly StructureEntry[], plan: PlannedDatabase): PostWork {
  const schemas = new Map(plan.schemas.map(({ name, targetName }) => [name, targetName]));
  const planned = new Map(
    plan.indexes.map((index) => [nameKey(schemas.get(index.schema) ?? index.schema, index.name), index]),
  );
  const partitioned = new Set(plan.tables.filter(({ kind }) => kind === 'partitioned').map(({ oid }) => oid));
  const indexes: IndexWork[] = [];
  const attached: StructureEntry[] = [];
  const constraints: StructureEntry[] = [];
  const foreignKeys: StructureEntry[] = [];
  const last: StructureEntry[] = [];
  const eventTriggers: StructureEntry[] = [];
  for (const entry of entries) {
    if (entry.section !== 'post') continue;
    switch (entry.kind) {
      case 'INDEX':
      case 'CONSTRAINT': {
        const defined = definedBy(entry);
        const index = defined && planned.get(nameKey(defined.schema, defined.name));
        if (!index) constraints.push(entry);
        else {
          indexes.push({
            entry,
            tableOid: index.tableOid,
            bytes: index.bytes,
            ...steps(entry, partitioned.has(index.tableOid)),
          });
        }
        break;
      }
      case 'INDEX ATTACH':
        attached.push(entry);
        break;
      case 'CHECK CONSTRAINT':
        constraints.push(entry);
        break;
      case 'FK CONSTRAINT':
        foreignKeys.push(entry);
        break;
      case 'EVENT TRIGGER':
        eventTriggers.push(entry);
        break;
      default:
        last.push(entry);
    }
  }
  // A comment on an event trigger would come before it.
  const late = (entry: StructureEntry): boolean => entry.kind === 'COMMENT' && entry.name.startsWith('EVENT TRIGGER ');
  return {
    indexes,
    constraints: [...attached, ...constraints],
    foreignKeys,
    last: [...last.filter((entry) => !late(entry)), ...eventTriggers, ...last.filter(late)],
  };
}

/** Settings stay around the statement that needs them; what follows it (CLUSTER ON, REPLICA IDENTITY, …) wants the index to be there. */
function steps(entry: StructureEntry, partitioned: boolean): Pick<IndexWork, 'build' | 'attach'> {
  const statements = statementsOf(entry.sql);
  const main = statements.findIndex((statement) => /^(?:create|alter)\s/i.test(statement));
  const before = statements.slice(0, main);
  const own = statements[main] ?? '';
  const resets = statements.slice(main + 1).filter((statement) => /^set\s/i.test(statement));
  const after = statements.slice(main + 1).filter((statement) => !/^set\s/i.test(statement));
  if (entry.kind === 'INDEX') return { build: [...before, own, ...resets], attach: after };
  const converted = partitioned ? null : convertConstraint(own);
  return converted
    ? { build: [...before, converted.build, ...resets], attach: [converted.attach, ...after] }
    : { build: [], attach: [...before, own, ...resets, ...after] };
}
