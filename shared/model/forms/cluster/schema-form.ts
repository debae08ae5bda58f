import type { Statement } from '../../catalog';
import { defineForm, type PrivilegeRow } from '../../form';
import { quoteIdent } from '../../quote';
import { commentChange, ownerChange, renameChange } from '../identity';
import { labelChanges } from '../labels';
import { privilegeChanges } from '../privileges';
import {
  COMMENT,
  commonState,
  DEFAULT_PRIVILEGE_FIELDS,
  defaultPrivilegeChanges,
  LABELS,
  NAME,
  NO_DEFAULT_PRIVILEGES,
  OWNER,
  type CommonState,
  type DefaultPrivileges,
} from './common';

export interface SchemaState extends CommonState, DefaultPrivileges {
  readonly privileges: readonly PrivilegeRow[];
}

function statements(state: SchemaState, before: SchemaState | null): readonly Statement[] {
  const name = before?.name ?? state.name;
  const target = `SCHEMA ${quoteIdent(name)}`;
  return [
    ...(before === null ? [{ sql: `CREATE ${target} AUTHORIZATION ${quoteIdent(state.owner)}` }] : []),
    ...(before === null ? [] : ownerChange(target, before.owner, state.owner)),
    ...commentChange(target, before?.comment ?? '', state.comment),
    ...privilegeChanges(target, before?.privileges ?? [], state.privileges),
    ...defaultPrivilegeChanges(before, state, name),
    ...labelChanges(target, before?.labels ?? [], state.labels),
    ...(before === null ? [] : renameChange(target, before.name, state.name)),
  ];
}

export const schemaForm = defineForm<SchemaState>({
  kind: 'schema',
  variant: '',
  words: 'forms',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, COMMENT] },
    { id: 'security', fields: [{ id: 'privileges', kind: 'privileges', privileges: ['USAGE', 'CREATE'] }, LABELS] },
    { id: 'default-privileges', fields: DEFAULT_PRIVILEGE_FIELDS },
  ],
  initial: (context) => ({ ...commonState(context), ...NO_DEFAULT_PRIVILEGES, privileges: [] }),
  statements,
});
