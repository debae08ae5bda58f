import type { SqlToken } from '../sql-tokens';
import type { DatabaseNames } from './names';
import { enterOther, enterQuery, type Place } from './place';
import { startsQuery } from './query-shape';
import { holdsCursor, namesOf, wordOf, type Item } from './sql-tree';

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

/** Where the cursor stands in a statement that is no body. */
export function placeIn(items: readonly Item[]): Place {
  const cursor = items.findIndex(holdsCursor);
  // A cursor in the first word: the statement isn't known yet.
  if (cursor === 0 && items[0]?.kind === 'cursor') return enterOther(items.slice(0, 1));
  const start = queryStart(items, cursor);
  return start >= 0 ? enterQuery(items.slice(start), { levels: [], ctes: [] }) : enterOther(items);
}

/** Tables whose rows NEW and OLD are: of the trigger's function, or of the statement that makes a trigger. */
export function rowTables(names: DatabaseNames, outer: readonly Item[]): readonly number[] {
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

/** Where the content of a dollar-quoted body begins and ends. */
export function bodyRange(token: SqlToken): { start: number; end: number } {
  const tag = token.text.indexOf('$', 1) + 1;
  return { start: token.start + tag, end: token.open ? token.end : token.end - tag };
}
