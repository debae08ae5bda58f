import type { Statement } from '../../catalog';
import { defineForm, type AnyForm, type FormContext, type LabelRow } from '../../form';
import { quoteIdent, quoteLiteral } from '../../quote';
import { same } from '../list-changes';
import { COMMENT, identityChanges, LABELS, NAME, OWNER, withoutArguments, words } from './common';

type EventTriggerState = {
  readonly name: string;
  readonly owner: string;
  readonly comment: string;
  readonly event: string;
  readonly tags: readonly string[];
  readonly function: string;
  /** What ALTER EVENT TRIGGER says: ENABLE, ENABLE REPLICA, ENABLE ALWAYS, DISABLE. */
  readonly enabled: string;
  readonly labels: readonly LabelRow[];
};

const NAMING = { noun: 'EVENT TRIGGER' };
const STATES = ['ENABLE', 'ENABLE REPLICA', 'ENABLE ALWAYS', 'DISABLE'];
const EVENTS = ['ddl_command_start', 'ddl_command_end', 'table_rewrite', 'sql_drop', 'login'];

const enabling = (name: string, enabled: string): Statement => ({
  sql: `ALTER EVENT TRIGGER ${quoteIdent(name)} ${STATES.includes(enabled) ? enabled : 'ENABLE'}`,
});

function create(state: EventTriggerState, context: FormContext): Statement[] {
  const tags = state.tags.length === 0 ? '' : `\n    WHEN TAG IN (${state.tags.map(quoteLiteral).join(', ')})`;
  const word = context.version < 110_000 ? 'PROCEDURE' : 'FUNCTION';
  return [
    {
      sql: `CREATE EVENT TRIGGER ${quoteIdent(state.name)} ON ${quoteIdent(state.event)}${tags}\n    EXECUTE ${word} ${withoutArguments(state.function)}()`,
    },
    ...(state.enabled === 'ENABLE' ? [] : [enabling(state.name, state.enabled)]),
    ...identityChanges(NAMING, state, null, context),
  ];
}

/** What it waits for can't be altered: it is made anew, which is safe because nothing can depend on it. */
function change(state: EventTriggerState, before: EventTriggerState, context: FormContext): Statement[] {
  const isOther = state.event !== before.event || state.function !== before.function || !same(state.tags, before.tags);
  if (isOther) return [{ sql: `DROP EVENT TRIGGER ${quoteIdent(before.name)}` }, ...create(state, context)];
  return [
    ...(state.enabled === before.enabled ? [] : [enabling(before.name, state.enabled)]),
    ...identityChanges(NAMING, state, before, context),
  ];
}

const eventTriggerForm = defineForm<EventTriggerState>({
  kind: 'event-trigger',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, COMMENT] },
    {
      id: 'definition',
      fields: [
        { id: 'event', kind: 'choice', choices: words(...EVENTS), required: true },
        { id: 'tags', kind: 'many', free: true, shown: ({ event }) => event !== 'login' },
        { id: 'function', kind: 'combo', choices: 'event-trigger-functions', required: true },
        { id: 'enabled', kind: 'choice', choices: words(...STATES), required: true },
      ],
    },
    { id: 'security', fields: [LABELS] },
  ],
  initial: ({ user }) => ({
    name: '',
    owner: user,
    comment: '',
    event: 'ddl_command_end',
    tags: [],
    function: '',
    enabled: 'ENABLE',
    labels: [],
  }),
  check: ({ event }, { version }) =>
    event === 'login' && version < 170_000 ? { event: { problem: 'needs-version', values: { version: 17 } } } : {},
  derive: (changed, { event }) => (changed === 'event' && event === 'login' ? { tags: [] } : {}),
  statements: (state, before, context) => (before ? change(state, before, context) : create(state, context)),
});

export const EVENT_TRIGGER_FORMS: readonly AnyForm[] = [eventTriggerForm];
