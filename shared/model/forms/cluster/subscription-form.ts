import type { Statement } from '../../catalog';
import { defineForm, type FormContext, type OptionRow } from '../../form';
import { quoteIdent, quoteLiteral } from '../../quote';
import { commentChange, ownerChange, renameChange } from '../identity';
import { labelChanges } from '../labels';
import { same } from '../list-changes';
import { COMMENT, commonState, LABELS, NAME, OWNER, words, type CommonState } from './common';

export interface SubscriptionState extends CommonState {
  /** Keywords and values of libpq. */
  readonly connection: readonly OptionRow[];
  readonly publications: readonly string[];
  readonly enabled: boolean;
  readonly connect: boolean;
  readonly createSlot: boolean;
  readonly copyData: boolean;
  /** Empty: as the subscription. */
  readonly slotName: string;
  readonly synchronousCommit: string;
  /** `off`, `on`, `parallel`. */
  readonly streaming: string;
  readonly binary: boolean;
  readonly twoPhase: boolean;
  readonly disableOnError: boolean;
  readonly runAsOwner: boolean;
  readonly passwordRequired: boolean;
  readonly origin: string;
  readonly failover: boolean;
  /** Asks the publisher for its tables once, now. */
  readonly refresh: boolean;
}

const SINCE = {
  streaming: 140_000,
  binary: 140_000,
  twoPhase: 150_000,
  disableOnError: 150_000,
  runAsOwner: 160_000,
  passwordRequired: 160_000,
  origin: 160_000,
  failover: 170_000,
} as const;
const PARALLEL_SINCE = 160_000;
const PARALLEL_USUAL_SINCE = 180_000;

const initial = (context: FormContext): SubscriptionState => ({
  ...commonState(context),
  connection: [],
  publications: [],
  enabled: true,
  connect: true,
  createSlot: true,
  copyData: true,
  slotName: '',
  synchronousCommit: 'off',
  streaming: context.version >= PARALLEL_USUAL_SINCE ? 'parallel' : 'off',
  binary: false,
  twoPhase: false,
  disableOnError: false,
  runAsOwner: false,
  passwordRequired: true,
  origin: 'any',
  failover: false,
  refresh: false,
});

/** A connection string as libpq reads it. */
const connectionText = (rows: readonly OptionRow[]): string =>
  rows
    .map(({ name, value }) => `${name}='${value.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`)
    .join(' ');

/** Parameters that differ from `usual`, those that can be given at any time. */
function parameters(state: SubscriptionState, usual: SubscriptionState, version: number): string[] {
  const parts: string[] = [];
  const add = (key: keyof typeof SINCE, name: string): void => {
    if (version >= SINCE[key] && state[key] !== usual[key]) parts.push(`${name} = ${state[key]}`);
  };
  if (state.synchronousCommit !== usual.synchronousCommit) {
    parts.push(`synchronous_commit = ${quoteLiteral(state.synchronousCommit)}`);
  }
  add('streaming', 'streaming');
  add('binary', 'binary');
  add('twoPhase', 'two_phase');
  add('disableOnError', 'disable_on_error');
  add('runAsOwner', 'run_as_owner');
  add('passwordRequired', 'password_required');
  add('origin', 'origin');
  add('failover', 'failover');
  return parts;
}

const slot = (state: SubscriptionState): string =>
  `slot_name = ${state.slotName === '' ? 'NONE' : quoteLiteral(state.slotName)}`;

const publicationList = (state: SubscriptionState): string => state.publications.map(quoteIdent).join(', ');

function create(state: SubscriptionState, context: FormContext): Statement {
  const parts: string[] = [];
  // Without a connection nothing of this can be done, and saying so again would be refused.
  if (!state.connect) parts.push('connect = false');
  else {
    if (!state.createSlot) parts.push('create_slot = false');
    if (!state.copyData) parts.push('copy_data = false');
    if (!state.enabled) parts.push('enabled = false');
  }
  if (state.slotName !== '') parts.push(slot(state));
  parts.push(...parameters(state, initial(context), context.version));
  const options = parts.length === 0 ? '' : ` WITH (${parts.join(', ')})`;
  const sql = `CREATE SUBSCRIPTION ${quoteIdent(state.name)} CONNECTION ${quoteLiteral(connectionText(state.connection))} PUBLICATION ${publicationList(state)}${options}`;
  return state.connect && state.createSlot ? { sql, outside: true } : { sql };
}

function statements(
  state: SubscriptionState,
  before: SubscriptionState | null,
  context: FormContext,
): readonly Statement[] {
  const target = `SUBSCRIPTION ${quoteIdent(before?.name ?? state.name)}`;
  const settings = [
    ...commentChange(target, before?.comment ?? '', state.comment),
    ...labelChanges(target, before?.labels ?? [], state.labels),
  ];
  if (before === null) return [create(state, context), ...ownerChange(target, context.user, state.owner), ...settings];
  const changed = parameters(state, before, context.version);
  if (state.slotName !== before.slotName) changed.unshift(slot(state));
  const alter = (what: string): Statement => ({ sql: `ALTER ${target} ${what}` });
  const published = same(state.publications, before.publications)
    ? []
    : [alter(`SET PUBLICATION ${publicationList(state)} WITH (refresh = false)`)];
  const refresh = `ALTER SUBSCRIPTION ${quoteIdent(state.name)} REFRESH PUBLICATION${state.copyData ? '' : ' WITH (copy_data = false)'}`;
  return [
    ...(before.enabled && !state.enabled ? [alter('DISABLE')] : []),
    ...(same(state.connection, before.connection)
      ? []
      : [alter(`CONNECTION ${quoteLiteral(connectionText(state.connection))}`)]),
    ...published,
    ...(changed.length === 0 ? [] : [alter(`SET (${changed.join(', ')})`)]),
    ...(!before.enabled && state.enabled ? [alter('ENABLE')] : []),
    ...ownerChange(target, before.owner, state.owner),
    ...settings,
    ...renameChange(target, before.name, state.name),
    ...(state.refresh ? [{ sql: refresh, outside: true as const }] : []),
  ];
}

const KEYWORDS = words(
  'host',
  'hostaddr',
  'port',
  'dbname',
  'user',
  'password',
  'passfile',
  'connect_timeout',
  'application_name',
  'options',
  'sslmode',
  'sslcert',
  'sslkey',
  'sslrootcert',
  'sslcrl',
  'sslcompression',
  'sslsni',
  'channel_binding',
  'gssencmode',
  'krbsrvname',
  'target_session_attrs',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
);

const connected = (state: SubscriptionState): boolean => state.connect;
/** These can be changed only while the subscription stands still. */
const standing = (state: SubscriptionState, { mode }: FormContext): boolean => mode === 'create' || !state.enabled;

export const subscriptionForm = defineForm<SubscriptionState>({
  kind: 'subscription',
  variant: '',
  words: 'forms',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, COMMENT] },
    {
      id: 'connection',
      fields: [
        {
          id: 'connection',
          kind: 'options',
          choices: KEYWORDS,
          check: (value) =>
            Array.isArray(value) && value.some((row) => !/^[a-z_]+$/u.test(String(row?.name ?? 'x')))
              ? { problem: 'keyword' }
              : null,
        },
        { id: 'publications', kind: 'many', free: true, required: true },
      ],
    },
    {
      id: 'options',
      fields: [
        { id: 'connect', kind: 'switch', only: 'create' },
        { id: 'enabled', kind: 'switch', enabled: (state, { mode }) => mode === 'edit' || state.connect },
        { id: 'createSlot', kind: 'switch', only: 'create', enabled: connected },
        {
          id: 'copyData',
          kind: 'switch',
          enabled: (state, { mode }) => (mode === 'create' ? state.connect : state.refresh),
        },
        { id: 'refresh', kind: 'switch', only: 'edit', enabled: (state) => state.enabled },
        { id: 'slotName', kind: 'text', enabled: standing },
        {
          id: 'synchronousCommit',
          kind: 'choice',
          choices: words('off', 'local', 'on', 'remote_write', 'remote_apply'),
          required: true,
        },
        {
          id: 'streaming',
          kind: 'choice',
          choices: words('off', 'on', 'parallel'),
          required: true,
          since: SINCE.streaming,
          check: (value, _state, { version }) =>
            value === 'parallel' && version < PARALLEL_SINCE
              ? { problem: 'needs-version', values: { version: 16 } }
              : null,
        },
        { id: 'binary', kind: 'switch', since: SINCE.binary },
        {
          id: 'twoPhase',
          kind: 'switch',
          since: SINCE.twoPhase,
          // Before 18 it is decided once.
          enabled: (state, context) =>
            context.mode === 'create' || (context.version >= 180_000 && standing(state, context)),
        },
        { id: 'disableOnError', kind: 'switch', since: SINCE.disableOnError },
        { id: 'runAsOwner', kind: 'switch', since: SINCE.runAsOwner },
        { id: 'passwordRequired', kind: 'switch', since: SINCE.passwordRequired },
        { id: 'origin', kind: 'choice', choices: words('any', 'none'), required: true, since: SINCE.origin },
        { id: 'failover', kind: 'switch', since: SINCE.failover, enabled: standing },
      ],
    },
    { id: 'security', fields: [LABELS] },
  ],
  initial,
  // Without a connection there is no slot, no copy and nothing that runs.
  derive: (changed, state) =>
    changed === 'connect'
      ? { enabled: state.connect, createSlot: state.connect, copyData: state.connect }
      : changed === 'enabled' && !state.enabled
        ? { refresh: false }
        : {},
  statements,
});
