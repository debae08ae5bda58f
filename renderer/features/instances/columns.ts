import { readPreference, writePreference } from './preferences';

/** What of an instance the list can show beside its name and the operations, in the order it stands. */
export const COLUMNS = [
  'status',
  'zone',
  'configuration',
  'version',
  'billing',
  'address',
  'public',
  'project',
  'tags',
  'created',
] as const;
export type Column = (typeof COLUMNS)[number];

const USUAL: readonly Column[] = ['status', 'zone', 'configuration', 'version', 'billing', 'address'];

/** Reads a saved choice; what this version does not know is left out. */
export function columnsFrom(text: string | null): readonly Column[] {
  if (text === null) return USUAL;
  const names = text.split(',');
  return COLUMNS.filter((column) => names.includes(column));
}

export const readColumns = (): readonly Column[] => columnsFrom(readPreference('columns'));

export const saveColumns = (columns: readonly Column[]): void => writePreference('columns', columns.join(','));
