import type { EditColumn, EditTarget, NewValue } from '../../../../shared/model/edit';

/** How a cell is written into. */
export type CellKind = 'inline' | 'choice' | 'large';

/** Characters that a line can hold; longer texts get an editor of their own. */
export const INLINE_LENGTH = 400;

const LARGE_TYPES = new Set(['json', 'jsonb', 'xml']);

export const isJson = ({ type }: EditColumn): boolean => type === 'json' || type === 'jsonb';

/** Why a cell can't be written into; null when it can. Keys in the translations of `data.fixed`. */
export function whyFixed(target: EditTarget, column: EditColumn, isNew: boolean): string | null {
  if (column.fixed !== '') return column.fixed;
  if (column.type === 'bytea') return 'binary';
  if (isNew ? !target.mayInsert : !target.mayUpdate) return 'no-privilege';
  return null;
}

export function cellKind(column: EditColumn, value: string | null | undefined): CellKind {
  if (column.type === 'boolean' || column.labels.length > 0) return 'choice';
  if (LARGE_TYPES.has(column.type)) return 'large';
  return value != null && (value.length > INLINE_LENGTH || value.split('\n').length > 4) ? 'large' : 'inline';
}

/** The values of a column that has few: as the server writes them, and as a person reads them. */
export const choicesOf = (column: EditColumn): readonly { readonly value: string; readonly label: string }[] =>
  column.type === 'boolean'
    ? [
        { value: 't', label: 'true' },
        { value: 'f', label: 'false' },
      ]
    : column.labels.map((value) => ({ value, label: value }));

/**
 * A field makes every line break `\n`: lines before and after what was edited get their own breaks back (`\r\n`, `\r`), and those within it the
 * first break of the text.
 */
export function withBreaksOf(original: NewValue, edited: string): string {
  if (typeof original !== 'string' || !original.includes('\r')) return edited;
  const breaks = original.match(/\r\n|\r|\n/g) ?? [];
  const before = original.split(/\r\n|\r|\n/);
  const after = edited.split(/\r\n|\r|\n/);
  const most = Math.min(before.length, after.length) - 1;
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return after
    .map((line, index) => {
      const left = after.length - 1 - index;
      if (left === 0) return line;
      const own = index < head ? breaks[index] : left <= tail ? breaks.at(-left) : breaks[0];
      return line + (own ?? '\n');
    })
    .join('');
}

/** Whether two values are the same; DEFAULT is DEFAULT. */
export const sameValue = (a: NewValue | undefined, b: NewValue | undefined): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null);
