import { useEffect, useState } from 'react';
import type { Choice } from '../../../../shared/model/form';
import { presentError } from '../../../ui/error-presenter';
import { useForm, type FieldProps } from './form-context';
import { rowsOf, textOf } from './form-model';

const NONE: readonly Choice[] = [];

/** Choices of a field: fixed ones and those typed elsewhere in the form at once, those of the server when `wanted` (its list was opened). */
export function useChoices({ field, state }: FieldProps, wanted: boolean): readonly Choice[] {
  const form = useForm();
  const { choices } = form;
  const [read, setRead] = useState<{ readonly key: string; readonly choices: readonly Choice[] } | null>(null);
  const source = typeof field.choices === 'string' ? field.choices : null;
  const on = field.choicesOf;
  const of = on === undefined ? '' : textOf(state[on] ?? form.state[on]);
  const key = `${source ?? ''} ${of}`;
  useEffect(() => {
    if (source === null || !wanted) return undefined;
    let current = true;
    choices(source, of).then((found) => {
      if (current) setRead({ key, choices: found });
    }, presentError);
    return () => {
      current = false;
    };
  }, [source, of, key, wanted, choices]);
  if (typeof field.choices === 'object') return field.choices;
  const known = read?.key === key ? read.choices : NONE;
  if (field.choicesFrom === undefined) return known;
  const names = new Set(rowsOf(form.state[field.choicesFrom]).map((row) => textOf(row['name'])));
  const typed = [...names].filter((name) => name !== '' && !known.some(({ value }) => value === name));
  return [...known, ...typed.map((value) => ({ value }))];
}
