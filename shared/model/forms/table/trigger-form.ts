import { defineForm, type Choice, type FormContext, type FormField, type FormState } from '../../form';
import type { Statement } from '../../catalog';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../quote';
import { commentChange } from '../identity';
import { written } from '../written';
import { dependencyChanges } from './extension-sql';
import { flag, text, texts } from './values';

const triggerOf = (state: FormState) => ({
  name: text(state['name']),
  comment: text(state['comment']),
  /** As SQL writes it. */
  table: text(state['table']),
  timing: text(state['timing']),
  events: texts(state['events']),
  updateColumns: texts(state['events']).includes('UPDATE') ? texts(state['updateColumns']) : [],
  /** `ROW` or `STATEMENT`. */
  forEach: text(state['forEach']),
  constraint: flag(state['constraint']),
  deferrable: flag(state['constraint']) && flag(state['deferrable']),
  deferred: flag(state['constraint']) && flag(state['deferrable']) && flag(state['deferred']),
  /** Another table that a constraint trigger looks at. */
  from: flag(state['constraint']) ? text(state['from']) : '',
  oldTable: text(state['oldTable']),
  newTable: text(state['newTable']),
  when: text(state['when']),
  /** As SQL writes it. */
  function: text(state['function']),
  /** Every one counts, the empty ones too. */
  arguments: argumentsOf(state['arguments']),
  /** Extensions with which the trigger goes. */
  extensions: texts(state['extensions']),
  /** `ORIGIN`, `DISABLED`, `REPLICA` or `ALWAYS`. */
  enabled: text(state['enabled']) === '' ? 'ORIGIN' : text(state['enabled']),
});
type Trigger = ReturnType<typeof triggerOf>;

function argumentsOf(value: FormState[string]): readonly string[] {
  return Array.isArray(value) ? value.map((each) => (typeof each === 'string' ? each : '')) : [];
}

/** Order in which the server tells events. */
const EVENTS = ['INSERT', 'DELETE', 'UPDATE', 'TRUNCATE'] as const;

/** Switches of triggers and rules after ALTER TABLE. */
export const ENABLED: Readonly<Record<string, string>> = {
  ORIGIN: 'ENABLE',
  DISABLED: 'DISABLE',
  REPLICA: 'ENABLE REPLICA',
  ALWAYS: 'ENABLE ALWAYS',
};

/** First version with CREATE OR REPLACE TRIGGER. */
const REPLACE = 140000;

function createSql(trigger: Trigger, version: number, replace: boolean): string {
  const events = EVENTS.filter((event) => trigger.events.includes(event)).map((event) =>
    event === 'UPDATE' && trigger.updateColumns.length > 0
      ? `UPDATE OF ${trigger.updateColumns.map(quoteIdent).join(', ')}`
      : event,
  );
  const deferral = trigger.deferred ? 'DEFERRABLE INITIALLY DEFERRED' : 'DEFERRABLE';
  const tables = [
    trigger.oldTable === '' ? '' : ` OLD TABLE AS ${quoteIdent(trigger.oldTable)}`,
    trigger.newTable === '' ? '' : ` NEW TABLE AS ${quoteIdent(trigger.newTable)}`,
  ].join('');
  return [
    `CREATE ${replace ? 'OR REPLACE ' : ''}${trigger.constraint ? 'CONSTRAINT ' : ''}TRIGGER ${quoteIdent(trigger.name)}`,
    `${trigger.timing} ${events.join(' OR ')} ON ${trigger.table}`,
    trigger.from === '' ? '' : `FROM ${trigger.from}`,
    trigger.deferrable ? deferral : '',
    tables === '' ? '' : `REFERENCING${tables}`,
    `FOR EACH ${trigger.forEach}`,
    trigger.when === '' ? '' : `WHEN (${written(trigger.when)})`,
    `EXECUTE ${version >= 110000 ? 'FUNCTION' : 'PROCEDURE'} ${trigger.function}(${trigger.arguments.map(quoteLiteral).join(', ')})`,
  ]
    .filter(Boolean)
    .join('\n    ');
}

const enabledChange = (trigger: Trigger, before: string): Statement[] =>
  trigger.enabled === before
    ? []
    : [
        {
          sql: `ALTER TABLE ${trigger.table} ${ENABLED[trigger.enabled] ?? 'ENABLE'} TRIGGER ${quoteIdent(trigger.name)}`,
        },
      ];

const extensionChanges = (trigger: Trigger, before: readonly string[]): Statement[] =>
  dependencyChanges(`TRIGGER ${quoteIdent(trigger.name)} ON ${trigger.table}`, before, trigger.extensions);

const create = (trigger: Trigger, version: number): Statement[] => [
  { sql: createSql(trigger, version, false) },
  ...enabledChange(trigger, 'ORIGIN'),
  ...extensionChanges(trigger, []),
  ...commentChange(`TRIGGER ${quoteIdent(trigger.name)} ON ${trigger.table}`, null, trigger.comment),
];

function change(before: Trigger, after: Trigger, version: number): Statement[] {
  const isSame = createSql(before, version, false) === createSql({ ...after, name: before.name }, version, false);
  const canReplace = version >= REPLACE && !before.constraint && !after.constraint;
  const { table } = before;
  if (!isSame && !canReplace) {
    return [{ sql: `DROP TRIGGER ${quoteIdent(before.name)} ON ${table}` }, ...create(after, version)];
  }
  const rename = `ALTER TRIGGER ${quoteIdent(before.name)} ON ${table} RENAME TO ${quoteIdent(after.name)}`;
  return [
    ...(before.name === after.name ? [] : [{ sql: rename }]),
    ...(isSame ? [] : [{ sql: createSql(after, version, true) }]),
    // A trigger that is replaced is enabled again and goes with no extension.
    ...enabledChange(after, isSame ? before.enabled : 'ORIGIN'),
    ...extensionChanges(after, isSame ? before.extensions : []),
    ...commentChange(`TRIGGER ${quoteIdent(after.name)} ON ${table}`, before.comment, after.comment),
  ];
}

const plain = (...values: readonly string[]): readonly Choice[] => values.map((value) => ({ value }));

/** Whether triggers or rules fire. The state holds `ofView`: those of views are always on, the server refuses to turn them. */
export const ENABLED_FIELD: FormField = {
  id: 'enabled',
  kind: 'choice',
  choices: plain('ORIGIN', 'DISABLED', 'REPLICA', 'ALWAYS'),
  required: true,
  shown: (state) => !flag(state['ofView']),
};

const isConstraint = (state: FormState): boolean => flag(state['constraint']);

/** A trigger of a table or view. Its state holds the table as SQL writes it. */
export const TRIGGER_FORM = defineForm<FormState>({
  kind: 'trigger',
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
        { id: 'extensions', kind: 'many', choices: 'installed-extensions', since: 130000 },
        { id: 'comment', kind: 'long-text' },
      ],
    },
    {
      id: 'definition',
      fields: [
        { id: 'function', kind: 'choice', choices: 'trigger-functions', required: true },
        { id: 'arguments', kind: 'many', free: true },
        { id: 'forEach', kind: 'choice', choices: plain('ROW', 'STATEMENT'), required: true },
        { id: 'constraint', kind: 'switch' },
        { id: 'deferrable', kind: 'switch', shown: isConstraint },
        { id: 'deferred', kind: 'switch', shown: isConstraint, enabled: (state) => flag(state['deferrable']) },
        { id: 'from', kind: 'choice', choices: 'tables', shown: isConstraint },
      ],
    },
    {
      id: 'events',
      fields: [
        { id: 'timing', kind: 'choice', choices: plain('BEFORE', 'AFTER', 'INSTEAD OF'), required: true },
        { id: 'events', kind: 'many', choices: plain('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'), required: true },
        {
          id: 'updateColumns',
          kind: 'many',
          choices: 'columns',
          choicesOf: 'table',
          enabled: (state) => texts(state['events']).includes('UPDATE'),
        },
        { id: 'when', kind: 'sql' },
        { id: 'oldTable', kind: 'text' },
        { id: 'newTable', kind: 'text' },
      ],
    },
  ],
  initial: ({ parent }: FormContext) => ({
    ...triggerOf({}),
    table: parent ? quoteQualified(parent.schema, parent.name) : '',
    ofView: parent?.kind === 'view',
    timing: parent?.kind === 'view' ? 'INSTEAD OF' : 'BEFORE',
    forEach: 'ROW',
  }),
  derive: (changed, state) =>
    changed === 'constraint' && isConstraint(state)
      ? { timing: 'AFTER', forEach: 'ROW', oldTable: '', newTable: '' }
      : {},
  statements: (state, before, { version }) =>
    before ? change(triggerOf(before), triggerOf(state), version) : create(triggerOf(state), version),
});
