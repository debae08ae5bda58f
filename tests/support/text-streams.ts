import type { Relation } from '../../electron/control-plane/migration/follow/change-stream';
import type { RecordedValue } from './change-recorder';

const PIECES = [
  "'",
  '"',
  '\\',
  ' ',
  'null',
  ':',
  '[',
  ']',
  '\n',
  'new-tuple:',
  'ü',
  '😀',
  'x',
  ', ',
  '(no-tuple-data)',
  '{',
  '}',
  '\t',
  '',
];
const NAMES = ['id', 'select', 'a b', 'x"y', 'new-tuple', 'Größe', 'null', '1st', 'a.b', 'plain_1', "it's", '[x]:'];

/** A table of the source as its catalog tells it. */
export const relationOf = (
  schema: string,
  name: string,
  columns: readonly string[],
  keys: readonly string[],
  types: Readonly<Record<string, number>> = {},
): Relation => ({
  oid: 16_384 + name.length,
  schema,
  name,
  identity: 'default',
  columns: columns.map((column) => ({
    name: column,
    typeOid: types[column] ?? 25,
    typeModifier: -1,
    key: keys.includes(column),
  })),
});

export function randomTable(below: (below: number) => number): Relation {
  const columns = NAMES.filter(() => below(2) === 0);
  const all = columns.length > 0 ? columns : ['id'];
  return relationOf(NAMES[below(NAMES.length)] ?? 's', NAMES[below(NAMES.length)] ?? 't', all, [all[0] ?? 'id']);
}

/** Text full of what has a meaning in streams of text, NULL, or what was not sent. */
export function randomValue(below: (below: number) => number, unchanged: boolean): RecordedValue {
  const kind = below(unchanged ? 8 : 7);
  if (kind === 7) return undefined;
  if (kind === 6) return null;
  return Array.from({ length: below(6) }, () => PIECES[below(PIECES.length)]).join('');
}
