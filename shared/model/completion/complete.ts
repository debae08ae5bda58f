import type { CompletionItem } from '../completion';
import { identifierOf, sqlTokens, type SqlToken } from '../sql-tokens';
import { placeInBody } from './body';
import { expectedAt } from './expected';
import { inExpression, NOTHING, want, type Expected } from './expression';
import { OPERANDS, PROCEDURAL, STATEMENTS } from './keywords';
import { Offers } from './offers';
import type { DatabaseNames } from './names';
import type { Place } from './place';
import { Resolver, sourcesInScope } from './scope';
import { treeOf, withCursor, wordOf, type Item } from './sql-tree';
import { bodyRange, placeIn, rowTables } from './statement-place';
import { variablesAt } from './variables';

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

/** The pieces of a text. An opening quote without its end, which is being written, doesn't take what follows the cursor. */
function tokensAround(text: string, at: number): readonly SqlToken[] {
  const tokens = sqlTokens(text);
  const quoted = tokens.some(({ kind, start, end }) => kind === 'name' && start < at && at < end);
  if (!quoted || tokens.at(-1)?.open !== true) return tokens;
  const after = sqlTokens(text.slice(at)).map((token) => ({ ...token, start: token.start + at, end: token.end + at }));
  return [...sqlTokens(text.slice(0, at)), ...after];
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
  const variables = outer.length > 0 ? variablesAt(outer, items) : [];
  const offers = new Offers({
    names,
    limit,
    word,
    quoted,
    path: cursor?.path ?? [],
    ctes: place.ctes,
    sources: sourcesInScope(place.levels, place.ctes, resolver),
    rows,
    variables,
    columnsOf: ({ name, row }) => (row ? resolver.source({ alias: name, columnNames: [], what: row }, []).columns : []),
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

/** Whether a variable takes a value here: INTO names one, but for that of INSERT and MERGE. */
function takesValue(items: readonly Item[], index: number): boolean {
  const at = wordOf(items[index - 1]) === 'strict' ? index - 2 : index - 1;
  return wordOf(items[at]) === 'into' && !['insert', 'merge'].includes(wordOf(items[at - 1]));
}

function inBody(items: readonly Item[]): { place: Place; expected: Expected } {
  const found = placeInBody(items);
  switch (found.kind) {
    case 'query': {
      const expected = expectedAt(found.place);
      const spot = found.place.spots.at(-1);
      const takes = spot && takesValue(spot.items, spot.index);
      return {
        place: found.place,
        expected: takes ? { ...expected, wants: ['variables', ...expected.wants] } : expected,
      };
    }
    case 'start':
      return { place: NONE, expected: { wants: ['variables'], keywords: [...PROCEDURAL, ...STATEMENTS] } };
    case 'declaration':
      return {
        place: NONE,
        expected: found.named ? { wants: ['types', 'relations', 'schemas'], keywords: [] } : NOTHING,
      };
    case 'expression': {
      if (takesValue(found.items, found.index)) return { place: NONE, expected: want('variables') };
      const expected = inExpression(found.items, found.index, PROCEDURAL);
      return { place: NONE, expected: { ...expected, keywords: [...expected.keywords, ...OPERANDS] } };
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
