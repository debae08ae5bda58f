import { inExpression, NOTHING, shapeBefore, VALUE, want, words, type Expected } from './expression';
import { FOLLOWERS, OPERANDS, STATEMENTS } from './keywords';
import { clauseAt, type Place, type Spot } from './place';
import { isSign, wordOf, type Item } from './sql-tree';

const SOURCES: Expected = {
  wants: ['relations', 'row-functions', 'schemas'],
  keywords: ['LATERAL', 'ONLY', 'ROWS FROM', 'UNNEST', 'VALUES'],
};
const TARGETS: Expected = { wants: ['relations', 'schemas'], keywords: ['ONLY'] };

/** Whether the cursor stands where a source is expected, in a list that begins at `start`. */
const sourceExpected = (items: readonly Item[], index: number, start: number): boolean =>
  index === start || isSign(items[index - 1], ',') || ['lateral', 'only'].includes(wordOf(items[index - 1]));

/** In a query's own items. */
export function inClause(items: readonly Item[], index: number, target: readonly string[] | null): Expected {
  const { clause, start } = clauseAt(items, index);
  const before = wordOf(items[index - 1]);
  const followers = FOLLOWERS[clause] ?? [];
  switch (clause) {
    case '':
      return words(...STATEMENTS);
    case 'from':
    case 'join':
    case 'table':
      if (wordOf(items[0]) === 'delete' && clause === 'from' && index === start) return TARGETS;
      if (sourceExpected(items, index, start))
        return clause === 'join' ? { ...SOURCES, wants: ['joins', ...SOURCES.wants] } : SOURCES;
      if (before === 'as') return NOTHING;
      if (['left', 'right', 'full', 'inner', 'cross', 'natural', 'outer'].includes(before))
        return words('JOIN', 'OUTER JOIN');
      return words(
        ...(clause === 'join' ? ['ON', 'USING'] : []),
        ...(FOLLOWERS[wordOf(items[0]) === 'delete' ? 'delete' : 'from'] ?? []),
      );
    case 'using':
      // DELETE … USING and MERGE … USING name sources; JOIN … USING has its columns in parentheses.
      if (index === start && clauseAt(items, start - 1).clause !== 'join') return SOURCES;
      return words(...followers);
    case 'into':
      if (index === start) return TARGETS;
      if (before === 'as') return NOTHING;
      return words(...(FOLLOWERS[wordOf(items[0])] ?? []));
    case 'update':
      if (index === start || before === 'only') return TARGETS;
      return before === 'as' ? NOTHING : words(...followers);
    case 'insert':
    case 'merge':
      return index === start ? words('INTO') : words(...followers);
    case 'delete':
      return index === start ? words('FROM') : words(...followers);
    case 'set':
      if (index === start || isSign(items[index - 1], ','))
        return { ...want('columns'), columnsOf: target ?? undefined };
      return inExpression(items, index, followers);
    case 'conflict':
      if (before === 'constraint') return NOTHING;
      return words(...followers);
    case 'when':
      return before === 'and' ? VALUE : words(...followers);
    case 'limit':
    case 'offset':
      return index === start ? { wants: ['functions'], keywords: ['ALL'] } : words(...followers);
    case 'group':
    case 'order':
      if (before === 'by') return { ...VALUE, keywords: [...OPERANDS, 'ROLLUP', 'CUBE', 'GROUPING SETS'] };
      return inExpression(items, index, followers);
    case 'for':
      return before === 'of' ? want('columns') : words(...followers);
    case 'fetch':
    case 'tablesample':
      return words(...followers);
    case 'values':
      return index === start ? NOTHING : words(...followers);
    default:
      return inExpression(items, index, followers);
  }
}

/** In parentheses that hold no query. */
export function inGroup(place: Place, outer: Spot, inner: Spot): Expected {
  const { items, index } = inner;
  const shape = shapeBefore(outer);
  const target = place.levels[0]?.query.target ?? undefined;
  if (/(^| )as$/.test(shapeBefore(inner)) && /(^| )cast$/.test(shape)) return want('types', 'schemas');
  if (/^insert into \S+( as \S+)?$/.test(shape) || shape.endsWith('on conflict')) {
    const first = index === 0;
    return { ...want('columns'), columnsOf: target, allColumns: first && !shape.endsWith('conflict') };
  }
  if (/(^| )using$/.test(shape) || / set( |.* , )?$/.test(shape)) {
    return { ...want('columns'), ...(shape.endsWith('using') ? {} : { columnsOf: target }) };
  }
  const { clause, start } = place.levels[0] ? clauseAt(outer.items, outer.index) : { clause: '', start: 0 };
  const joins = ['from', 'join'].includes(clause) && sourceExpected(outer.items, outer.index, start);
  if (joins) {
    const within = clauseAt(items, index);
    if (within.clause === '' && index === 0)
      return { ...SOURCES, keywords: ['SELECT', 'WITH', 'VALUES', ...SOURCES.keywords] };
    if (within.clause !== '') return inClause(items, index, null);
    return isSign(items[index - 1], ',') ? SOURCES : words(...(FOLLOWERS['from'] ?? []));
  }
  const expected = inExpression(items, index, [
    'ORDER BY',
    'PARTITION BY',
    'ASC',
    'DESC',
    'ROWS',
    'RANGE',
    'GROUPS',
    'AS',
    'FROM',
    'FOR',
  ]);
  const opens = index === 0 ? ['SELECT', 'WITH', 'VALUES', 'DISTINCT', 'PARTITION BY', 'ORDER BY', 'WHERE'] : [];
  return { ...expected, keywords: [...expected.keywords, ...opens] };
}
