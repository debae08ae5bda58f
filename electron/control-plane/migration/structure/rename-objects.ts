import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { PlannedDatabase } from '../plan-model';
import { edited, type Edit } from './edits';
import type { StructureEntry } from './entry';
import { nameKey, namesObject, operatorAt, tableOf } from './entry-subject';
import { dottedName, isName, isSign, isWord, sqlTokens, type DottedName, type SqlToken } from './sql-tokens';

/** Other names on the target. */
export interface Renames {
  /** Of schemas that change it. */
  readonly schemas: ReadonlyMap<string, string>;
  /** Tables that change theirs, by `nameKey` of schema and name. */
  readonly tables: ReadonlyMap<string, { readonly name: string; readonly newName: string }>;
}

export function renamesOf(plan: PlannedDatabase): Renames {
  return {
    schemas: new Map(
      plan.schemas
        .filter(({ name, targetName }) => name !== targetName)
        .map(({ name, targetName }) => [name, targetName]),
    ),
    tables: new Map(
      plan.tables
        .filter(({ name, targetName }) => name !== targetName)
        .map(({ schema, name, targetName }) => [nameKey(schema, name), { name, newName: targetName }]),
    ),
  };
}

/** Entries whose expressions name columns by the table they are of. */
const QUERIES: ReadonlySet<string> = new Set(['VIEW', 'MATERIALIZED VIEW', 'RULE', 'POLICY', 'FUNCTION', 'PROCEDURE']);
/** After a table in FROM these go on with the query: there is no alias. */
const NO_ALIAS = new Set(
  (
    'as cross except fetch for from full group having inner intersect join left limit natural offset on order returning right select set ' +
    'tablesample union using values when where window do instead also default'
  ).split(' '),
);
/** Their expressions know the columns and the rows of their table by its name. */
const OF_TABLE = /^(?:TABLE|POLICY|INDEX|DEFAULT|(?:CHECK )?CONSTRAINT|STATISTICS)$/;
const BEFORE_RELATION = ['from', 'join', 'into', 'only', 'references', 'table', 'update', 'view'];
/** Before the name of a schema that stands by itself. */
const BEFORE_SCHEMA = ['schema'];

/**
 * Writes other names of schemas and tables into the statements of an entry, by tokens. A query goes on knowing the table by its old name, as an
 * alias, so that its columns keep their meaning. Text of function bodies is left alone: `inBody` tells whether it holds an old name.
 */
export function renameIn(entry: StructureEntry, renames: Renames): { readonly sql: string; readonly inBody: boolean } {
  const tokens = sqlTokens(entry.sql);
  const query = QUERIES.has(entry.kind);
  const aliases = query ? aliasesIn(tokens) : new Set<string>();
  const own = OF_TABLE.test(entry.kind) ? tableOf(entry) : null;
  const ownNewName = own ? renames.tables.get(nameKey(own.schema, own.name))?.newName : undefined;
  const edits: Edit[] = [];
  let inBody = false;
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at];
    if (!token) break;
    if (token.kind === 'string') {
      const text = renamedConstant(tokens, at, renames);
      if (text !== null) edits.push({ start: token.start, end: token.end, text: quoteLiteral(text) });
      else inBody ||= isBody(entry, tokens, at) && holdsOldName(token.value, renames);
      at += 1;
      continue;
    }
    const dotted = dottedName(tokens, at);
    if (!dotted) {
      at += 1;
      continue;
    }
    const [first] = dotted.parts;
    const ofOwn =
      first !== undefined && first.value === own?.name && !aliases.has(first.value) && isColumn(tokens, at, dotted);
    if (first && ofOwn && ownNewName !== undefined) edits.push(replace(first, ownNewName));
    else edits.push(...renamedName(tokens, at, dotted.parts, renames, { query, aliases }));
    at = dotted.next;
  }
  return { sql: edited(entry.sql, edits), inBody };
}

/** `t.c`, or `t.*` for the whole row. */
const isColumn = (tokens: readonly SqlToken[], at: number, { parts, next }: DottedName): boolean =>
  parts.length === 2 || (parts.length === 1 && isSign(tokens[next], '.') && isSign(tokens[at + 2], '*'));

interface Place {
  readonly query: boolean;
  readonly aliases: ReadonlySet<string>;
}

function renamedName(
  tokens: readonly SqlToken[],
  at: number,
  parts: readonly SqlToken[],
  { schemas, tables }: Renames,
  place: Place,
): Edit[] {
  const [first, second] = parts;
  const before = tokens[at - 1];
  if (!first) return [];
  const newSchema = schemas.get(first.value);
  if (!second) {
    const alone = isWord(before, ...BEFORE_SCHEMA) && first.kind !== 'string';
    const operator = isSign(tokens[at + 1], '.') && isOperator(tokens, at);
    return newSchema !== undefined && (alone || operator) ? [replace(first, newSchema)] : [];
  }
  // Inside a query `a.b` may be a column of something that is called like the schema.
  if (place.aliases.has(first.value) && parts.length === 2 && !isRelationOrCall(tokens, at, at + 3)) return [];
  const edits = newSchema === undefined ? [] : [replace(first, newSchema)];
  const newTable =
    isCall(tokens, at + 3) && !isWord(before, ...BEFORE_RELATION)
      ? undefined
      : tables.get(nameKey(first.value, second.value))?.newName;
  if (newTable === undefined) return edits;
  edits.push(replace(second, newTable));
  if (place.query && parts.length === 2 && isFromItem(tokens, at)) {
    const next = tokens[at + 3];
    const aliased = isName(next) && !(next.kind === 'word' && NO_ALIAS.has(next.value) && next.value !== 'as');
    const into = isWord(before, 'into');
    if (!aliased)
      edits.push({ start: second.end, end: second.end, text: `${into ? ' AS' : ''} ${quoteIdent(second.value)}` });
  }
  return edits;
}

const replace = (token: SqlToken, name: string): Edit => ({
  start: token.start,
  end: token.end,
  text: quoteIdent(name),
});
const isCall = (tokens: readonly SqlToken[], next: number): boolean => isSign(tokens[next], '(');

/** `OPERATOR(s.+)`, and the operator that a statement is about. */
function isOperator(tokens: readonly SqlToken[], at: number): boolean {
  if (operatorAt(tokens, at + 2) === '') return false;
  // Also `OPERATOR 1 s.+` of an operator class.
  const aside = isSign(tokens[at - 1], '(') || /^\d+$/.test(tokens[at - 1]?.value ?? '');
  const before = aside ? tokens[at - 2] : tokens[at - 1];
  return isWord(before, 'operator') || isSign(before, '=');
}

function isRelationOrCall(tokens: readonly SqlToken[], at: number, next: number): boolean {
  const before = tokens[at - 1];
  return (
    isWord(before, ...BEFORE_RELATION) || isCall(tokens, next) || (isSign(before, ':') && isSign(tokens[at - 2], ':'))
  );
}

/** Whether the name stands where a query lists its tables. */
function isFromItem(tokens: readonly SqlToken[], at: number): boolean {
  let before = at - 1;
  if (isWord(tokens[before], 'only')) before -= 1;
  while (isSign(tokens[before], '(')) before -= 1;
  return (
    isWord(tokens[before], 'from', 'join', 'into', 'update') ||
    (isSign(tokens[before], ',') && inFromList(tokens, before))
  );
}

/** Whether a comma parts tables of a query; others part columns, or arguments. */
function inFromList(tokens: readonly SqlToken[], comma: number): boolean {
  let depth = 0;
  for (let at = comma - 1; at >= 0; at -= 1) {
    const token = tokens[at];
    if (isSign(token, ')')) depth += 1;
    else if (isSign(token, '(')) depth -= 1;
    if (depth < 0) return false;
    if (depth === 0 && isWord(token, 'from', 'using', 'select')) return !isWord(token, 'select');
  }
  return false;
}

/** Names by which the query knows its tables. */
function aliasesIn(tokens: readonly SqlToken[]): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at < tokens.length; at += 1) {
    const dotted = dottedName(tokens, at);
    const last = dotted?.parts.at(-1);
    if (!dotted || !last) continue;
    if (dotted.parts.length > 1 && isFromItem(tokens, at)) found.add(last.value);
    const before = tokens[at - 1];
    const afterName =
      before?.kind === 'quoted' ||
      isSign(before, ')') ||
      (before?.kind === 'word' && (before.value === 'as' || !NO_ALIAS.has(before.value)));
    if (dotted.parts.length === 1 && at > 0 && afterName && !isSign(tokens[dotted.next], '.')) found.add(last.value);
    at = dotted.next - 1;
  }
  return found;
}

/** The text of a constant that names an object, or a schema of a search path, with its new names; null when nothing changes. */
function renamedConstant(tokens: readonly SqlToken[], at: number, renames: Renames): string | null {
  const token = tokens[at];
  if (!token) return null;
  if (namesObject(tokens, at)) {
    const inner = sqlTokens(token.value);
    const dotted = dottedName(inner, 0);
    if (!dotted) return null;
    const edits = renamedName(inner, 0, dotted.parts, renames, { query: false, aliases: new Set() });
    return edits.length > 0 ? edited(token.value, edits) : null;
  }
  for (let back = at - 1; back > 0; back -= 1) {
    const before = tokens[back];
    if (before?.kind === 'string' || isSign(before, ',')) continue;
    const path = isWord(before, 'to') && isWord(tokens[back - 1], 'search_path');
    return path ? (renames.schemas.get(token.value) ?? null) : null;
  }
  return null;
}

/** The constant after AS of a function. */
const isBody = (entry: StructureEntry, tokens: readonly SqlToken[], at: number): boolean =>
  /^(?:FUNCTION|PROCEDURE)$/.test(entry.kind) && isWord(tokens[at - 1], 'as');

function holdsOldName(body: string, { schemas, tables }: Renames): boolean {
  const names = new Set([...schemas.keys(), ...[...tables.values()].map(({ name }) => name)]);
  return sqlTokens(body).some((token) => isName(token) && names.has(token.value));
}
