import type { Statement } from '../../catalog';
import { defineForm, type FieldProblem, type FormContext, type OptionRow, type PrivilegeRow } from '../../form';
import { quoteIdent, quoteQualified } from '../../quote';
import { commentChange, ownerChange, renameChange, schemaChange } from '../identity';
import { labelChanges } from '../labels';
import { same } from '../list-changes';
import { optionChanges, optionList } from '../options';
import { privilegeChanges } from '../privileges';
import { tablespaceChange } from '../tablespace';
import {
  COMMENT,
  commonState,
  LABELS,
  NAME,
  OWNER,
  SCHEMA,
  schemaOf,
  TABLE_PRIVILEGES,
  TABLESPACE,
  withoutEnd,
  words,
  type CommonState,
} from './common';

export interface MaterializedViewState extends CommonState {
  readonly schema: string;
  readonly definition: string;
  readonly withData: boolean;
  /** Empty: the database's. */
  readonly tablespace: string;
  readonly databaseTablespace: string;
  readonly accessMethod: string;
  readonly options: readonly OptionRow[];
  readonly dependsOnExtensions: readonly string[];
  readonly privileges: readonly PrivilegeRow[];
  /** The query as it was read. */
  readonly definitionRead: string;
  /** Statements of its columns, indexes and statistics as they are: all this falls when the query changes, and is brought back. */
  readonly restoring: readonly string[];
  /** What keeps the view from being dropped, in the server's words. */
  readonly neededBy: readonly string[];
}

const VACUUM = [
  'autovacuum_enabled',
  'autovacuum_vacuum_threshold',
  'autovacuum_vacuum_scale_factor',
  'autovacuum_vacuum_cost_delay',
  'autovacuum_vacuum_cost_limit',
  'autovacuum_vacuum_insert_threshold',
  'autovacuum_vacuum_insert_scale_factor',
  'autovacuum_freeze_min_age',
  'autovacuum_freeze_max_age',
  'autovacuum_freeze_table_age',
  'autovacuum_multixact_freeze_min_age',
  'autovacuum_multixact_freeze_max_age',
  'autovacuum_multixact_freeze_table_age',
  'log_autovacuum_min_duration',
  'vacuum_index_cleanup',
  'vacuum_truncate',
] as const;

/** Storage parameters of a table or materialized view. */
export const STORAGE_PARAMETERS: readonly string[] = [
  'fillfactor',
  'toast_tuple_target',
  'parallel_workers',
  ...VACUUM,
  'autovacuum_analyze_threshold',
  'autovacuum_analyze_scale_factor',
  ...VACUUM.map((name) => `toast.${name}`),
];

const METHODS_SINCE = 120_000;
const METHOD_CHANGES_SINCE = 150_000;
const TIES_SINCE = 130_000;

const initial = (context: FormContext): MaterializedViewState => ({
  ...commonState(context),
  schema: schemaOf(context),
  definition: '',
  withData: true,
  tablespace: '',
  databaseTablespace: '',
  accessMethod: '',
  options: [],
  dependsOnExtensions: [],
  privileges: [],
  definitionRead: '',
  restoring: [],
  neededBy: [],
});

const targetOf = (schema: string, name: string): string => `MATERIALIZED VIEW ${quoteQualified(schema, name)}`;

function createStatement(state: MaterializedViewState): Statement {
  const list = optionList(state.options);
  const parts = [
    `CREATE ${targetOf(state.schema, state.name)}`,
    state.accessMethod === '' ? '' : ` USING ${quoteIdent(state.accessMethod)}`,
    list === '' ? '' : ` WITH (${list})`,
    state.tablespace === '' ? '' : ` TABLESPACE ${quoteIdent(state.tablespace)}`,
    ` AS\n${withoutEnd(state.definition)}\nWITH ${state.withData ? '' : 'NO '}DATA`,
  ];
  return { sql: parts.join('') };
}

function settings(state: MaterializedViewState, before: MaterializedViewState | null): Statement[] {
  const target = targetOf(state.schema, state.name);
  const old = before?.dependsOnExtensions ?? [];
  const tie = (word: string, names: readonly string[]): Statement[] =>
    names.map((name) => ({ sql: `ALTER ${target} ${word}DEPENDS ON EXTENSION ${quoteIdent(name)}` }));
  return [
    ...commentChange(target, before?.comment ?? '', state.comment),
    ...privilegeChanges(
      `TABLE ${quoteQualified(state.schema, state.name)}`,
      before?.privileges ?? [],
      state.privileges,
    ),
    ...labelChanges(target, before?.labels ?? [], state.labels),
    ...tie(
      'NO ',
      old.filter((name) => !state.dependsOnExtensions.includes(name)),
    ),
    ...tie(
      '',
      state.dependsOnExtensions.filter((name) => !old.includes(name)),
    ),
  ];
}

function create(state: MaterializedViewState, context: FormContext): Statement[] {
  return [
    createStatement(state),
    ...ownerChange(targetOf(state.schema, state.name), context.user, state.owner),
    ...settings(state, null),
  ];
}

function statements(
  state: MaterializedViewState,
  before: MaterializedViewState | null,
  context: FormContext,
): readonly Statement[] {
  if (before === null) return create(state, context);
  const target = targetOf(state.schema, state.name);
  if (withoutEnd(state.definition) !== withoutEnd(before.definition)) {
    // A definition can't be changed: the view falls and is made again, if nothing needs it. What brings back its parts names the view as it
    // was: it is made under its old name, and moves afterwards.
    const old = targetOf(before.schema, before.name);
    return [
      { sql: `DROP ${old}` },
      ...create({ ...state, schema: before.schema, name: before.name }, context),
      ...before.restoring.map((sql) => ({ sql })),
      ...renameChange(old, before.name, state.name),
      ...schemaChange(targetOf(before.schema, state.name), before.schema, state.schema),
    ];
  }
  return [
    ...renameChange(targetOf(before.schema, before.name), before.name, state.name),
    ...schemaChange(targetOf(before.schema, state.name), before.schema, state.schema),
    ...ownerChange(target, before.owner, state.owner),
    ...(same(before.options, state.options) ? [] : optionChanges(target, before.options, state.options)),
    ...(state.accessMethod === before.accessMethod || state.accessMethod === ''
      ? []
      : [{ sql: `ALTER ${target} SET ACCESS METHOD ${quoteIdent(state.accessMethod)}` }]),
    ...tablespaceChange(target, before.tablespace, state.tablespace, before.databaseTablespace),
    ...(state.withData === before.withData
      ? []
      : [{ sql: `REFRESH ${target} WITH ${state.withData ? '' : 'NO '}DATA` }]),
    ...settings(state, before),
  ];
}

/** Most of `neededBy` that are told. */
const MOST_TOLD = 5;

/** With another query the view is dropped, which the server refuses while anything needs it. */
function check(state: MaterializedViewState, { mode }: FormContext): Readonly<Record<string, FieldProblem>> {
  const { neededBy } = state;
  if (mode === 'create' || neededBy.length === 0) return {};
  if (withoutEnd(state.definition) === withoutEnd(state.definitionRead)) return {};
  const names = `${neededBy.slice(0, MOST_TOLD).join(', ')}${neededBy.length > MOST_TOLD ? ', …' : ''}`;
  return { definition: { problem: 'needed-by', values: { names } } };
}

export const materializedViewForm = defineForm<MaterializedViewState>({
  kind: 'materialized-view',
  variant: '',
  words: 'forms',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, SCHEMA, COMMENT] },
    { id: 'code', fields: [{ id: 'definition', kind: 'sql', required: true }] },
    {
      id: 'definition',
      fields: [
        { id: 'withData', kind: 'switch' },
        TABLESPACE,
        {
          id: 'accessMethod',
          kind: 'choice',
          choices: 'table-access-methods',
          since: METHODS_SINCE,
          enabled: (_state, { mode, version }) => mode === 'create' || version >= METHOD_CHANGES_SINCE,
        },
        { id: 'dependsOnExtensions', kind: 'many', choices: 'installed-extensions', since: TIES_SINCE },
      ],
    },
    { id: 'storage', fields: [{ id: 'options', kind: 'options', choices: words(...STORAGE_PARAMETERS) }] },
    { id: 'security', fields: [{ id: 'privileges', kind: 'privileges', privileges: TABLE_PRIVILEGES }, LABELS] },
  ],
  initial,
  check,
  statements,
});
