import type { Statement } from '../../catalog';
import { defineForm, type FieldProblem, type FormContext, type FormValue, type OptionRow } from '../../form';
import { quoteIdent, quoteLiteral } from '../../quote';
import { commentChange, ownerChange, renameChange } from '../identity';
import { labelChanges } from '../labels';
import { same } from '../list-changes';
import { COMMENT, commonState, LABELS, NAME, OWNER, words, type CommonState } from './common';

export interface SubscriptionState extends CommonState {
  /** Keywords and values of libpq, without its passwords. */
  readonly connection: readonly OptionRow[];
  readonly password: string;
  /** Of the key of the client's certificate. */
  readonly sslPassword: string;
  readonly publications: readonly string[];
  readonly enabled: boolean;
  readonly connect: boolean;
  readonly createSlot: boolean;
  readonly copyData: boolean;
  /** Empty: as the subscription. */
  readonly slotName: string;
  /** Empty: it can't be read. */
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
  /** As it was read; null for a new one. */
  readonly asRead: SubscriptionRead | null;
}

/** On what it depends whether two-phase commit and failover can be changed. */
export type SubscriptionRead = {
  readonly enabled: boolean;
  readonly twoPhase: boolean;
  readonly failover: boolean;
};

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
/** Before, it is decided once. */
const TWO_PHASE_CHANGES_SINCE = 180_000;
const SSL_PASSWORD_SINCE = 130_000;
const PARALLEL_USUAL_SINCE = 180_000;

const initial = (context: FormContext): SubscriptionState => ({
  ...commonState(context),
  connection: [],
  password: '',
  sslPassword: '',
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
  asRead: null,
});

/** Keywords that have fields of their own. */
const SECRETS: ReadonlySet<string> = new Set(['password', 'sslpassword']);

/** A connection string as libpq reads it. */
const connectionText = ({ connection, password, sslPassword }: SubscriptionState): string =>
  [...connection, { name: 'password', value: password }, { name: 'sslpassword', value: sslPassword }]
    .filter(({ name, value }) => value !== '' || !SECRETS.has(name))
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
  add('disableOnError', 'disable_on_error');
  add('runAsOwner', 'run_as_owner');
  add('passwordRequired', 'password_required');
  add('origin', 'origin');
  return parts;
}

/** Parameters that are changed with the slot: each by a statement alone, outside of a transaction. */
function slotParameters(state: SubscriptionState, usual: SubscriptionState, version: number): string[] {
  return [
    ...(version >= SINCE.twoPhase && state.twoPhase !== usual.twoPhase ? [`two_phase = ${state.twoPhase}`] : []),
    ...(version >= SINCE.failover && state.failover !== usual.failover ? [`failover = ${state.failover}`] : []),
  ];
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
  const usual = initial(context);
  parts.push(...parameters(state, usual, context.version), ...slotParameters(state, usual, context.version));
  const options = parts.length === 0 ? '' : ` WITH (${parts.join(', ')})`;
  const sql = `CREATE SUBSCRIPTION ${quoteIdent(state.name)} CONNECTION ${quoteLiteral(connectionText(state))} PUBLICATION ${publicationList(state)}${options}`;
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
    ...(same(state.connection, before.connection) &&
    state.password === before.password &&
    state.sslPassword === before.sslPassword
      ? []
      : [alter(`CONNECTION ${quoteLiteral(connectionText(state))}`)]),
    ...published,
    ...(changed.length === 0 ? [] : [alter(`SET (${changed.join(', ')})`)]),
    ...slotParameters(state, before, context.version).map((parameter): Statement => ({
      ...alter(`SET (${parameter})`),
      outside: true,
    })),
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

function checkKeywords(value: FormValue): FieldProblem | null {
  const names: readonly string[] = Array.isArray(value) ? value.map((row) => String(row?.name ?? 'x')) : [];
  if (names.some((name) => !/^[a-z_]+$/u.test(name))) return { problem: 'keyword' };
  return names.some((name) => SECRETS.has(name)) ? { problem: 'own-field' } : null;
}

const connected = (state: SubscriptionState): boolean => state.connect;
/** These can be changed only while the subscription stands still. */
const standing = (state: SubscriptionState, { mode }: FormContext): boolean => mode === 'create' || !state.enabled;

/** What concerns the slot is changed while nobody uses it; two-phase commit waits for the end of the worker too. */
function check(state: SubscriptionState, { mode }: FormContext): Readonly<Record<string, FieldProblem>> {
  const { asRead } = state;
  if (mode === 'create' || asRead === null) return {};
  const problems: Record<string, FieldProblem> = {};
  if (state.twoPhase !== asRead.twoPhase) {
    if (asRead.enabled) problems['twoPhase'] = { problem: 'disable-first' };
    else if (!state.twoPhase && state.slotName === '') problems['twoPhase'] = { problem: 'needs-slot' };
  }
  if (state.failover !== asRead.failover) {
    if (asRead.enabled && state.enabled) problems['failover'] = { problem: 'disable-first' };
    else if (state.slotName === '') problems['failover'] = { problem: 'needs-slot' };
  }
  return problems;
}

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
          check: checkKeywords,
        },
        { id: 'password', kind: 'secret' },
        { id: 'sslPassword', kind: 'secret', since: SSL_PASSWORD_SINCE },
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
          shown: (state) => state.synchronousCommit !== '',
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
          enabled: (_state, { mode, version }) => mode === 'create' || version >= TWO_PHASE_CHANGES_SINCE,
        },
        { id: 'disableOnError', kind: 'switch', since: SINCE.disableOnError },
        { id: 'runAsOwner', kind: 'switch', since: SINCE.runAsOwner },
        { id: 'passwordRequired', kind: 'switch', since: SINCE.passwordRequired },
        { id: 'origin', kind: 'choice', choices: words('any', 'none'), required: true, since: SINCE.origin },
        { id: 'failover', kind: 'switch', since: SINCE.failover },
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
  check,
  statements,
});
