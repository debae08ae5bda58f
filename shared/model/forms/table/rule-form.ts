import { defineForm, type Choice, type FormContext, type FormState } from '../../form';
import type { Statement } from '../../catalog';
import { quoteIdent, quoteQualified } from '../../quote';
import { commentChange } from '../identity';
import { written } from '../written';
import { ENABLED, ENABLED_FIELD } from './trigger-form';
import { flag, text } from './values';

const ruleOf = (state: FormState) => ({
  name: text(state['name']),
  comment: text(state['comment']),
  /** As SQL writes it. */
  table: text(state['table']),
  event: text(state['event']),
  where: text(state['where']),
  instead: flag(state['instead']),
  /** Statements parted by semicolons; empty is NOTHING. */
  commands: text(state['commands']),
  enabled: text(state['enabled']) === '' ? 'ORIGIN' : text(state['enabled']),
});
type Rule = ReturnType<typeof ruleOf>;

function createSql(rule: Rule, replace: boolean): string {
  const commands = rule.commands.trim() === '' ? 'NOTHING' : `(\n${rule.commands}\n)`;
  const where = rule.where === '' ? '' : `\n    WHERE ${written(rule.where)}`;
  return `CREATE ${replace ? 'OR REPLACE ' : ''}RULE ${quoteIdent(rule.name)} AS\n    ON ${rule.event} TO ${rule.table}${where}\n    DO ${rule.instead ? 'INSTEAD' : 'ALSO'} ${commands}`;
}

const enabledChange = (rule: Rule, before: string): Statement[] =>
  rule.enabled === before
    ? []
    : [{ sql: `ALTER TABLE ${rule.table} ${ENABLED[rule.enabled] ?? 'ENABLE'} RULE ${quoteIdent(rule.name)}` }];

function statements(state: FormState, former: FormState | null): readonly Statement[] {
  const after = ruleOf(state);
  const before = former ? ruleOf(former) : null;
  const on = `RULE ${quoteIdent(after.name)} ON ${after.table}`;
  if (!before) {
    return [
      { sql: createSql(after, false) },
      ...enabledChange(after, 'ORIGIN'),
      ...commentChange(on, null, after.comment),
    ];
  }
  const rename = `ALTER RULE ${quoteIdent(before.name)} ON ${before.table} RENAME TO ${quoteIdent(after.name)}`;
  const isSame = createSql({ ...before, name: '' }, true) === createSql({ ...after, name: '' }, true);
  return [
    ...(before.name === after.name ? [] : [{ sql: rename }]),
    ...(isSame ? [] : [{ sql: createSql(after, true) }]),
    ...enabledChange(after, before.enabled),
    ...commentChange(on, before.comment, after.comment),
  ];
}

const plain = (...values: readonly string[]): readonly Choice[] => values.map((value) => ({ value }));

/** A rewrite rule of a table or view. Its state holds the table as SQL writes it. */
export const RULE_FORM = defineForm<FormState>({
  kind: 'rule',
  variant: '',
  words: 'forms-table',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        { id: 'name', kind: 'text', required: true },
        { id: 'table', kind: 'fact' },
        ENABLED_FIELD,
        { id: 'comment', kind: 'long-text' },
      ],
    },
    {
      id: 'definition',
      fields: [
        { id: 'event', kind: 'choice', choices: plain('SELECT', 'INSERT', 'UPDATE', 'DELETE'), required: true },
        { id: 'instead', kind: 'switch' },
        { id: 'where', kind: 'sql' },
        { id: 'commands', kind: 'sql' },
      ],
    },
  ],
  initial: ({ parent }: FormContext) => ({
    ...ruleOf({}),
    table: parent ? quoteQualified(parent.schema, parent.name) : '',
    ofView: parent?.kind === 'view',
    event: 'INSERT',
  }),
  statements,
});
