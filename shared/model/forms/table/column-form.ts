import { defineForm, type FormContext, type FormState } from '../../form';
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

/** A column of a table, foreign table or view. Its state holds the table: `table` as SQL writes it; `foreign` says that it is a foreign one. */
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
    { id: 'definition', fields: [...COLUMN_TABS.definition, FOREIGN_OPTIONS] },
    { id: 'constraints', fields: COLUMN_TABS.values },
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
    foreign: parent?.kind === 'foreign-table',
    privileges: [],
    labels: [],
  }),
  statements,
});
