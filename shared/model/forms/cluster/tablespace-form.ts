import type { Statement } from '../../catalog';
import { defineForm, type OptionRow, type PrivilegeRow } from '../../form';
import { quoteIdent, quoteLiteral } from '../../quote';
import { commentChange, ownerChange, renameChange } from '../identity';
import { labelChanges } from '../labels';
import { optionChanges, optionList } from '../options';
import { privilegeChanges } from '../privileges';
import { COMMENT, commonState, LABELS, NAME, OWNER, words, type CommonState } from './common';

export interface TablespaceState extends CommonState {
  /** A folder of the server. */
  readonly location: string;
  readonly options: readonly OptionRow[];
  readonly privileges: readonly PrivilegeRow[];
}

function createStatement(state: TablespaceState): Statement {
  const options = optionList(state.options);
  const sql =
    `CREATE TABLESPACE ${quoteIdent(state.name)} OWNER ${quoteIdent(state.owner)} LOCATION ${quoteLiteral(state.location)}` +
    (options === '' ? '' : ` WITH (${options})`);
  return { sql, outside: true };
}

function statements(state: TablespaceState, before: TablespaceState | null): readonly Statement[] {
  const target = `TABLESPACE ${quoteIdent(before?.name ?? state.name)}`;
  const settings = [
    ...commentChange(target, before?.comment ?? '', state.comment),
    ...privilegeChanges(target, before?.privileges ?? [], state.privileges),
    ...labelChanges(target, before?.labels ?? [], state.labels),
  ];
  if (before === null) return [createStatement(state), ...settings];
  return [
    ...optionChanges(target, before.options, state.options),
    ...ownerChange(target, before.owner, state.owner),
    ...settings,
    ...renameChange(target, before.name, state.name),
  ];
}

export const tablespaceForm = defineForm<TablespaceState>({
  kind: 'tablespace',
  variant: '',
  words: 'forms',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, COMMENT] },
    {
      id: 'definition',
      fields: [
        {
          id: 'location',
          kind: 'text',
          required: true,
          fixed: true,
          check: (value) =>
            typeof value === 'string' && value !== '' && !/^(?:\/|[A-Za-z]:[\\/])/u.test(value)
              ? { problem: 'absolute-path' }
              : null,
        },
      ],
    },
    {
      id: 'parameters',
      fields: [
        {
          id: 'options',
          kind: 'options',
          choices: words('seq_page_cost', 'random_page_cost', 'effective_io_concurrency', 'maintenance_io_concurrency'),
        },
      ],
    },
    { id: 'security', fields: [{ id: 'privileges', kind: 'privileges', privileges: ['CREATE'] }, LABELS] },
  ],
  initial: (context) => ({ ...commonState(context), location: '', options: [], privileges: [] }),
  statements,
});
