import { inClause, inGroup } from './clauses';
import { NOTHING, words, type Expected } from './expression';
import { inOther } from './other-statements';
import type { Place } from './place';
import { isSign, wordOf } from './sql-tree';

/** What fits at the cursor. */
export function expectedAt(place: Place): Expected {
  if (place.naming) {
    const [spot] = place.spots;
    const before = spot?.items[spot.index - 1];
    if (before === undefined || isSign(before, ',') || ['with', 'recursive'].includes(wordOf(before)))
      return words('RECURSIVE');
    if (wordOf(before) === 'as') return words('MATERIALIZED', 'NOT MATERIALIZED');
    return before.kind === 'group'
      ? words('SELECT', 'INSERT INTO', 'UPDATE', 'DELETE FROM', 'AS', 'MERGE INTO', 'SEARCH', 'CYCLE')
      : words('AS');
  }
  const [own, ...nested] = place.spots;
  const level = place.levels[0];
  if (!own) return NOTHING;
  if (!level) return inOther(place);
  const inner = nested.at(-1);
  if (inner) return inGroup(place, place.spots.at(-2) ?? own, inner);
  return inClause(own.items, own.index, level.query.target);
}
