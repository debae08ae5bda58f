import type { PropertyItem } from '../../../shared/model/catalog';
import { columnFormat } from '../../../shared/model/catalog-rules';
import { formatBytes, formatCount, formatTime } from '../../ui/bytes';

export type BooleanWords = (value: boolean) => string;

/** Digits beyond what a double holds are kept as they are. */
const count = (value: string, language: string): string => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? formatCount(number, language) : value;
};

/** An item's value as a person reads it. */
export function formatItem(item: PropertyItem, language: string, words: BooleanWords): string {
  switch (item.kind) {
    case 'bytes':
      return formatBytes(Number(item.value));
    case 'count':
      return count(item.value, language);
    case 'boolean':
      return words(item.value === 'true' || item.value === 't');
    case 'time': {
      const at = Date.parse(item.value);
      return Number.isNaN(at) ? item.value : formatTime(at, language);
    }
    default:
      return item.value;
  }
}

/** Whether a column holds figures, which stand at the right. */
export const isFigure = (column: string): boolean => ['bytes', 'count'].includes(columnFormat(column));

/** A cell of a grid. */
export function formatCell(column: string, value: string, language: string, words: BooleanWords): string {
  return value === '' ? '' : formatItem({ key: column, value, kind: columnFormat(column) }, language, words);
}
