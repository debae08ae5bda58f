import type { Choice, FormContext, FormField, FormState } from '../../form';
import { TABLE_PRIVILEGES } from '../cluster/common';
import { BOUNDS } from './bound';
import { COLUMN_FIELDS } from './column-shape';
import { CONSTRAINT_FIELDS } from './constraint-forms';
import { KEY_ELEMENT_FIELDS } from './element-shape';
import { records, text } from './values';

const plain = (...values: readonly string[]): readonly Choice[] => values.map((value) => ({ value }));

const AUTOVACUUM = [
  'autovacuum_enabled',
  'autovacuum_vacuum_threshold',
  'autovacuum_vacuum_max_threshold',
  'autovacuum_vacuum_scale_factor',
  'autovacuum_vacuum_insert_threshold',
  'autovacuum_vacuum_insert_scale_factor',
  'autovacuum_vacuum_cost_delay',
  'autovacuum_vacuum_cost_limit',
  'autovacuum_freeze_min_age',
  'autovacuum_freeze_max_age',
  'autovacuum_freeze_table_age',
  'autovacuum_multixact_freeze_min_age',
  'autovacuum_multixact_freeze_max_age',
  'autovacuum_multixact_freeze_table_age',
  'log_autovacuum_min_duration',
  'vacuum_index_cleanup',
  'vacuum_truncate',
  'vacuum_max_eager_freeze_failure_rate',
] as const;

export const PARAMETERS: FormField = {
  id: 'parameters',
  kind: 'options',
  choices: plain(
    'fillfactor',
    'parallel_workers',
    'toast_tuple_target',
    'autovacuum_analyze_threshold',
    'autovacuum_analyze_scale_factor',
    'user_catalog_table',
    ...AUTOVACUUM,
  ),
};
export const TOAST_PARAMETERS: FormField = { id: 'toastParameters', kind: 'options', choices: plain(...AUTOVACUUM) };

export const GENERAL: readonly FormField[] = [
  { id: 'name', kind: 'text', required: true },
  { id: 'owner', kind: 'choice', choices: 'roles' },
  { id: 'schema', kind: 'choice', choices: 'schemas', required: true },
];
export const COMMENT: FormField = { id: 'comment', kind: 'long-text' };
export const TABLESPACE: FormField = { id: 'tablespace', kind: 'choice', choices: 'tablespaces' };

export const COLUMNS: FormField = { id: 'columns', kind: 'list', columns: COLUMN_FIELDS };

export const CONSTRAINTS: readonly FormField[] = [
  {
    id: 'primaryKey',
    kind: 'list',
    columns: CONSTRAINT_FIELDS['primary-key'],
    check: (value) => (records(value).length > 1 ? { problem: 'one-primary-key' } : null),
  },
  { id: 'uniques', kind: 'list', columns: CONSTRAINT_FIELDS.unique },
  { id: 'foreignKeys', kind: 'list', columns: CONSTRAINT_FIELDS['foreign-key'] },
  { id: 'checks', kind: 'list', columns: CONSTRAINT_FIELDS.check },
  { id: 'exclusions', kind: 'list', columns: CONSTRAINT_FIELDS.exclusion },
];

/** First version with HASH and with partitions for the rest. */
const HASH = 110000;

const boundProblem: FormField['check'] = (value, _state, { version }) =>
  (value === 'hash' || value === 'default') && version < HASH ? { problem: 'since-11' } : null;

/** Fields of a bound: what the partition takes by. `empty`: the parent says by what. */
export const BOUND_FIELDS: readonly FormField[] = [
  { id: 'bound', kind: 'choice', choices: plain(...BOUNDS), check: boundProblem },
  { id: 'from', kind: 'text', enabled: (row) => ['', 'range'].includes(text(row['bound'])) },
  { id: 'to', kind: 'text', enabled: (row) => ['', 'range'].includes(text(row['bound'])) },
  { id: 'values', kind: 'text', enabled: (row) => ['', 'list'].includes(text(row['bound'])) },
  { id: 'modulus', kind: 'number', min: 1, since: HASH, enabled: (row) => ['', 'hash'].includes(text(row['bound'])) },
  { id: 'remainder', kind: 'number', min: 0, since: HASH, enabled: (row) => ['', 'hash'].includes(text(row['bound'])) },
];

type Rule = (state: FormState, context: FormContext) => boolean;

const isPartitioned: Rule = (state) => text(state['strategy']) !== '';

const isCreated: Rule = (row) => ['', 'create'].includes(text(row['how']));

/** How a table is parted, and its parts. */
export const PARTITIONING: readonly FormField[] = [
  {
    id: 'strategy',
    kind: 'choice',
    choices: plain('', 'RANGE', 'LIST', 'HASH'),
    fixed: true,
    check: (value, _state, { version }) => (value === 'HASH' && version < HASH ? { problem: 'since-11' } : null),
  },
  {
    id: 'keys',
    kind: 'list',
    columns: KEY_ELEMENT_FIELDS,
    fixed: true,
    shown: isPartitioned,
    check: (value) => (records(value).length === 0 ? { problem: 'required' } : null),
  },
  {
    id: 'partitions',
    kind: 'list',
    shown: isPartitioned,
    columns: [
      { id: 'how', kind: 'choice', choices: plain('create', 'attach'), only: 'create' },
      {
        id: 'name',
        kind: 'text',
        enabled: isCreated,
        check: (value, row) =>
          text(value) === '' && ['', 'create'].includes(text(row['how'])) ? { problem: 'required' } : null,
      },
      {
        id: 'partition',
        kind: 'choice',
        choices: 'tables',
        enabled: (row) => text(row['how']) === 'attach',
        check: (value, row) => (text(value) === '' && text(row['how']) === 'attach' ? { problem: 'required' } : null),
      },
      ...BOUND_FIELDS,
      { id: 'accessMethod', kind: 'choice', choices: 'table-access-methods', since: 120000, shown: isCreated },
      { id: 'strategy', kind: 'choice', choices: plain('', 'RANGE', 'LIST', 'HASH'), shown: isCreated },
      {
        id: 'keys',
        kind: 'list',
        columns: KEY_ELEMENT_FIELDS,
        shown: (row, context) => isPartitioned(row, context) && isCreated(row, context),
        check: (value) => (records(value).length === 0 ? { problem: 'required' } : null),
      },
    ],
  },
];

export const LIKE: FormField = {
  id: 'like',
  kind: 'list',
  only: 'create',
  columns: [
    { id: 'source', kind: 'choice', choices: 'tables', required: true },
    {
      id: 'including',
      kind: 'many',
      choices: plain(
        'DEFAULTS',
        'CONSTRAINTS',
        'INDEXES',
        'STORAGE',
        'COMMENTS',
        'COMPRESSION',
        'GENERATED',
        'IDENTITY',
        'STATISTICS',
        'ALL',
      ),
    },
  ],
};

/** First version that can change how a table that is there is stored. */
const SET_ACCESS_METHOD = 150000;

export const ADVANCED: readonly FormField[] = [
  { id: 'rowSecurity', kind: 'switch' },
  { id: 'forceRowSecurity', kind: 'switch' },
  { id: 'replicaIdentity', kind: 'choice', choices: plain('DEFAULT', 'FULL', 'NOTHING', 'INDEX'), required: true },
  {
    id: 'replicaIndex',
    kind: 'choice',
    choices: 'indexes',
    choicesOf: 'table',
    shown: (state) => text(state['replicaIdentity']) === 'INDEX',
    check: (value) => (text(value) === '' ? { problem: 'required' } : null),
  },
  {
    id: 'accessMethod',
    kind: 'choice',
    choices: 'table-access-methods',
    since: 120000,
    enabled: (_state, { mode, version }) => mode === 'create' || version >= SET_ACCESS_METHOD,
  },
  { id: 'unlogged', kind: 'switch' },
  { id: 'oids', kind: 'switch', until: 120000 },
];

export const SECURITY: readonly FormField[] = [
  {
    id: 'privileges',
    kind: 'privileges',
    privileges: TABLE_PRIVILEGES,
    check: (value, _state, { version }) =>
      version < 170000 && JSON.stringify(value).includes('"MAINTAIN"') ? { problem: 'since-17' } : null,
  },
  { id: 'labels', kind: 'labels' },
];
