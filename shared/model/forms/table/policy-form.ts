import { defineForm, type Choice, type FormContext, type FormState } from '../../form';
import type { Statement } from '../../catalog';
import { quoteIdent, quoteQualified } from '../../quote';
import { commentChange } from '../identity';
import { same } from '../list-changes';
import { written } from '../written';
import { text, texts } from './values';

const policyOf = (state: FormState) => ({
  name: text(state['name']),
  comment: text(state['comment']),
  /** As SQL writes it. */
  table: text(state['table']),
  /** `PERMISSIVE` or `RESTRICTIVE`. */
  combination: text(state['combination']),
  command: text(state['command']),
  /** Empty is everybody. */
  roles: texts(state['roles']),
  using: text(state['using']),
  withCheck: text(state['withCheck']),
});
type Policy = ReturnType<typeof policyOf>;

const rolesSql = ({ roles }: Policy): string => (roles.length === 0 ? 'PUBLIC' : roles.map(quoteIdent).join(', '));

const create = (policy: Policy): Statement[] => {
  const name = quoteIdent(policy.name);
  const clauses = [
    `CREATE POLICY ${name} ON ${policy.table}`,
    `AS ${policy.combination} FOR ${policy.command} TO ${rolesSql(policy)}`,
    policy.using === '' ? '' : `USING (${written(policy.using)})`,
    policy.withCheck === '' ? '' : `WITH CHECK (${written(policy.withCheck)})`,
  ];
  return [
    { sql: clauses.filter(Boolean).join('\n    ') },
    ...commentChange(`POLICY ${name} ON ${policy.table}`, null, policy.comment),
  ];
};

function change(before: Policy, after: Policy): Statement[] {
  const { table } = before;
  const isOther =
    before.combination !== after.combination ||
    before.command !== after.command ||
    (before.using !== '' && after.using === '') ||
    (before.withCheck !== '' && after.withCheck === '');
  if (isOther) return [{ sql: `DROP POLICY ${quoteIdent(before.name)} ON ${table}` }, ...create(after)];
  const name = quoteIdent(after.name);
  const clauses = [
    same(before.roles, after.roles) ? '' : `TO ${rolesSql(after)}`,
    before.using === after.using ? '' : `USING (${written(after.using)})`,
    before.withCheck === after.withCheck ? '' : `WITH CHECK (${written(after.withCheck)})`,
  ].filter(Boolean);
  const rename = `ALTER POLICY ${quoteIdent(before.name)} ON ${table} RENAME TO ${name}`;
  return [
    ...(before.name === after.name ? [] : [{ sql: rename }]),
    ...(clauses.length === 0 ? [] : [{ sql: `ALTER POLICY ${name} ON ${table}\n    ${clauses.join('\n    ')}` }]),
    ...commentChange(`POLICY ${name} ON ${table}`, before.comment, after.comment),
  ];
}

const plain = (...values: readonly string[]): readonly Choice[] => values.map((value) => ({ value }));

/** A row security policy of a table. Its state holds the table as SQL writes it. */
export const POLICY_FORM = defineForm<FormState>({
  kind: 'policy',
  variant: '',
  words: 'forms-table',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        { id: 'name', kind: 'text', required: true },
        { id: 'table', kind: 'fact' },
        {
          id: 'command',
          kind: 'choice',
          choices: plain('ALL', 'SELECT', 'INSERT', 'UPDATE', 'DELETE'),
          required: true,
        },
        { id: 'combination', kind: 'choice', choices: plain('PERMISSIVE', 'RESTRICTIVE'), required: true },
        { id: 'roles', kind: 'many', choices: 'roles' },
        { id: 'comment', kind: 'long-text' },
      ],
    },
    {
      id: 'conditions',
      fields: [
        { id: 'using', kind: 'sql', enabled: (state) => text(state['command']) !== 'INSERT' },
        {
          id: 'withCheck',
          kind: 'sql',
          enabled: (state) => !['SELECT', 'DELETE'].includes(text(state['command'])),
        },
      ],
    },
  ],
  initial: ({ parent }: FormContext) => ({
    ...policyOf({}),
    table: parent ? quoteQualified(parent.schema, parent.name) : '',
    combination: 'PERMISSIVE',
    command: 'ALL',
  }),
  statements: (state, before) => (before ? change(policyOf(before), policyOf(state)) : create(policyOf(state))),
});
