import type { CompletionItem } from '../completion';
import { identifierOf, sqlTokens, type SqlToken } from '../sql-tokens';
import { placeInBody } from './body';
import { expectedAt } from './expected';
import { inExpression, NOTHING, type Expected } from './expression';
import { OPERANDS, PROCEDURAL, STATEMENTS } from './keywords';
import { Offers } from './offers';
import type { DatabaseNames } from './names';
import { enterOther, enterQuery, type Place } from './place';
import { startsQuery } from './query-shape';
import { Resolver, sourcesInScope } from './scope';
import { holdsCursor, namesOf, treeOf, withCursor, wordOf, type Item } from './sql-tree';

/** What the engine finds. */
export interface Found {
  readonly items: readonly CompletionItem[];
  readonly from: number;
  readonly to: number;
  readonly more: boolean;
}

/** How many are listed. */
const LIMIT = 200;
const NONE: Place = { levels: [], ctes: [], spots: [], naming: false };

/** Words in front of a query within another statement: `EXPLAIN SELECT`, `CREATE VIEW … AS SELECT`. */
const WRAPPERS = new Set(['explain', 'create', 'prepare', 'declare', 'copy']);
const QUERY = new Set(['select', 'with', 'values', 'insert', 'update', 'delete', 'merge', 'table']);

/** Where the query begins that a statement is made of or wraps; −1 when the cursor is in none. */
function queryStart(items: readonly Item[], cursor: number): number {
  const first = items[0];
  if (startsQuery(items))
    return wordOf(first) === 'table' || QUERY.has(wordOf(first)) || first?.kind === 'group' ? 0 : -1;
  if (!WRAPPERS.has(wordOf(first))) return -1;
  const explains = wordOf(first) === 'explain';
  return items.findIndex((item, at) => {
    if (at === 0 || at >= cursor || !QUERY.has(wordOf(item))) return false;
    const before = wordOf(items[at - 1]);
    return before === 'as' || (wordOf(first) === 'declare' && before === 'for') || explains;
  });
}

function placeIn(items: readonly Item[]): Place {
  const cursor = items.findIndex(holdsCursor);
  // A cursor in the first word: the statement isn't known yet.
  if (cursor === 0 && items[0]?.kind === 'cursor') return enterOther(items.slice(0, 1));
  const start = queryStart(items, cursor);
  return start >= 0 ? enterQuery(items.slice(start), { levels: [], ctes: [] }) : enterOther(items);
}

/** The word that is being written: what an item replaces. Null where nothing can be offered. */
function wordAt(
  tokens: readonly SqlToken[],
  text: string,
  offset: number,
): { from: number; to: number; word: string; quoted: boolean } | null {
  const token = tokens.find((each) => each.start < offset && offset <= each.end);
  const none = { from: offset, to: offset, word: '', quoted: false };
  if (!token || token.kind === 'operator' || token.kind === 'sign') return none;
  const inside = offset < token.end || token.open;
  switch (token.kind) {
    case 'word':
      return { from: token.start, to: offset, word: text.slice(token.start, offset).toLowerCase(), quoted: false };
    case 'name': {
      if (!inside) return none;
      // The closing quote that the editor has put there goes with what it closes.
      const closes = text[offset] === '"' && offset === token.end - 1;
      const written = text
        .slice(token.start + 1, offset)
        .replaceAll('""', '"')
        .toLowerCase();
      return { from: token.start, to: closes ? offset + 1 : offset, word: written, quoted: true };
    }
    case 'number':
    case 'parameter':
      return null;
    default:
      return inside ? null : none;
  }
}

/** Tables whose rows NEW and OLD are: of the trigger's function, or of the statement that makes a trigger. */
function rowTables(names: DatabaseNames, outer: readonly Item[]): readonly number[] {
  const words = outer.map(wordOf);
  const routine = words.findIndex((word) => word === 'function' || word === 'trigger' || word === 'rule');
  if (words[0] !== 'create' || routine < 0) return [];
  if (words[routine] === 'function') {
    const called = namesOf(outer[routine + 1]) ?? [];
    return names.triggerTables(called.at(-2) ?? null, called.at(-1) ?? '');
  }
  const at = words.findIndex((word, index) => index > routine && (word === 'on' || word === 'to'));
  const table = namesOf(outer[at + 1]) ?? [];
  const relation = names.relation(table.at(-2) ?? null, table.at(-1) ?? '');
  return relation ? [relation.oid] : [];
}

/** The pieces of a text. An opening quote without its end, which is being written, doesn't take what follows the cursor. */
function tokensAround(text: string, at: number): readonly SqlToken[] {
  const tokens = sqlTokens(text);
  const quoted = tokens.some(({ kind, start, end }) => kind === 'name' && start < at && at < end);
  if (!quoted || tokens.at(-1)?.open !== true) return tokens;
  const after = sqlTokens(text.slice(at)).map((token) => ({ ...token, start: token.start + at, end: token.end + at }));
  return [...sqlTokens(text.slice(0, at)), ...after];
}

/** Where the content of a dollar-quoted body begins and ends. */
function bodyRange(token: SqlToken): { start: number; end: number } {
  const tag = token.text.indexOf('$', 1) + 1;
  return { start: token.start + tag, end: token.open ? token.end : token.end - tag };
}

/** What can stand at an offset of one statement, by the names that are known. */
export function completeStatement(text: string, offset: number, names: DatabaseNames, limit = LIMIT): Found {
  return completeIn(text, 0, text.length, offset, { names, limit, outer: [] });
}

interface Context {
  readonly names: DatabaseNames;
  readonly limit: number;
  /** The statement around a body. */
  readonly outer: readonly Item[];
}

function completeIn(all: string, start: number, end: number, offset: number, context: Context): Found {
  const { names, limit, outer } = context;
  const text = all.slice(start, end);
  const at = offset - start;
  const tokens = tokensAround(text, at);
  const body = tokens.find(
    (token) => token.kind === 'body' && bodyRange(token).start <= at && at <= bodyRange(token).end,
  );
  if (body && outer.length === 0) {
    const range = bodyRange(body);
    const around = treeOf(tokens.filter(({ kind }) => kind !== 'comment'));
    return completeIn(all, start + range.start, start + range.end, offset, { ...context, outer: around });
  }
  const written = wordAt(tokens, text, at);
  if (!written) return { items: [], from: offset, to: offset, more: false };
  const { from, to, word, quoted } = written;
  const items = treeOf(withCursor(tokens, from, Math.max(to, tokenEnd(tokens, at, to))));
  const { place, expected } = outer.length === 0 ? plain(items) : inBody(items);
  const cursor = cursorIn(items);
  const resolver = new Resolver(names);
  const rows = outer.length > 0 ? rowTables(names, outer) : rowTables(names, items);
  const offers = new Offers({
    names,
    limit,
    word,
    quoted,
    path: cursor?.path ?? [],
    ctes: place.ctes,
    sources: sourcesInScope(place.levels, place.ctes, resolver),
    rows,
  });
  offers.add(expected);
  const { items: found, more } = offers.best();
  return { items: found, from: start + from, to: start + to, more };
}

/** A word that goes on behind the cursor is not a part of what stands there. */
function tokenEnd(tokens: readonly SqlToken[], at: number, to: number): number {
  const token = tokens.find((each) => each.start < at && at < each.end && identifierOf(each) !== null);
  return token ? token.end : to;
}

function plain(items: readonly Item[]): { place: Place; expected: Expected } {
  const place = placeIn(items);
  return { place, expected: expectedAt(place) };
}

function inBody(items: readonly Item[]): { place: Place; expected: Expected } {
  const found = placeInBody(items);
  switch (found.kind) {
    case 'query':
      return { place: found.place, expected: expectedAt(found.place) };
    case 'start':
      return { place: NONE, expected: { wants: [], keywords: [...PROCEDURAL, ...STATEMENTS] } };
    case 'declaration':
      return {
        place: NONE,
        expected: found.named ? { wants: ['types', 'relations', 'schemas'], keywords: [] } : NOTHING,
      };
    case 'expression': {
      const expected = inExpression(found.items, found.index, PROCEDURAL);
      return { place: NONE, expected: { ...expected, keywords: [...expected.keywords, 'NEW', 'OLD', ...OPERANDS] } };
    }
  }
}

/** The cursor, wherever it stands. */
function cursorIn(items: readonly Item[]): { readonly path: readonly string[] } | null {
  for (const item of items) {
    if (item.kind === 'cursor') return item;
    const inner = item.kind === 'group' ? cursorIn(item.items) : null;
    if (inner) return inner;
  }
  return null;
}
