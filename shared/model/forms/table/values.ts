import type { FormState, FormValue, LabelRow, OptionRow, PrivilegeRow } from '../../form';

/*
 * A state comes over the bridge and from records that a form has only begun to fill: whatever is missing or of another type counts as empty.
 */

type Value = FormValue | undefined;

const isList = (value: Value): value is readonly FormValue[] => Array.isArray(value);

const isRecord = (value: Value): value is FormState => typeof value === 'object' && value !== null && !isList(value);

export const text = (value: Value): string => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
};

export const flag = (value: Value): boolean => value === true;

/** A number, or null when none is given. */
export const amount = (value: Value): number | null => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : null;
};

/** Texts of a list, the empty ones left out. */
export const texts = (value: Value): readonly string[] =>
  isList(value) ? value.filter((each): each is string => typeof each === 'string' && each !== '') : [];

export const records = (value: Value): readonly FormState[] => (isList(value) ? value.filter(isRecord) : []);

/** Options that have a name. */
export const options = (value: Value): readonly OptionRow[] =>
  records(value)
    .map((row) => ({ name: text(row['name']), value: text(row['value']) }))
    .filter((row) => row.name !== '');

/** Privileges by grantee; rows without any are left out. */
export const privileges = (value: Value): readonly PrivilegeRow[] =>
  records(value)
    .map((row) => ({
      grantee: text(row['grantee']),
      privileges: texts(row['privileges']),
      grantable: texts(row['grantable']),
    }))
    .filter((row) => row.privileges.length > 0);

/** Security labels that have a provider. */
export const labels = (value: Value): readonly LabelRow[] =>
  records(value)
    .map((row) => ({ provider: text(row['provider']), label: text(row['label']) }))
    .filter((row) => row.provider !== '');
