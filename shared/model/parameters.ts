import { quoteIdent, quoteLiteral } from './quote';
import { splitSql } from './sql-split';
import { sqlTokens, type SqlToken } from './sql-tokens';

/** How a parameter is written: `:name` and `$1` are values, `:'name'` is a text, `:"name"` a name. */
export type ParameterForm = 'value' | 'text' | 'name' | 'number';

export interface ParameterPlace {
  readonly name: string;
  readonly form: ParameterForm;
  /** UTF-16 offsets, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

/** What is put in for a parameter; null is NULL. */
export type ParameterValues = ReadonlyMap<string, string | null>;

/** A text with its values, and where its offsets are in the text before. */
export interface FilledText {
  readonly text: string;
  original(offset: number): number;
}

const isPart = (token: SqlToken | undefined, text: string): boolean => token?.kind === 'sign' && token.text === text;

/** `a[1:n]`: the colon of a slice. Whether the token at `index` stands in brackets with no parentheses between. */
function inBrackets(tokens: readonly SqlToken[], index: number): boolean {
  let depth = 0;
  for (let at = index - 1; at >= 0; at -= 1) {
    const text = tokens[at]?.kind === 'sign' ? tokens[at]?.text : '';
    if (text === ']' || text === ')') depth += 1;
    else if (text === '(' && depth > 0) depth -= 1;
    else if (text === '[' && depth > 0) depth -= 1;
    else if (text === '[') return true;
    else if (text === '(' || text === ';') return false;
  }
  return false;
}

/** Statements in which `$1` is something of their own. */
function ownNumbers(tokens: readonly SqlToken[]): boolean {
  const words = tokens.slice(0, 4).map(({ text }) => text.toLowerCase());
  return (
    words[0] === 'prepare' ||
    (words[0] === 'create' && words.some((word) => word === 'function' || word === 'procedure'))
  );
}

/** A parameter with a colon at `index`; null when the colon is another one. */
function colonParameter(tokens: readonly SqlToken[], index: number): ParameterPlace | null {
  const colon = tokens[index];
  const next = tokens[index + 1];
  if (!colon || !next || !isPart(colon, ':') || next.start !== colon.end || next.open) return null;
  const before = tokens[index - 1];
  // `JSON_OBJECT('a':b)` and slices have something right in front of their colon that a parameter never has.
  const touched = before?.end === colon.start && !/^[([,;]$/.test(before.text) && before.kind !== 'operator';
  if (touched || inBrackets(tokens, index)) return null;
  const place = { start: colon.start, end: next.end };
  if (next.kind === 'word') return { ...place, name: next.text, form: 'value' };
  const inner = next.text.slice(1, -1);
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(inner)) return null;
  if (next.kind === 'string') return { ...place, name: inner, form: 'text' };
  return next.kind === 'name' ? { ...place, name: inner, form: 'name' } : null;
}

/**
 * Every place where a text waits for a value. What stands in constants, comments and bodies is left alone; the session's setting says where
 * constants end.
 */
export function parameterPlaces(text: string, standardConformingStrings = true): readonly ParameterPlace[] {
  if (!/:["'\p{L}_]|\$\d/u.test(text)) return [];
  const places: ParameterPlace[] = [];
  for (const statement of splitSql(text, standardConformingStrings).statements) {
    const tokens = sqlTokens(text.slice(statement.start, statement.end), standardConformingStrings).filter(
      ({ kind }) => kind !== 'comment',
    );
    const numbers = !ownNumbers(tokens);
    for (const [index, token] of tokens.entries()) {
      const place =
        token.kind === 'parameter' && numbers
          ? ({ name: token.text, form: 'number', start: token.start, end: token.end } as const)
          : colonParameter(tokens, index);
      if (place) places.push({ ...place, start: place.start + statement.start, end: place.end + statement.start });
    }
  }
  return places;
}

/** As it stands in the statement. A place whose value isn't known stays as it is. */
function written(place: ParameterPlace, text: string, values: ParameterValues): string {
  const value = values.get(place.name);
  if (value === undefined) return text.slice(place.start, place.end);
  if (place.form === 'name') return quoteIdent(value ?? '');
  return value === null ? 'NULL' : quoteLiteral(value);
}

/** The text with values in place of its parameters. */
export function fillParameters(text: string, values: ParameterValues, standardConformingStrings = true): FilledText {
  const pieces: { readonly at: number; readonly length: number; readonly from: number; readonly copied: boolean }[] =
    [];
  let filled = '';
  let from = 0;
  const add = (piece: string, start: number, copied: boolean): void => {
    pieces.push({ at: filled.length, length: piece.length, from: start, copied });
    filled += piece;
  };
  for (const place of parameterPlaces(text, standardConformingStrings)) {
    add(text.slice(from, place.start), from, true);
    add(written(place, text, values), place.start, false);
    from = place.end;
  }
  add(text.slice(from), from, true);
  return {
    text: filled,
    original(offset) {
      const piece = pieces.findLast(({ at }) => at <= offset);
      if (!piece) return offset;
      return piece.copied ? piece.from + Math.min(offset - piece.at, piece.length) : piece.from;
    },
  };
}
