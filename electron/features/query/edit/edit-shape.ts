import type { NotEditable } from '../../../../shared/model/edit';
import { isKeyword, statementWords, type StatementWord } from '../../../../shared/model/statement-words';

/** Where the rows of a result come from, as far as its statement tells. */
export interface ResultShape {
  /** Rows of child tables are not among them. */
  readonly only: boolean;
}

type Shape = ResultShape | { readonly reason: NotEditable };
type Words = readonly StatementWord[];

const SEVERAL: Shape = { reason: 'several-tables' };
const NOT_ROWS: Shape = { reason: 'not-a-table' };
/** Characters of a statement that are looked at: beyond is no query of a person. */
const MAX_LENGTH = 1_000_000;
/** Bytes of a name that every server keeps. */
const NAME_BYTES = 63;
/** What ends the FROM list of a query at its own level. All are reserved: none is a name or an alias. */
const ENDS = [
  'where',
  'group',
  'having',
  'window',
  'union',
  'intersect',
  'except',
  'order',
  'limit',
  'offset',
  'fetch',
  'for',
];
const COMBINED = ['union', 'intersect', 'except', 'group', 'having'];

/**
 * Whether each row of a statement's result is a row of one relation that it names once. The server tells only which table a column is of: in a
 * self-join that is the same one for rows that are not the same. What is not understood is refused.
 */
export function shapeOf(statement: string, standardConformingStrings: boolean): Shape {
  if (statement.length > MAX_LENGTH) return NOT_ROWS;
  const words = statementWords(statement, standardConformingStrings);
  const first = words.findIndex(({ text }) => text !== '(');
  if (isKeyword(words[first], 'insert')) return changeShape(words, { only: true });
  if (isKeyword(words[first], 'update')) {
    return findClause(words, 0, ['from']) < 0 ? changeShape(words, { only: isKeyword(words[1], 'only') }) : SEVERAL;
  }
  return queryShape(words, first, new Set());
}

/** Rows that a statement changed and returned: those that stood there before are rows no longer. */
function changeShape(words: Words, shape: ResultShape): Shape {
  const returning = findClause(words, 0, ['returning']);
  const given = words.slice(Math.max(0, returning + 1));
  const renamed = isKeyword(given[0], 'with');
  const before = given.some(({ text }, at) => (text === 'old' || text === 'new') && given[at + 1]?.text === '.');
  return returning < 0 || renamed || before ? NOT_ROWS : shape;
}

/** The query whose first word is at `first`; `hidden`: names of WITH queries, which stand for no table. */
function queryShape(all: Words, first: number, hidden: ReadonlySet<string>): Shape {
  const depth = all[first]?.depth ?? 0;
  const end = all.findIndex((word, at) => at > first && word.depth < depth);
  // What follows the parentheses around the query may combine it with another one.
  if (end > 0 && all.slice(end).some((_word, at, rest) => COMBINED.includes(clauseWord(rest, at)))) return NOT_ROWS;
  const words = all.slice(first, end < 0 ? undefined : end);
  if (isKeyword(words[0], 'with')) return withShape(words, hidden);
  if (findClause(words, 0, COMBINED) >= 0) return NOT_ROWS;
  if (isKeyword(words[0], 'table')) return itemShape(words.slice(1, itemEnd(words, 1)), hidden);
  if (!isKeyword(words[0], 'select')) return NOT_ROWS;
  const from = findClause(words, 0, ['from']);
  if (from < 0) return NOT_ROWS;
  if (findClause(words, from + 1, ['from']) >= 0) return SEVERAL;
  return itemShape(words.slice(from + 1, itemEnd(words, from + 1)), hidden);
}

function withShape(words: Words, hidden: ReadonlySet<string>): Shape {
  const depth = words[0]?.depth ?? 0;
  const names = new Set(hidden);
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at];
    if (!word || word.depth !== depth) continue;
    const before = words[at - 1];
    if (at === 1 || before?.text === ',' || isKeyword(before, 'recursive')) {
      const name = plainName(word);
      if (name === null) return NOT_ROWS;
      names.add(name);
    }
    const begins = before?.text === ')' && (isKeyword(word, 'select') || isKeyword(word, 'table') || word.text === '(');
    // After the list of a WITH query's columns there stands AS.
    if (begins) {
      const query = words.findIndex((each, index) => index >= at && each.text !== '(');
      return queryShape(words, query, names);
    }
  }
  return NOT_ROWS;
}

/** What stands in FROM: one table, or one query in parentheses that comes from one. */
function itemShape(item: Words, hidden: ReadonlySet<string>): Shape {
  const depth = item[0]?.depth ?? 0;
  const own = item.filter((word) => word.depth === depth);
  if (own.some((word) => word.text === ',' || isKeyword(word, 'join'))) return SEVERAL;
  if (item[0]?.text === '(') {
    const inner = item.findIndex(({ text }) => text !== '(');
    const query = ['select', 'with', 'table'].some((word) => isKeyword(item[inner], word));
    return query ? queryShape(item, inner, hidden) : SEVERAL;
  }
  const only = isKeyword(item[0], 'only');
  const name = item.slice(only ? 1 : 0).filter(({ text }) => text !== '(');
  if (isKeyword(name[0], 'lateral') || isKeyword(name[0], 'rows')) return NOT_ROWS;
  const plain = plainName(name[0]);
  return plain === null || (name[1]?.text !== '.' && hidden.has(plain)) ? NOT_ROWS : { only };
}

/** A name to compare, any case; null when it is none, or has escapes, or is one that the server cuts. */
function plainName(word: StatementWord | undefined): string | null {
  if (word?.kind !== 'word' && word?.kind !== 'name') return null;
  return /^u&"/i.test(word.text) || Buffer.byteLength(word.text) > NAME_BYTES ? null : word.text.toLowerCase();
}

function itemEnd(words: Words, from: number): number {
  const end = findClause(words, from, ENDS);
  return end < 0 ? words.length : end;
}

/** Index of the first of these key words at the level of the first word; −1 when there is none. */
function findClause(words: Words, from: number, keywords: readonly string[]): number {
  const depth = words[0]?.depth ?? 0;
  return words.findIndex((word, at) => at >= from && word.depth === depth && keywords.includes(clauseWord(words, at)));
}

/** The key word at an index that begins a clause: after a point or AS it is a name, and IS DISTINCT FROM compares. */
function clauseWord(words: Words, at: number): string {
  const word = words[at];
  const before = words[at - 1];
  if (word?.kind !== 'word' || before?.text === '.' || isKeyword(before, 'as')) return '';
  return word.text === 'from' && isKeyword(before, 'distinct') ? '' : word.text;
}
