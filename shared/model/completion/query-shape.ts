import { commaParts, holdsCursor, isSign, namesOf, wordOf, type Group, type Item } from './sql-tree';

/** One part of FROM, or what a statement changes. */
export interface Source {
  /** How its columns are called upon; null when it has no name. */
  readonly alias: string | null;
  /** Names that stand in parentheses behind the alias. */
  readonly columnNames: readonly string[];
  readonly what:
    | { readonly kind: 'relation'; readonly names: readonly string[] }
    | { readonly kind: 'function'; readonly names: readonly string[] }
    | { readonly kind: 'query'; readonly query: Query };
}

export interface Cte {
  readonly name: string;
  readonly columnNames: readonly string[];
  readonly query: Query;
}

/** A query or a statement that changes rows, as far as names are concerned. */
export interface Query {
  readonly ctes: readonly Cte[];
  readonly sources: readonly Source[];
  /** What INSERT, UPDATE, DELETE or MERGE changes; one of `sources` as well. */
  readonly target: readonly string[] | null;
  /** What it gives: the parts of the SELECT list, or of RETURNING. */
  readonly output: readonly (readonly Item[])[];
  /** Number of columns of VALUES; 0 when it is none. */
  readonly values: number;
  /** The items that `sources` were read from: of the part of a UNION that holds the cursor, else of the first. */
  readonly items: readonly Item[];
}

const QUERY_STARTS = new Set(['select', 'with', 'values', 'table', 'insert', 'update', 'delete', 'merge', 'perform']);
const SET_OPERATORS = new Set(['union', 'intersect', 'except']);
/** Words that end a part of FROM: they are no alias. */
const AFTER_SOURCE = new Set(
  (
    'where group order having limit offset fetch for window union intersect except returning on using join inner left right full cross ' +
    'natural set values select default when tablesample do not as with lateral overriding loop into'
  ).split(' '),
);
const JOIN_WORDS = new Set(['join', 'inner', 'left', 'right', 'full', 'cross', 'natural', 'outer']);
/** What ends FROM. */
const AFTER_FROM = new Set(
  'where group order having limit offset fetch for window returning set values when loop'.split(' '),
);

export const startsQuery = (items: readonly Item[]): boolean => {
  const first = items[0];
  // Parentheses around a query are as if they weren't there.
  if (first?.kind === 'group' && !first.square && items.length > 0) {
    return startsQuery(first.items) && (items.length === 1 || SET_OPERATORS.has(wordOf(items[1])));
  }
  return QUERY_STARTS.has(wordOf(first));
};

/** A common table expression, and where what follows it begins. */
function readCte(items: readonly Item[], from: number): { cte: Cte | null; next: number } {
  const name = namesOf(items[from])?.[0];
  let at = from + 1;
  let columnNames: readonly string[] = [];
  const columns = items[at];
  if (columns?.kind === 'group') {
    columnNames = nameList(columns);
    at += 1;
  }
  while (['as', 'not', 'materialized'].includes(wordOf(items[at]))) at += 1;
  const body = items[at];
  if (name === undefined || body?.kind !== 'group') return { cte: null, next: at };
  at += 1;
  // SEARCH and CYCLE stand between the expression and the comma or the statement.
  while (at < items.length && !isSign(items[at], ',') && !QUERY_STARTS.has(wordOf(items[at]))) {
    if (items[at]?.kind === 'cursor') break;
    at += 1;
  }
  return { cte: { name, columnNames, query: readQuery(body.items) }, next: at };
}

const nameList = (group: Group): readonly string[] =>
  commaParts(group.items).flatMap((part) => namesOf(part[0])?.slice(0, 1) ?? []);

/** The expressions of WITH, and where the statement itself begins. */
export function readWith(items: readonly Item[]): { ctes: readonly Cte[]; next: number } {
  if (wordOf(items[0]) !== 'with') return { ctes: [], next: 0 };
  const ctes: Cte[] = [];
  let at = wordOf(items[1]) === 'recursive' ? 2 : 1;
  for (;;) {
    const { cte, next } = readCte(items, at);
    // Not finished: all that follows belongs to it.
    if (!cte) return { ctes, next: items.length };
    ctes.push(cte);
    if (!isSign(items[next], ',')) return { ctes, next };
    at = next + 1;
  }
}

/** The alias that may follow a source, with its list of columns. */
function readAlias(
  items: readonly Item[],
  from: number,
): { alias: string | null; columnNames: readonly string[]; next: number } {
  let at = from;
  if (wordOf(items[at]) === 'with' && wordOf(items[at + 1]) === 'ordinality') at += 2;
  const as = wordOf(items[at]) === 'as';
  if (as) at += 1;
  const item = items[at];
  const names = item?.kind === 'path' ? null : namesOf(item);
  const taken = names !== null && !(item?.kind === 'word' && AFTER_SOURCE.has(wordOf(item)));
  const alias = taken ? (names[0] ?? null) : null;
  if (taken) at += 1;
  const columns = items[at];
  if (!(alias !== null || as) || columns?.kind !== 'group') return { alias, columnNames: [], next: at };
  return { alias, columnNames: nameList(columns), next: at + 1 };
}

/** One source at `from`; null when there is none. */
function readSource(items: readonly Item[], from: number): { sources: readonly Source[]; next: number } {
  let at = from;
  while (['only', 'lateral', 'rows'].includes(wordOf(items[at]))) at += 1;
  const item = items[at];
  if (item?.kind === 'group') {
    const rest = readAlias(items, at + 1);
    if (!startsQuery(item.items)) return { sources: readFrom(item.items), next: rest.next };
    const what = { kind: 'query', query: readQuery(item.items) } as const;
    return { sources: [{ alias: rest.alias, columnNames: rest.columnNames, what }], next: rest.next };
  }
  const names = namesOf(item);
  if (names === null || (item?.kind === 'word' && AFTER_SOURCE.has(wordOf(item)))) return { sources: [], next: at };
  at += 1;
  const args = items[at];
  const isFunction = args?.kind === 'group' && !args.square;
  if (isFunction) at += 1;
  const star = items[at];
  if (star?.kind === 'operator' && star.text === '*') at += 1;
  const rest = readAlias(items, at);
  const what = { kind: isFunction ? 'function' : 'relation', names } as const;
  return {
    sources: [{ alias: rest.alias ?? names.at(-1) ?? null, columnNames: rest.columnNames, what }],
    next: rest.next,
  };
}

/** All sources of a FROM list: commas, joins, groups of joins. */
export function readFrom(items: readonly Item[]): readonly Source[] {
  const sources: Source[] = [];
  for (let at = 0, expected = true; at < items.length;) {
    const word = wordOf(items[at]);
    if (AFTER_FROM.has(word)) break;
    // `left(…)` is a function.
    if (isSign(items[at], ',') || (JOIN_WORDS.has(word) && (word === 'join' || items[at + 1]?.kind !== 'group'))) {
      expected = true;
      at += 1;
    } else if (expected) {
      const read = readSource(items, at);
      sources.push(...read.sources);
      expected = false;
      at = Math.max(read.next, at + 1);
    } else at += 1;
  }
  return sources;
}

/** The parts of a UNION, INTERSECT or EXCEPT. */
export function setParts(items: readonly Item[]): readonly (readonly Item[])[] {
  const parts: Item[][] = [[]];
  for (let at = 0; at < items.length; at += 1) {
    const item = items[at];
    if (!item) continue;
    if (!SET_OPERATORS.has(wordOf(item))) parts.at(-1)?.push(item);
    else {
      parts.push([]);
      if (['all', 'distinct'].includes(wordOf(items[at + 1]))) at += 1;
    }
  }
  return parts;
}

const SELECT_ENDS = new Set('from where group order having limit offset fetch for window into'.split(' '));

/** The items after the first `word`, up to one of the words that end them. */
function after(items: readonly Item[], word: string, ends: ReadonlySet<string>): readonly Item[] | null {
  // IS DISTINCT FROM begins no clause.
  const start = items.findIndex((item, index) => wordOf(item) === word && wordOf(items[index - 1]) !== 'distinct');
  if (start < 0) return null;
  const rest = items.slice(start + 1);
  const end = rest.findIndex((item) => ends.has(wordOf(item)));
  return end < 0 ? rest : rest.slice(0, end);
}

/** The sources of a statement without its WITH. */
function sourcesOf(items: readonly Item[]): { sources: readonly Source[]; target: readonly string[] | null } {
  const word = wordOf(items[0]);
  const from = after(items, word === 'delete' || word === 'merge' ? 'using' : 'from', AFTER_FROM) ?? [];
  const others = readFrom(from);
  if (word === 'select' || word === 'perform') return { sources: others, target: null };
  if (word === 'table') return { sources: readSource(items, 1).sources, target: null };
  const start = word === 'update' ? 1 : 2;
  const target = ['insert', 'update', 'delete', 'merge'].includes(word)
    ? readSource(insertTarget(items), start).sources
    : [];
  const first = target[0];
  if (word === 'insert') return { sources: target, target: first ? targetNames(first) : null };
  return { sources: [...target, ...others], target: first ? targetNames(first) : null };
}

/** The columns of INSERT INTO t (…) make the table no function. */
const insertTarget = (items: readonly Item[]): readonly Item[] =>
  wordOf(items[0]) === 'insert' ? items.filter(({ kind }) => kind !== 'group') : items;

const targetNames = ({ what }: Source): readonly string[] | null => (what.kind === 'query' ? null : what.names);

/** Reads a query, with the parts of a set operation that the cursor stands in. */
export function readQuery(all: readonly Item[]): Query {
  const first = all[0];
  if (first?.kind === 'group' && startsQuery(all) && (all.length === 1 || !all.slice(1).some(holdsCursor))) {
    return readQuery(first.items);
  }
  const { ctes, next } = readWith(all);
  const parts = setParts(all.slice(next));
  const items = parts.find((part) => part.some(holdsCursor)) ?? parts[0] ?? [];
  const giving = parts[0] ?? [];
  const inner = giving[0];
  if (giving.length === 1 && inner?.kind === 'group' && !items.some(holdsCursor)) {
    const query = readQuery(inner.items);
    return { ...query, ctes: [...ctes, ...query.ctes] };
  }
  const { sources, target } = sourcesOf(items);
  const select = after(giving, 'select', SELECT_ENDS) ?? after(giving, 'returning', new Set());
  const values = wordOf(giving[0]) === 'values' && giving[1]?.kind === 'group' ? commaParts(giving[1].items).length : 0;
  return { ctes, sources, target, output: select === null ? [] : commaParts(select), values, items };
}
