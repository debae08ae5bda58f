import { identifierOf, type SqlToken } from '../sql-tokens';

/** Where the person writes: what stood before a dot, and the word so far. */
export interface Cursor {
  readonly kind: 'cursor';
  /** e.g. `['public', 'orders']` when `public.orders.` stands before it. */
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** What stands in parentheses or brackets. */
export interface Group {
  readonly kind: 'group';
  readonly items: readonly Item[];
  readonly square: boolean;
}

/** A part of a statement. Names that dots join are one `path`. */
export interface Path {
  readonly kind: 'path';
  readonly names: readonly string[];
}
export type Item = SqlToken | Cursor | Group | Path;

type Piece = SqlToken | Cursor;

/** The pieces with the cursor in place of the word it stands in, and of the names that dots join to that word. */
export function withCursor(tokens: readonly SqlToken[], from: number, to: number): Piece[] {
  const before: Piece[] = tokens.filter((token) => token.kind !== 'comment' && token.end <= from && token.start < from);
  const after = tokens.filter((token) => token.kind !== 'comment' && token.start >= to);
  const path: string[] = [];
  for (;;) {
    const dot = before.at(-1);
    const name = before.at(-2);
    const identifier = name === undefined || name.kind === 'cursor' ? null : identifierOf(name);
    if (dot?.kind !== 'sign' || dot.text !== '.' || identifier === null) break;
    path.unshift(identifier);
    before.splice(-2);
  }
  return [...before, { kind: 'cursor', path, start: from, end: to }, ...after];
}

/** What a path can be made of. */
const isPathPart = (piece: Piece | undefined): string | null =>
  piece === undefined || piece.kind === 'cursor' ? null : identifierOf(piece);

/** How deep parentheses are followed: a text may be anything. */
const DEEPEST = 100;

/** Groups what stands in parentheses. One that isn't closed reaches to the end. */
export function treeOf(pieces: readonly Piece[]): readonly Item[] {
  let at = 0;
  const read = (closing: string, depth: number): Item[] => {
    const items: Item[] = [];
    while (at < pieces.length) {
      const piece = pieces[at];
      if (!piece) break;
      at += 1;
      if (piece.kind === 'sign' && (piece.text === '(' || piece.text === '[') && depth < DEEPEST) {
        const square = piece.text === '[';
        items.push({ kind: 'group', items: read(square ? ']' : ')', depth + 1), square });
      } else if (piece.kind === 'sign' && (piece.text === ')' || piece.text === ']')) {
        if (piece.text === closing) return items;
      } else {
        const names: string[] = [];
        for (let name = isPathPart(piece); name !== null; name = isPathPart(pieces[at + 1])) {
          if (names.length > 0) at += 2;
          names.push(name);
          const dot = pieces[at];
          if (dot?.kind !== 'sign' || dot.text !== '.') break;
        }
        items.push(names.length > 1 ? { kind: 'path', names } : piece);
      }
    }
    return items;
  };
  return read('', 0);
}

/** A word in lower case; empty for what isn't one. */
export const wordOf = (item: Item | undefined): string => (item?.kind === 'word' ? item.text.toLowerCase() : '');

export const isSign = (item: Item | undefined, text: string): boolean => item?.kind === 'sign' && item.text === text;

/** The names of an identifier, with or without dots; null for anything else. */
export function namesOf(item: Item | undefined): readonly string[] | null {
  if (item?.kind === 'path') return item.names;
  if (item?.kind !== 'word' && item?.kind !== 'name') return null;
  const name = identifierOf(item);
  return name === null ? null : [name];
}

/** The items between commas. */
export function commaParts(items: readonly Item[]): readonly (readonly Item[])[] {
  const parts: Item[][] = [[]];
  for (const item of items) {
    if (isSign(item, ',')) parts.push([]);
    else parts.at(-1)?.push(item);
  }
  return parts;
}

/** Whether the cursor is one of the items or within them. */
export const holdsCursor = (item: Item): boolean =>
  item.kind === 'cursor' || (item.kind === 'group' && item.items.some(holdsCursor));
