import { inExpression, NOTHING, shapeBefore, standing, want, words, type Expected } from './expression';
import { COLUMN_RULES, OPERANDS, TABLE_RULES } from './keywords';
import { RULES } from './other-rules';
import type { Place, Spot } from './place';
import { isSign, namesOf, wordOf, type Item } from './sql-tree';

/** The table that a statement is about, for its columns. */
function subject(items: readonly Item[]): readonly string[] | undefined {
  const shape = items.map((item) => (item.kind === 'path' || item.kind === 'name' ? '~' : wordOf(item) || '?'));
  const at = shape.findIndex(
    (word, index) => index > 0 && (word === 'on' || (word === 'table' && shape[0] !== 'grant')),
  );
  let name = at + 1;
  while (['if', 'exists', 'not', 'only'].includes(shape[name] ?? '')) name += 1;
  return at < 0 ? undefined : (namesOf(items[name]) ?? undefined);
}

const TYPED: Expected = want('types', 'schemas');

/** In the columns of CREATE TABLE. */
function inDefinition({ items, index }: Spot): Expected {
  let start = index;
  while (start > 0 && !isSign(items[start - 1], ',')) start -= 1;
  const entry = items.slice(start, index);
  const first = wordOf(entry[0]);
  if (entry.length === 0) return words(...TABLE_RULES);
  if (wordOf(entry.at(-1)) === 'references' || first === 'like') return want('relations', 'schemas');
  if (['constraint', 'primary', 'foreign', 'unique', 'check', 'exclude'].includes(first)) {
    return words(
      'PRIMARY KEY',
      'FOREIGN KEY',
      'UNIQUE',
      'CHECK',
      'REFERENCES',
      'KEY',
      'EXCLUDE USING',
      'ON DELETE CASCADE',
    );
  }
  if (entry.length === 1) return TYPED;
  if (wordOf(entry.at(-1)) === 'default') return { wants: ['functions'], keywords: OPERANDS };
  return words(...COLUMN_RULES);
}

export function inOther(place: Place): Expected {
  const [outer, inner] = place.spots;
  if (!outer) return NOTHING;
  const shape = shapeBefore(outer);
  const about = subject(outer.items);
  if (inner) {
    const deepest = place.spots.at(-1) ?? inner;
    const inside = shapeBefore(deepest);
    if (/^create .*table( if not exists)? \S+$/.test(shape) && deepest === inner) return inDefinition(inner);
    if (/^create .*(function|procedure) \S+$/.test(shape) || shape.endsWith('returns table')) {
      return index0(inner) ? words('IN', 'OUT', 'INOUT', 'VARIADIC') : TYPED;
    }
    if (inside.endsWith(' as')) return TYPED;
    if (/^call \S+$/.test(shape)) return inExpression(deepest.items, deepest.index, []);
    const expected = inExpression(deepest.items, deepest.index, ['ASC', 'DESC', 'NULLS FIRST', 'NULLS LAST']);
    const key = /^create (?!.*(index|policy|trigger)).*|^explain/.test(shape);
    if (/^explain( analyze)?$/.test(shape))
      return words(
        'ANALYZE',
        'VERBOSE',
        'COSTS',
        'BUFFERS',
        'SETTINGS',
        'WAL',
        'TIMING',
        'SUMMARY',
        'MEMORY',
        'SERIALIZE',
        'FORMAT JSON',
      );
    return key ? { ...expected, wants: ['functions'] } : { ...expected, columnsOf: about };
  }
  const { items, index } = outer;
  if (standing(items, index) === 'type') return TYPED;
  const rule = RULES.find(({ after }) => after.test(shape));
  return rule ? { ...rule.give, columnsOf: about } : NOTHING;
}

/** Whether a new entry begins. */
const index0 = ({ items, index }: Spot): boolean => index === 0 || isSign(items[index - 1], ',');
