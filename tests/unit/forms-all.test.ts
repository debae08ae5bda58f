import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHOICE_SOURCES, type AnyForm, type FormContext, type FormField } from '../../shared/model/form';
import { FORMS } from '../../shared/model/forms/all-forms';
import { columnsOf, problemsOf, shownTabs } from '../../renderer/features/catalog/forms/form-model';

const folder = resolve(import.meta.dirname, '../../resources/translations');

/** Reads a text by its dotted key; undefined when it is not there. */
function reader(language: string): (file: string, key: string) => unknown {
  const files = new Map<string, unknown>();
  return (file, key) => {
    if (!files.has(file)) files.set(file, JSON.parse(readFileSync(resolve(folder, language, `${file}.json`), 'utf8')));
    let at: unknown = files.get(file);
    for (const part of key.split('.')) at = typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined;
    return at;
  };
}

const nameOf = (form: AnyForm): string => (form.variant === '' ? form.kind : `${form.kind}-${form.variant}`);

const contextOf = (mode: 'create' | 'edit', version: number): FormContext => ({
  mode,
  version,
  database: 'd',
  parent: null,
  object: null,
  user: 'u',
});

it('has each form once', () => {
  const names = FORMS.map((form) => nameOf(form));
  expect(names).toEqual([...new Set(names)]);
});

describe.each(FORMS.map((form) => [nameOf(form), form] as const))('The form of %s', (name, form) => {
  const fields = form.tabs.flatMap((tab) => tab.fields);

  it('names each field once', () => {
    const ids = fields.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const field of fields) {
      const columns = columnsOf(field).map(({ id }) => id);
      expect(columns).toEqual([...new Set(columns)]);
    }
  });

  it.each(['en', 'zh-CN'])('has its words in %s', (language) => {
    const text = reader(language);
    const missing: string[] = [];
    const want = (...places: readonly (readonly [string, string])[]): void => {
      if (!places.some(([file, key]) => typeof text(file, key) === 'string')) missing.push(places[0]?.[1] ?? '');
    };
    want([form.words, `kinds.${name}`], ['catalog', `kinds.${form.kind}`]);
    for (const tab of form.tabs) want([form.words, `tabs.${tab.id}`], ['forms', `tabs.${tab.id}`]);
    const visit = (field: FormField, list: FormField | null): void => {
      want(
        ...(list ? [[form.words, `${name}.${list.id}-${field.id}`] as const] : []),
        [form.words, `${name}.${field.id}`],
        ['forms', `fields.${field.id}`],
      );
      for (const column of columnsOf(field)) visit(column, field);
    };
    for (const field of fields) visit(field, null);
    expect(missing).toEqual([]);
  });

  it('knows where its choices come from, and on what they depend', () => {
    const unknown: string[] = [];
    const visit = (field: FormField, ids: readonly string[]): void => {
      const { choices, choicesOf } = field;
      if (typeof choices === 'string' && !CHOICE_SOURCES.includes(choices)) unknown.push(`${field.id}: ${choices}`);
      if (choicesOf !== undefined && !ids.includes(choicesOf)) unknown.push(`${field.id}: ${choicesOf}`);
      const columns = columnsOf(field);
      for (const column of columns) visit(column, [...ids, ...columns.map(({ id }) => id)]);
    };
    const ids = [...fields.map(({ id }) => id), ...Object.keys(form.initial(contextOf('create', 180_000)))];
    for (const field of fields) visit(field, ids);
    expect(unknown).toEqual([]);
  });

  it.each([100_000, 140_000, 180_000])('starts with every field that it shows, on %i', (version) => {
    for (const mode of ['create', 'edit'] as const) {
      const context = contextOf(mode, version);
      const state = form.initial(context);
      for (const tab of shownTabs(form, state, context)) {
        for (const field of tab.fields) {
          if (field.kind !== 'fact' && field.only !== 'edit') expect(Object.keys(state)).toContain(field.id);
        }
      }
      expect(() => problemsOf(form, state, null, context)).not.toThrow();
    }
  });

  it('changes nothing where nothing was changed', () => {
    if (!form.editable) return;
    const context = {
      ...contextOf('edit', 180_000),
      object: { kind: form.kind, oid: 1, schema: 's', name: 'n', sub: 0 },
    };
    const state = form.initial(context);
    expect(form.statements(state, state, context)).toEqual([]);
  });
});
