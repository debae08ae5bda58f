import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnyForm, Choice, FieldProblem } from '../../../../shared/model/form';

/** Texts of one form: its own translations first, then those that all forms share. */
export interface FormWords {
  readonly t: TFunction<'forms'>;
  field(id: string): string;
  /** A column of a list: `<kind>.<list>-<column>`, or what the column is called anywhere. */
  column(list: string, id: string): string;
  tab(id: string): string;
  problem(problem: FieldProblem): string;
  /** `<kind>.<field>-<value>`, a text of `forms.choices`, or the choice's own. */
  choice(field: string, choice: Choice): string;
  readonly kind: string;
}

/** Only plain values can be a part of a key. */
const PLAIN = /^[\w -]+$/u;

export function useFormWords(form: AnyForm): FormWords {
  const { t, i18n } = useTranslation('forms');
  return useMemo(() => {
    const prefix = form.variant === '' ? form.kind : `${form.kind}-${form.variant}`;
    const own = `${form.words}:${prefix}`;
    const first = (keys: readonly string[], values: Readonly<Record<string, string | number>> = {}): string | null => {
      const key = keys.find((each) => i18n.exists(each));
      return key === undefined ? null : i18n.t(key, values);
    };
    const named = (keys: readonly string[], fallback: string): string => first(keys) ?? fallback;
    return {
      t,
      field: (id) => named([`${own}.${id}`, `forms:fields.${id}`], id),
      column: (list, id) => named([`${own}.${list}-${id}`, `${own}.${id}`, `forms:fields.${id}`], id),
      tab: (id) => named([`${form.words}:tabs.${id}`, `forms:tabs.${id}`], id),
      problem: ({ problem, values }) =>
        first([`${form.words}:problems.${problem}`, `forms:problems.${problem}`], values) ?? problem,
      choice: (field, { value, text }) => {
        const plain = PLAIN.test(value) ? [`${own}.${field}-${value}`, `forms:choices.${value}`] : [];
        return text ?? named(value === '' ? [`${own}.${field}-none`] : plain, value);
      },
      kind: named([`${form.words}:kinds.${prefix}`, `catalog:kinds.${form.kind}`], form.kind),
    };
  }, [form, t, i18n]);
}
