import { defineForm, type FormContext, type FormField, type FormState } from '../../form';
import type { Statement } from '../../catalog';
import { quoteIdent, quoteQualified } from '../../quote';
import { labelChanges } from '../labels';
import { privilegeChanges } from '../privileges';
import { COLUMN_TABS, columnOf, FOREIGN_OPTIONS, NO_COLUMN } from './column-shape';
import { addColumn, columnChanges, renameColumn } from './column-sql';
import { labels, privileges, text } from './values';

function attachments(table: string, name: string, before: FormState | null, state: FormState): Statement[] {
  const was = before ?? {};
  return [
    ...privilegeChanges(`TABLE ${table}`, privileges(was['privileges']), privileges(state['privileges']), {
      columns: [name],
    }),
    ...labelChanges(`COLUMN ${table}.${quoteIdent(name)}`, labels(was['labels']), labels(state['labels'])),
  ];
}

function statements(state: FormState, before: FormState | null, { version }: FormContext): readonly Statement[] {
  const table = text((before ?? state)['table']);
  const after = columnOf(state);
  if (!before) return [...addColumn(table, after, version), ...attachments(table, after.name, null, state)];
  const was = columnOf(before);
  return [
    ...(was.name === after.name ? [] : [renameColumn(table, was.name, after.name)]),
    ...columnChanges(table, was, after),
    ...attachments(table, after.name, before, state),
  ];
}

/** What can be said of a column of a query, beside its name and comment. */
const OF_VIEWS: Readonly<Record<string, readonly string[]>> = {
  view: ['default'],
  'materialized-view': ['storage', 'compression', 'statistics', 'nDistinct'],
};

/** A field that columns of queries don't have is not shown for them. */
const ofRelation = (field: FormField): FormField => ({
  ...field,
  shown: (state, context) =>
    (OF_VIEWS[text(state['relation'])]?.includes(field.id) ?? true) && (field.shown?.(state, context) ?? true),
});

/** A column of a table, foreign table or view. Its state holds the relation: `table` as SQL writes it, and `relation`, its kind. */
export const COLUMN_FORM = defineForm<FormState>({
  kind: 'column',
  variant: '',
  words: 'forms-table',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        { id: 'name', kind: 'text', required: true, enabled: (state) => state['inherited'] !== true },
        { id: 'table', kind: 'fact' },
        { id: 'comment', kind: 'long-text' },
      ],
    },
    { id: 'definition', fields: [...COLUMN_TABS.definition.map(ofRelation), FOREIGN_OPTIONS] },
    { id: 'constraints', fields: COLUMN_TABS.values.map(ofRelation) },
    {
      id: 'security',
      fields: [
        { id: 'privileges', kind: 'privileges', privileges: ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'] },
        { id: 'labels', kind: 'labels' },
      ],
    },
  ],
  initial: ({ parent }) => ({
    ...NO_COLUMN,
    table: parent ? quoteQualified(parent.schema, parent.name) : '',
    relation: parent?.kind ?? 'table',
    privileges: [],
    labels: [],
  }),
  statements,
});
