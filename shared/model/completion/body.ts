import { enterQuery, type Place } from './place';
import { startsQuery } from './query-shape';
import { holdsCursor, isSign, wordOf, type Item } from './sql-tree';

/** Words in front of a statement within a function. */
const BEFORE_STATEMENT = new Set('begin then else loop query in for is as declare'.split(' '));
const STARTS = new Set('select with insert update delete merge values perform table'.split(' '));

/** What the cursor stands in within the body of a function. */
export type BodyPlace =
  | { readonly kind: 'query'; readonly place: Place }
  /** A statement may begin here. */
  | { readonly kind: 'start' }
  /** A declaration: a type is expected when a name stands before it. */
  | { readonly kind: 'declaration'; readonly named: boolean }
  | { readonly kind: 'expression'; readonly items: readonly Item[]; readonly index: number };

/** Finds the cursor among the statements of a body: plain SQL or PL/pgSQL. */
export function placeInBody(all: readonly Item[]): BodyPlace {
  const cursor = all.findIndex(holdsCursor);
  let from = cursor;
  while (from > 0 && !isSign(all[from - 1], ';')) from -= 1;
  let end = all.findIndex((item, at) => at > cursor && isSign(item, ';'));
  if (end < 0) end = all.length;
  let start = -1;
  for (let at = from; at < cursor; at += 1) {
    const before = wordOf(all[at - 1]);
    if (STARTS.has(wordOf(all[at])) && (at === from || BEFORE_STATEMENT.has(before))) start = at;
    if (start >= 0 && wordOf(all[at]) === 'loop') start = -1;
  }
  if (start >= 0) {
    const items = all.slice(start, end);
    return { kind: 'query', place: enterQuery(items, { levels: [], ctes: [] }) };
  }
  const before = all[cursor - 1];
  const begin = all.findLastIndex((item, at) => at < cursor && ['begin', 'declare'].includes(wordOf(item)));
  const given = all.slice(from, cursor).some((item) => isSetting(item) || wordOf(item) === 'default');
  if (wordOf(all[begin]) === 'declare' && !given)
    return { kind: 'declaration', named: cursor - Math.max(from, begin + 1) > 0 };
  if (
    before === undefined ||
    isSign(before, ';') ||
    ['begin', 'then', 'else', 'loop', 'query'].includes(wordOf(before))
  )
    return { kind: 'start' };
  return inValue(all.slice(from, end), cursor - from);
}

const isSetting = (item: Item): boolean => item.kind === 'operator' && (item.text === ':=' || item.text === '=');

/** In an expression, or in what stands in parentheses there. */
function inValue(items: readonly Item[], index: number): BodyPlace {
  const held = items[index];
  if (held?.kind !== 'group') return { kind: 'expression', items, index };
  if (startsQuery(held.items)) return { kind: 'query', place: enterQuery(held.items, { levels: [], ctes: [] }) };
  return inValue(held.items, held.items.findIndex(holdsCursor));
}
