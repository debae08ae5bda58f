import type { PropertyItem } from '../../../shared/model/catalog';
import { formatBytes, formatCount, formatTime } from '../../ui/bytes';

/** Columns of grids that are figures. */
const FIGURES: Readonly<Record<string, 'bytes' | 'count'>> = { size: 'bytes', number: 'count' };
const BOOLEANS = new Set(['notNull', 'validated', 'valid', 'admin']);

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

export const isFigure = (column: string): boolean => column in FIGURES;

/** A cell of a property grid. */
export function formatCell(column: string, value: string, language: string, words: BooleanWords): string {
  if (value === '') return '';
  if (FIGURES[column] === 'bytes') return formatBytes(Number(value));
  if (FIGURES[column] === 'count') return count(value, language);
  return BOOLEANS.has(column) ? words(value === 'true' || value === 't') : value;
}
