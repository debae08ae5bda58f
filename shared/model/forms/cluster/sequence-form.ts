import type { Statement } from '../../catalog';
import { defineForm, type FieldProblem, type FormContext, type FormField, type PrivilegeRow } from '../../form';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../quote';
import { commentChange, ownerChange, renameChange, schemaChange } from '../identity';
import { labelChanges } from '../labels';
import { privilegeChanges } from '../privileges';
import {
  checkInteger,
  COMMENT,
  commonState,
  LABELS,
  NAME,
  OWNER,
  SCHEMA,
  schemaOf,
  SEQUENCE_PRIVILEGES,
  words,
  type CommonState,
} from './common';

/** Numbers are texts: they may be larger than what a number holds exactly. Empty is the server's choice. */
export interface SequenceState extends CommonState {
  readonly schema: string;
  readonly dataType: string;
  /** Empty: not called yet. */
  readonly current: string;
  readonly increment: string;
  readonly start: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cache: string;
  readonly cycle: boolean;
  readonly unlogged: boolean;
  /** As SQL writes it; empty for none. */
  readonly ownedTable: string;
  readonly ownedColumn: string;
  readonly privileges: readonly PrivilegeRow[];
}

const UNLOGGED_SINCE = 150_000;

const initial = (context: FormContext): SequenceState => ({
  ...commonState(context),
  schema: schemaOf(context),
  dataType: '',
  current: '',
  increment: '',
  start: '',
  minimum: '',
  maximum: '',
  cache: '',
  cycle: false,
  unlogged: false,
  ownedTable: '',
  ownedColumn: '',
  privileges: [],
});

/** Clauses that differ from `before`; of a new sequence those that were given. */
function clauses(state: SequenceState, before: SequenceState | null): string {
  const parts: string[] = [];
  const add = (key: 'increment' | 'start' | 'minimum' | 'maximum' | 'cache', word: string, none = ''): void => {
    const value = state[key].trim();
    if (value === (before?.[key] ?? '')) return;
    if (value !== '') parts.push(`${word} ${value}`);
    else if (none !== '') parts.push(none);
  };
  if (state.dataType !== '' && state.dataType !== before?.dataType) parts.push(`AS ${state.dataType}`);
  add('increment', 'INCREMENT BY');
  add('minimum', 'MINVALUE', 'NO MINVALUE');
  add('maximum', 'MAXVALUE', 'NO MAXVALUE');
  add('start', 'START WITH');
  add('cache', 'CACHE');
  if (state.cycle !== (before?.cycle ?? false)) parts.push(state.cycle ? 'CYCLE' : 'NO CYCLE');
  return parts.map((part) => ` ${part}`).join('');
}

const ownedBy = (state: SequenceState): string =>
  state.ownedTable === '' || state.ownedColumn === '' ? '' : `${state.ownedTable}.${quoteIdent(state.ownedColumn)}`;

/** Whether a value lies within the limits of a sequence that the server told. */
function isWithin(value: string, { minimum, maximum }: SequenceState): boolean {
  if ([value, minimum, maximum].some((each) => each.trim() === '' || checkInteger(each) !== null)) return false;
  return BigInt(value.trim()) >= BigInt(minimum) && BigInt(value.trim()) <= BigInt(maximum);
}

function statements(state: SequenceState, before: SequenceState | null, context: FormContext): readonly Statement[] {
  const target = (schema: string, name: string): string => `SEQUENCE ${quoteQualified(schema, name)}`;
  const now = target(state.schema, state.name);
  const settings = [
    ...commentChange(now, before?.comment ?? '', state.comment),
    ...privilegeChanges(now, before?.privileges ?? [], state.privileges),
    ...labelChanges(now, before?.labels ?? [], state.labels),
  ];
  const owned = ownedBy(state);
  const own = (column: string): Statement => ({ sql: `ALTER ${now} OWNED BY ${column === '' ? 'NONE' : column}` });
  const setCurrent: Statement[] =
    state.current.trim() === '' || state.current.trim() === before?.current
      ? []
      : [
          {
            sql: `SELECT pg_catalog.setval(${quoteLiteral(quoteQualified(state.schema, state.name))}, ${state.current.trim()}, true)`,
          },
        ];
  if (before === null) {
    return [
      { sql: `CREATE ${state.unlogged ? 'UNLOGGED ' : ''}${now}${clauses(state, null)}` },
      ...ownerChange(now, context.user, state.owner),
      ...(owned === '' ? [] : [own(owned)]),
      ...setCurrent,
      ...settings,
    ];
  }
  const old = target(before.schema, before.name);
  const moved = target(before.schema, state.name);
  const wasOwned = ownedBy(before);
  const changed = clauses(state, before);
  // The limits must hold the value at every moment: it moves first where the old ones hold it too.
  const early = isWithin(state.current, before);
  return [
    // An owned sequence goes where its table goes, and nowhere else: the tie is cut first.
    ...(wasOwned !== '' && wasOwned !== owned ? [{ sql: `ALTER ${old} OWNED BY NONE` }] : []),
    ...renameChange(old, before.name, state.name),
    ...schemaChange(moved, before.schema, state.schema),
    ...ownerChange(now, before.owner, state.owner),
    ...(early ? setCurrent : []),
    ...(changed === '' ? [] : [{ sql: `ALTER ${now}${changed}` }]),
    ...(state.unlogged === before.unlogged
      ? []
      : [{ sql: `ALTER ${now} SET ${state.unlogged ? 'UNLOGGED' : 'LOGGED'}` }]),
    ...(owned !== '' && wasOwned !== owned ? [own(owned)] : []),
    ...(early ? [] : setCurrent),
    ...settings,
  ];
}

const number = (id: 'increment' | 'start' | 'minimum' | 'maximum' | 'cache'): FormField => ({
  id,
  kind: 'text',
  check: checkInteger,
});

/** Limits that contradict each other. Only what was given is looked at. */
function check(state: SequenceState): Readonly<Record<string, FieldProblem>> {
  const values = [state.minimum, state.maximum, state.start];
  if (values.some((value) => checkInteger(value) !== null)) return {};
  const [minimum, maximum, start] = values.map((value) => (value.trim() === '' ? null : BigInt(value.trim())));
  const above = (left: bigint | null | undefined, right: bigint | null | undefined): boolean =>
    left !== null && left !== undefined && right !== null && right !== undefined && left > right;
  if (above(minimum, maximum)) return { maximum: { problem: 'min-above-max' } };
  if (above(minimum, start) || above(start, maximum)) return { start: { problem: 'start-outside' } };
  return {};
}

export const sequenceForm = defineForm<SequenceState>({
  kind: 'sequence',
  variant: '',
  words: 'forms',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, SCHEMA, COMMENT] },
    {
      id: 'definition',
      fields: [
        { id: 'dataType', kind: 'choice', choices: words('smallint', 'integer', 'bigint') },
        { id: 'current', kind: 'text', only: 'edit', check: checkInteger },
        number('increment'),
        number('start'),
        number('minimum'),
        number('maximum'),
        number('cache'),
        { id: 'cycle', kind: 'switch' },
        { id: 'unlogged', kind: 'switch', since: UNLOGGED_SINCE },
        { id: 'ownedTable', kind: 'choice', choices: 'tables' },
        {
          id: 'ownedColumn',
          kind: 'choice',
          choices: 'columns',
          choicesOf: 'ownedTable',
          enabled: (state) => state.ownedTable !== '',
          check: (value, state) => (value === '' && state.ownedTable !== '' ? { problem: 'required' } : null),
        },
      ],
    },
    {
      id: 'security',
      fields: [{ id: 'privileges', kind: 'privileges', privileges: SEQUENCE_PRIVILEGES }, LABELS],
    },
  ],
  initial,
  derive: (changed) => (changed === 'ownedTable' ? { ownedColumn: '' } : {}),
  check,
  statements,
});
