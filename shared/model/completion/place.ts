import type { Cte, Query } from './query-shape';
import { readQuery, readWith, setParts, startsQuery } from './query-shape';
import type { Level } from './scope';
import { holdsCursor, wordOf, type Group, type Item } from './sql-tree';

/** A list of items and where in it the cursor stands, or the group that holds it. */
export interface Spot {
  readonly items: readonly Item[];
  readonly index: number;
}

/** Where the cursor stands. */
export interface Place {
  /** Queries around it, innermost first. */
  readonly levels: readonly Level[];
  /** Expressions of WITH that can be seen, nearest first. */
  readonly ctes: readonly Cte[];
  /** From the innermost query's own items (or the statement's) to the innermost parentheses. */
  readonly spots: readonly Spot[];
  /** Within WITH, outside of its expressions. */
  readonly naming: boolean;
}

/** Words that begin a clause of a query or of a statement that changes rows. */
const CLAUSES = new Set(
  (
    'select perform from join on using where group order having limit offset fetch for window set values returning into update insert ' +
    'delete merge table when conflict tablesample'
  ).split(' '),
);

/** The clause that the item at `index` stands in, and where that begins; empty before the first. */
export function clauseAt(items: readonly Item[], index: number): { clause: string; start: number } {
  for (let at = Math.min(index, items.length) - 1; at >= 0; at -= 1) {
    const word = wordOf(items[at]);
    const before = wordOf(items[at - 1]);
    if (!CLAUSES.has(word) || before === 'distinct') continue;
    // `CASE WHEN` is an expression; `WHEN MATCHED` belongs to MERGE.
    if (word === 'when' && !['matched', 'not'].includes(wordOf(items[at + 1]))) continue;
    if (word === 'update' && before === 'for') continue;
    if (word === 'delete' && before === 'then') continue;
    return { clause: word === 'perform' ? 'select' : word, start: at + 1 };
  }
  return { clause: '', start: 0 };
}

const QUERY = new Set(['select', 'with', 'values', 'table']);

/** Where the query of INSERT … SELECT begins when the cursor stands in it. */
function insertedQuery(items: readonly Item[], cursor: number): number {
  if (wordOf(items[0]) !== 'insert') return -1;
  const start = items.findIndex((item, at) => at > 2 && QUERY.has(wordOf(item)));
  if (start < 0 || start >= cursor || wordOf(items[start]) === 'values') return -1;
  const tail = items.findIndex(
    (item, at) =>
      at > start && (wordOf(item) === 'returning' || (wordOf(item) === 'on' && wordOf(items[at + 1]) === 'conflict')),
  );
  return tail >= 0 && tail < cursor ? -1 : start;
}

interface Around {
  readonly levels: readonly Level[];
  readonly ctes: readonly Cte[];
}

/** Whether a group stands where a source is expected and can't look at its neighbours. */
function hidesSources(items: readonly Item[], index: number): boolean {
  const { clause } = clauseAt(items, index);
  return (clause === 'from' || clause === 'join' || clause === 'using') && wordOf(items[index - 1]) !== 'lateral';
}

function withQuery(around: Around, query: Query, ctes: readonly Cte[]): Around {
  return { levels: [{ query, sourcesSeen: true }, ...around.levels], ctes: [...ctes.toReversed(), ...around.ctes] };
}

/** Goes down into the group at a spot. */
function enterGroup(group: Group, spots: readonly Spot[], around: Around): Place {
  const spot = spots.at(-1);
  if (startsQuery(group.items)) {
    const [level, ...outer] = around.levels;
    const hidden = spot !== undefined && level !== undefined && hidesSources(spot.items, spot.index);
    return enterQuery(
      group.items,
      hidden ? { ...around, levels: [{ ...level, sourcesSeen: false }, ...outer] } : around,
    );
  }
  return descend(group.items, spots, around);
}

function descend(items: readonly Item[], spots: readonly Spot[], around: Around): Place {
  const index = items.findIndex(holdsCursor);
  const here = [...spots, { items, index }];
  const held = items[index];
  if (held?.kind === 'group') return enterGroup(held, here, around);
  return { ...around, spots: here, naming: false };
}

/** Finds the cursor in a query or a statement that changes rows. */
export function enterQuery(all: readonly Item[], around: Around): Place {
  const first = all[0];
  if (first?.kind === 'group' && holdsCursor(first) && startsQuery(all)) return enterQuery(first.items, around);
  const { ctes, next } = readWith(all);
  const at = all.findIndex(holdsCursor);
  if (at < next) {
    const held = all[at];
    const recursive = wordOf(all[1]) === 'recursive';
    const earlier = ctes.filter((cte) => recursive || !cte.query.items.some(holdsCursor));
    const before = recursive ? earlier : earlier.slice(0, ctesBefore(ctes));
    const inside = { ...around, ctes: [...before.toReversed(), ...around.ctes] };
    if (held?.kind === 'group' && ['as', 'materialized'].includes(wordOf(all[at - 1])))
      return enterQuery(held.items, inside);
    return { ...around, spots: [{ items: all, index: at }], naming: true };
  }
  const statement = all.slice(next);
  const start = insertedQuery(statement, at - next);
  if (start >= 0)
    return enterQuery(statement.slice(start), { ...around, ctes: [...ctes.toReversed(), ...around.ctes] });
  const items = setParts(statement).find((part) => part.some(holdsCursor)) ?? [];
  const held = items[0];
  if (held?.kind === 'group' && holdsCursor(held) && startsQuery(held.items)) {
    return enterQuery(held.items, { ...around, ctes: [...ctes.toReversed(), ...around.ctes] });
  }
  return descend(items, [], withQuery(around, readQuery(all), ctes));
}

/** How many expressions stand before the one with the cursor. */
function ctesBefore(ctes: readonly Cte[]): number {
  const holder = ctes.findIndex(({ query }) => query.items.some(holdsCursor));
  return holder < 0 ? ctes.length : holder;
}

/** Finds the cursor in a statement that is no query. */
export const enterOther = (items: readonly Item[]): Place => descend(items, [], { levels: [], ctes: [] });
