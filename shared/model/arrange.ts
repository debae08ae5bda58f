import { AppError } from '../errors';
import type { Arrangement, ColumnFilter, ResultColumn } from './query';
import { quoteIdent, quoteLiteral } from './quote';
import { continuation, nextStatement } from './sql-split';

/** A statement within another one that sorts and filters its rows, by the server. Pure; columns by index. */

const RELATION = 'result';
/** Bytes of a name that every server keeps. */
const NAME_BYTES = 63;

/** Types without an equality, or with one that means something else (areas): their texts are compared. Source: pg_type.dat, pg_operator.dat. */
const TEXT_EQUAL = new Set([
  114, 142, 199, 143, 600, 601, 602, 603, 604, 628, 718, 1017, 1018, 1019, 1020, 1027, 629, 719, 2249, 2287, 2278,
]);
/** Types without an order beside those: xid, cid, aclitem and their arrays. */
const TEXT_ORDERED = new Set([...TEXT_EQUAL, 28, 29, 1033, 1011, 1012, 1034]);

export const NO_ARRANGEMENT: Arrangement = { sort: [], filters: [], where: '' };

export const isArranged = ({ sort, filters, where }: Arrangement): boolean =>
  sort.length > 0 || filters.length > 0 || where.trim() !== '';

const utf8Length = (text: string): number => {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
};

function fitted(name: string, suffix: string): string {
  let kept = name;
  while (utf8Length(kept) + suffix.length > NAME_BYTES) kept = [...kept].slice(0, -1).join('');
  return kept + suffix;
}

/**
 * A name of its own for every column, by which a condition says which one it means: the first of equal names stays as it is, the second becomes
 * `name_2` and so on.
 */
export function conditionNames(columns: readonly { readonly name: string }[]): string[] {
  const taken = new Set(columns.map(({ name }) => name));
  const seen = new Set<string>();
  return columns.map(({ name }) => {
    if (name !== '' && !seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = 2;
    let own = fitted(name, `_${number}`);
    while (taken.has(own)) own = fitted(name, `_${(number += 1)}`);
    taken.add(own);
    return own;
  });
}

/**
 * The statement sorted and filtered. Fails with `invalid-input` when the condition could end the wrapper or a column is not there, and with
 * `unsupported` when the text is not one statement.
 */
export function arrangedSql(
  statement: string,
  columns: readonly ResultColumn[],
  arrangement: Arrangement,
  standardConformingStrings = true,
): string {
  const inner = oneStatement(statement, standardConformingStrings);
  if (!isArranged(arrangement)) return inner;
  const names = conditionNames(columns);
  const renamed = names.some((name, index) => name !== columns[index]?.name);
  const reference = (index: number): string => {
    const name = names[index];
    if (name === undefined) {
      throw new AppError({ code: 'invalid-input', message: 'There is no such column', field: 'column' });
    }
    return `${RELATION}.${quoteIdent(name)}`;
  };
  const typeOf = (index: number): number => columns[index]?.typeOid ?? 0;
  const shown = renamed
    ? columns
        .map(({ name }, index) => `${reference(index)} AS ${name === '' ? '"?column?"' : quoteIdent(name)}`)
        .join(', ')
    : '*';
  const list = renamed ? ` (${names.map(quoteIdent).join(', ')})` : '';
  const conditions = arrangement.filters.map((filter) =>
    filterSql(reference(filter.column), typeOf(filter.column), filter),
  );
  if (arrangement.where.trim() !== '') conditions.push(`(\n${checkedCondition(arrangement.where)}\n)`);
  const keys = arrangement.sort.map(({ column, descending }) => {
    const key = TEXT_ORDERED.has(typeOf(column)) ? asText(reference(column)) : reference(column);
    return descending ? `${key} DESC` : key;
  });
  return [
    `SELECT ${shown} FROM (\n${inner}\n) AS ${RELATION}${list}`,
    ...(conditions.length > 0 ? [`WHERE ${conditions.join('\n  AND ')}`] : []),
    ...(keys.length > 0 ? [`ORDER BY ${keys.join(', ')}`] : []),
  ].join('\n');
}

/** The text without semicolon and the comments after it: a comment at the end would swallow what follows. */
function oneStatement(text: string, standard: boolean): string {
  const found = nextStatement(text, 0, standard);
  if (found.kind === 'statement' && nextStatement(text, found.statement.next, standard).kind === 'end') {
    return text.slice(found.statement.start, found.statement.end);
  }
  throw new AppError({ code: 'unsupported', message: 'Only a single statement can be sorted and filtered' });
}

const asText = (reference: string): string => `CAST(${reference} AS pg_catalog.text)`;
/** Patterns know no collation that takes different texts for equal: the database's own never does. */
const asPlainText = (reference: string): string => `${asText(reference)} COLLATE pg_catalog."default"`;
const pattern = (value: string): string => value.replaceAll(/[\\%_]/g, String.raw`\$&`);

/** One test. What is not equal, or does not contain, includes NULL: it is what is left when the equal ones are taken away. */
function filterSql(reference: string, typeOid: number, { test, value }: ColumnFilter): string {
  const equal = TEXT_EQUAL.has(typeOid) ? asText(reference) : reference;
  const ordered = TEXT_ORDERED.has(typeOid) ? asText(reference) : reference;
  const literal = quoteLiteral(value);
  switch (test) {
    case 'equals':
      return `${equal} = ${literal}`;
    case 'not-equals':
      return `${equal} IS DISTINCT FROM ${literal}`;
    case 'less':
      return `${ordered} < ${literal}`;
    case 'at-most':
      return `${ordered} <= ${literal}`;
    case 'greater':
      return `${ordered} > ${literal}`;
    case 'at-least':
      return `${ordered} >= ${literal}`;
    case 'contains':
      return `${asPlainText(reference)} ILIKE ${quoteLiteral(`%${pattern(value)}%`)}`;
    case 'not-contains':
      return `(${asPlainText(reference)} ILIKE ${quoteLiteral(`%${pattern(value)}%`)}) IS NOT TRUE`;
    case 'starts':
      return `${asPlainText(reference)} ILIKE ${quoteLiteral(`${pattern(value)}%`)}`;
    case 'null':
      return `${reference} IS NULL`;
    case 'not-null':
      return `${reference} IS NOT NULL`;
  }
}

/** Why a text cannot stand within parentheses without ending them; null when it can. */
export type ConditionFlaw = 'semicolon' | 'parentheses' | 'quote' | 'comment' | 'zero';

const FLAWS: Readonly<Record<ConditionFlaw, string>> = {
  semicolon: 'A condition has no semicolon',
  parentheses: 'The parentheses of the condition do not match',
  quote: 'A quote in the condition is not closed',
  comment: 'A comment in the condition is not closed',
  zero: 'A condition cannot contain a zero character',
};

function checkedCondition(text: string): string {
  const flaw = conditionFlaw(text);
  if (flaw !== null) throw new AppError({ code: 'invalid-input', message: FLAWS[flaw], field: 'where' });
  return text;
}

/** Looks at a condition as the server's lexer would, under either setting of standard_conforming_strings. */
export const conditionFlaw = (text: string): ConditionFlaw | null => flawWith(text, false) ?? flawWith(text, true);

/** What the lexer takes as one: comments, words, dollar quotes, names. Sticky, in order. */
const LINE_COMMENT = /--[^\n\r]*/y;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;

function matchAt(expression: RegExp, text: string, at: number): string | null {
  expression.lastIndex = at;
  return expression.exec(text)?.[0] ?? null;
}

function flawWith(text: string, backslashes: boolean): ConditionFlaw | null {
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    const comment = matchAt(LINE_COMMENT, text, at);
    const word = matchAt(WORD, text, at);
    const dollar = matchAt(DOLLAR, text, at);
    if (sign === '\0') return 'zero';
    if (comment !== null) at += comment.length;
    else if (text.startsWith('/*', at)) {
      at = blockCommentEnd(text, at);
      if (at < 0) return 'comment';
    } else if (word !== null) {
      at += word.length;
      if (/^[ebx]$/i.test(word) && text.charAt(at) === "'")
        at = stringEnd(text, at, /e/i.test(word) ? 'escapes' : 'bits');
    } else if (sign === "'") at = stringEnd(text, at, backslashes ? 'escapes' : 'plain');
    else if (sign === '"') at = closing(text, '"', at + 1);
    else if (dollar !== null) at = closing(text, dollar, at + dollar.length);
    else {
      if (sign === ';') return 'semicolon';
      if (sign === '(') depth += 1;
      if (sign === ')') depth -= 1;
      if (depth < 0) return 'parentheses';
      at += 1;
    }
    if (at < 0) return 'quote';
  }
  return depth === 0 ? null : 'parentheses';
}

/** Offset after the next `mark`; −1 when there is none. */
function closing(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? -1 : found + mark.length;
}

function blockCommentEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length - 1; at += 1) {
    if (text.startsWith('/*', at)) {
      depth += 1;
      at += 1;
    } else if (text.startsWith('*/', at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/**
 * Offset after the constant whose quote is at `from`, its parts on further lines included; −1 when it does not end. In `bits` two quotes are
 * no quote in the text: they end one constant and begin another.
 */
function stringEnd(text: string, from: number, form: 'plain' | 'escapes' | 'bits'): number {
  for (let at = from + 1; at < text.length;) {
    const sign = text.charAt(at);
    if (sign === '\\' && form === 'escapes') at += 2;
    else if (sign !== "'") at += 1;
    else if (text.charAt(at + 1) === "'" && form !== 'bits') at += 2;
    else {
      const more = continuation(text, at + 1);
      if (more < 0) return at + 1;
      at = more;
    }
  }
  return -1;
}
