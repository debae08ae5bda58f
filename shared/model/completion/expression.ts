import { AFTER_IS, OPERANDS, OPERATIONS } from './keywords';
import type { Spot } from './place';
import { isSign, wordOf, type Item } from './sql-tree';

/** Kinds of things that fit where the cursor stands. */
export type Want =
  | 'relations'
  | 'joins'
  | 'functions'
  /** Functions that give rows. */
  | 'row-functions'
  | 'procedures'
  | 'columns'
  /** Of a function or DO block. */
  | 'variables'
  | 'types'
  | 'schemas'
  | 'roles'
  | 'databases'
  | 'settings';

export interface Expected {
  readonly wants: readonly Want[];
  readonly keywords: readonly string[];
  /** Only the columns of this relation, instead of all in scope. */
  readonly columnsOf?: readonly string[] | undefined;
  /** Whether all of those columns are offered as one. */
  readonly allColumns?: boolean;
}

export const NOTHING: Expected = { wants: [], keywords: [] };
export const words = (...keywords: string[]): Expected => ({ wants: [], keywords });
export const want = (...wants: Want[]): Expected => ({ wants, keywords: [] });

/** Words after which a value is expected. */
const BEFORE_OPERAND = new Set(
  (
    'select distinct all where and or not on by having case when then else in like ilike between any some set values returning limit ' +
    'offset perform return if elsif while check default from similar to using variadic filter over symmetric raise exception notice'
  ).split(' '),
);

export type Standing = 'operand' | 'after' | 'type' | 'nothing' | 'is' | 'by' | 'zone';

/** What the item before the cursor lets follow within an expression. */
export function standing(items: readonly Item[], index: number): Standing {
  const before = items[index - 1];
  if (before === undefined) return 'operand';
  if (before.kind === 'operator') {
    if (before.text === '::') return 'type';
    const left = items[index - 2];
    const star =
      before.text === '*' &&
      (left === undefined || isSign(left, ',') || isSign(left, '.') || wordOf(left) === 'select');
    return star ? 'after' : 'operand';
  }
  if (before.kind === 'sign') return before.text === ',' ? 'operand' : 'nothing';
  if (before.kind === 'group' && before.square) return 'after';
  const word = wordOf(before);
  if (word === 'as') return 'nothing';
  if (word === 'is' || (word === 'not' && wordOf(items[index - 2]) === 'is')) return 'is';
  if (word === 'group' || word === 'order' || word === 'partition') return 'by';
  if (word === 'at') return 'zone';
  return BEFORE_OPERAND.has(word) ? 'operand' : 'after';
}

export const VALUE: Expected = { wants: ['columns', 'functions'], keywords: OPERANDS };

/** What else can begin a value behind some words. */
function operandWords(items: readonly Item[], index: number): readonly string[] {
  const before = wordOf(items[index - 1]);
  if (before === 'case') return ['WHEN'];
  if (before === 'select') return ['DISTINCT', 'DISTINCT ON', 'ALL'];
  return before === 'not' && index > 1 ? ['IN', 'LIKE', 'ILIKE', 'BETWEEN'] : [];
}

/** Within an expression; `followers` are the words that may come after a value. */
export function inExpression(items: readonly Item[], index: number, followers: readonly string[]): Expected {
  switch (standing(items, index)) {
    case 'operand':
      return { ...VALUE, keywords: [...OPERANDS, ...operandWords(items, index)] };
    case 'after':
      return words(...OPERATIONS, ...followers);
    case 'type':
      return want('types', 'schemas');
    case 'is':
      return words(...AFTER_IS);
    case 'by':
      return words('BY');
    case 'zone':
      return words('TIME ZONE');
    case 'nothing':
      return NOTHING;
  }
}

/** The text before a spot as words: names that dots join are `~`, groups `()`. */
export function shapeBefore({ items, index }: Spot): string {
  return items
    .slice(0, index)
    .map((item) => {
      if (item.kind === 'path' || item.kind === 'name') return '~';
      if (item.kind === 'group') return '()';
      return item.kind === 'cursor' ? '' : item.text.toLowerCase();
    })
    .join(' ');
}
