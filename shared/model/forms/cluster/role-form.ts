import type { Statement } from '../../catalog';
import { defineForm, type FormContext, type FormField, type FormState, type LabelRow } from '../../form';
import { quoteIdent, quoteLiteral } from '../../quote';
import { commentChange, renameChange } from '../identity';
import { labelChanges } from '../labels';
import { listChanges } from '../list-changes';
import { COMMENT, LABELS, NAME, parameterChanges, parametersField, type ParameterRow } from './common';

/** One membership of the role, or one in it. */
export interface MembershipRow extends FormState {
  readonly id: string;
  readonly role: string;
  readonly admin: boolean;
  /** From 16 on. */
  readonly inherit: boolean;
  readonly set: boolean;
  /** Who granted it; empty for a new one. From 16 on a membership is one for each grantor. */
  readonly grantor: string;
}

export interface RoleState extends FormState {
  readonly name: string;
  readonly comment: string;
  readonly login: boolean;
  readonly superuser: boolean;
  readonly createDatabases: boolean;
  readonly createRoles: boolean;
  readonly inherit: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
  /** A verifier; empty leaves the password as it is. */
  readonly password: string;
  /** -1 is no limit. */
  readonly connectionLimit: number | null;
  /** ISO; empty is for ever. */
  readonly validUntil: string;
  readonly memberOf: readonly MembershipRow[];
  readonly members: readonly MembershipRow[];
  readonly parameters: readonly ParameterRow[];
  readonly labels: readonly LabelRow[];
}

const OPTIONS_SINCE = 160_000;

const initial = (): RoleState => ({
  name: '',
  comment: '',
  login: true,
  superuser: false,
  createDatabases: false,
  createRoles: false,
  inherit: true,
  replication: false,
  bypassRls: false,
  password: '',
  connectionLimit: -1,
  validUntil: '',
  memberOf: [],
  members: [],
  parameters: [],
  labels: [],
});

const FLAGS = [
  ['login', 'LOGIN'],
  ['superuser', 'SUPERUSER'],
  ['createDatabases', 'CREATEDB'],
  ['createRoles', 'CREATEROLE'],
  ['inherit', 'INHERIT'],
  ['replication', 'REPLICATION'],
  ['bypassRls', 'BYPASSRLS'],
] as const;

/** Attributes that differ; those of a new role differ from what the server takes by itself. */
function attributes(state: RoleState, before: RoleState | null): string {
  const usual = before ?? { ...initial(), login: false };
  const parts: string[] = FLAGS.filter(([key]) => state[key] !== usual[key]).map(
    ([key, word]) => `${state[key] ? '' : 'NO'}${word}`,
  );
  if (state.connectionLimit !== usual.connectionLimit) parts.push(`CONNECTION LIMIT ${state.connectionLimit ?? -1}`);
  if (state.validUntil !== usual.validUntil) {
    parts.push(`VALID UNTIL ${quoteLiteral(state.validUntil === '' ? 'infinity' : state.validUntil)}`);
  }
  if (state.password !== '') parts.push(`PASSWORD ${quoteLiteral(state.password)}`);
  return parts.join(' ');
}

/** What differs in memberships; `pair` says which role is granted to which. */
function membershipChanges(
  before: readonly MembershipRow[],
  after: readonly MembershipRow[],
  version: number,
  pair: (row: MembershipRow) => { readonly role: string; readonly member: string },
): Statement[] {
  const { added, removed, changed } = listChanges(before, after, (row) => JSON.stringify([row.role, row.grantor]));
  const by = (row: MembershipRow): string =>
    version >= OPTIONS_SINCE && row.grantor !== '' ? ` GRANTED BY ${quoteIdent(row.grantor)}` : '';
  const grant = (row: MembershipRow): Statement => {
    const { role, member } = pair(row);
    const options =
      version >= OPTIONS_SINCE
        ? ` WITH ADMIN ${row.admin}, INHERIT ${row.inherit}, SET ${row.set}`
        : row.admin
          ? ' WITH ADMIN OPTION'
          : '';
    return { sql: `GRANT ${quoteIdent(role)} TO ${quoteIdent(member)}${options}${by(row)}` };
  };
  const revoke = (row: MembershipRow, what = ''): Statement => {
    const { role, member } = pair(row);
    return { sql: `REVOKE ${what}${quoteIdent(role)} FROM ${quoteIdent(member)}${by(row)}` };
  };
  return [
    ...removed.map((row) => revoke(row)),
    ...changed.map(({ after: row }) =>
      version < OPTIONS_SINCE && !row.admin ? revoke(row, 'ADMIN OPTION FOR ') : grant(row),
    ),
    ...added.map((row) => grant(row)),
  ];
}

function statements(state: RoleState, before: RoleState | null, { version }: FormContext): readonly Statement[] {
  const name = before?.name ?? state.name;
  const target = `ROLE ${quoteIdent(name)}`;
  const changed = attributes(state, before);
  const first =
    before === null
      ? [{ sql: `CREATE ${target}${changed === '' ? '' : ` WITH ${changed}`}` }]
      : changed === ''
        ? []
        : [{ sql: `ALTER ${target} WITH ${changed}` }];
  const alter = (database: string): string =>
    database === '' ? `ALTER ${target}` : `ALTER ${target} IN DATABASE ${quoteIdent(database)}`;
  return [
    ...first,
    ...membershipChanges(before?.memberOf ?? [], state.memberOf, version, ({ role }) => ({ role, member: name })),
    ...membershipChanges(before?.members ?? [], state.members, version, ({ role }) => ({ role: name, member: role })),
    ...parameterChanges(before?.parameters ?? [], state.parameters, alter),
    ...commentChange(target, before?.comment ?? '', state.comment),
    ...labelChanges(target, before?.labels ?? [], state.labels),
    ...(before === null ? [] : renameChange(target, before.name, state.name)),
  ];
}

const memberships = (id: 'memberOf' | 'members'): FormField => ({
  id,
  kind: 'list',
  ordered: false,
  columns: [
    { id: 'role', kind: 'choice', choices: 'roles', required: true, fixed: true },
    { id: 'admin', kind: 'switch' },
    { id: 'inherit', kind: 'switch', since: OPTIONS_SINCE, initial: true },
    { id: 'set', kind: 'switch', since: OPTIONS_SINCE, initial: true },
    { id: 'grantor', kind: 'fact' },
  ],
});

export const roleForm = defineForm<RoleState>({
  kind: 'role',
  variant: '',
  words: 'forms',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, COMMENT] },
    {
      id: 'definition',
      fields: [
        { id: 'password', kind: 'password' },
        { id: 'validUntil', kind: 'time' },
        { id: 'connectionLimit', kind: 'number', min: -1 },
      ],
    },
    {
      id: 'rights',
      fields: [
        { id: 'login', kind: 'switch' },
        { id: 'superuser', kind: 'switch' },
        { id: 'createRoles', kind: 'switch' },
        { id: 'createDatabases', kind: 'switch' },
        { id: 'inherit', kind: 'switch' },
        { id: 'replication', kind: 'switch' },
        { id: 'bypassRls', kind: 'switch' },
      ],
    },
    { id: 'membership', fields: [memberships('memberOf'), memberships('members')] },
    { id: 'parameters', fields: [parametersField('databases')] },
    { id: 'security', fields: [LABELS] },
  ],
  initial,
  statements,
});
