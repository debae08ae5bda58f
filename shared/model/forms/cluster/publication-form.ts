import type { Statement } from '../../catalog';
import { defineForm, type FormContext, type FormState } from '../../form';
import { quoteIdent, quoteLiteral } from '../../quote';
import { commentChange, ownerChange, renameChange } from '../identity';
import { labelChanges } from '../labels';
import { listChanges } from '../list-changes';
import { written } from '../written';
import { COMMENT, commonState, LABELS, NAME, OWNER, words, type CommonState } from './common';

/** A published table. */
export interface PublishedRow extends FormState {
  readonly id: string;
  /** As SQL writes it. */
  readonly table: string;
  /** Without the tables that inherit from it. What is published is read table by table. */
  readonly only: boolean;
  /** From 15 on; empty is all. */
  readonly columns: readonly string[];
  /** From 15 on: an expression; empty is all rows. */
  readonly where: string;
}

export interface PublicationState extends CommonState {
  readonly allTables: boolean;
  readonly schemas: readonly string[];
  readonly tables: readonly PublishedRow[];
  readonly insert: boolean;
  readonly update: boolean;
  readonly delete: boolean;
  readonly truncate: boolean;
  readonly viaRoot: boolean;
  /** `none`, `stored`; from 18 on. */
  readonly generatedColumns: string;
}

const SCHEMAS_SINCE = 150_000;
const TRUNCATE_SINCE = 110_000;
const ROOT_SINCE = 130_000;
const GENERATED_SINCE = 180_000;

const initial = (context: FormContext): PublicationState => ({
  ...commonState(context),
  allTables: false,
  schemas: [],
  tables: [],
  insert: true,
  update: true,
  delete: true,
  truncate: context.version >= TRUNCATE_SINCE,
  viaRoot: false,
  generatedColumns: 'none',
});

const tableSql = ({ table, only }: PublishedRow): string => `${only ? 'ONLY ' : ''}${table}`;

const published = (row: PublishedRow): string =>
  `TABLE ${tableSql(row)}` +
  (row.columns.length === 0 ? '' : ` (${row.columns.map(quoteIdent).join(', ')})`) +
  (row.where.trim() === '' ? '' : ` WHERE (${written(row.where.trim())})`);

/** Before 15 the word TABLE stands once, and nothing but names after it. */
const oldContents = (tables: readonly PublishedRow[]): string => `TABLE ${tables.map(tableSql).join(', ')}`;

/** What is published, as it stands after FOR, SET, ADD or DROP; empty for nothing. */
function contents(tables: readonly PublishedRow[], schemas: readonly string[], version: number): string {
  if (version < SCHEMAS_SINCE) return tables.length === 0 ? '' : oldContents(tables);
  return [...tables.map(published), ...schemas.map((schema) => `TABLES IN SCHEMA ${quoteIdent(schema)}`)].join(', ');
}

function parameters(state: PublicationState, before: PublicationState | null, version: number): string {
  const parts: string[] = [];
  const deeds = (of: PublicationState): string =>
    (['insert', 'update', 'delete', 'truncate'] as const).filter((deed) => of[deed]).join(', ');
  const usual = version >= TRUNCATE_SINCE ? 'insert, update, delete, truncate' : 'insert, update, delete';
  if (deeds(state) !== (before ? deeds(before) : usual)) parts.push(`publish = ${quoteLiteral(deeds(state))}`);
  if (state.viaRoot !== (before?.viaRoot ?? false)) parts.push(`publish_via_partition_root = ${state.viaRoot}`);
  if (state.generatedColumns !== (before?.generatedColumns ?? 'none')) {
    parts.push(`publish_generated_columns = ${state.generatedColumns}`);
  }
  return parts.join(', ');
}

function createStatement(state: PublicationState, version: number): Statement {
  const listed = contents(state.tables, state.schemas, version);
  const what = state.allTables ? ' FOR ALL TABLES' : listed === '' ? '' : ` FOR ${listed}`;
  const given = parameters(state, null, version);
  return { sql: `CREATE PUBLICATION ${quoteIdent(state.name)}${what}${given === '' ? '' : ` WITH (${given})`}` };
}

/** The same table, whatever record says so. */
const byTable = (row: PublishedRow): PublishedRow => ({ ...row, id: row.table });

function contentChanges(
  target: string,
  state: PublicationState,
  before: PublicationState,
  version: number,
): Statement[] {
  if (state.allTables) return [];
  const { added, removed, changed } = listChanges(
    before.tables.map(byTable),
    state.tables.map(byTable),
    ({ id }) => id,
  );
  const coming = [...added, ...changed.map(({ after }) => after)];
  // What inherits may be published already, and would be refused when it is added: then all is said anew.
  if (before.tables.length > 0 && coming.some(({ only }) => !only)) {
    return [{ sql: `ALTER ${target} SET ${contents(state.tables, state.schemas, version)}` }];
  }
  const going = [...removed, ...changed.map((pair) => pair.before)];
  const bare = going.map((row) => ({ ...row, only: true, columns: [], where: '' }));
  const lost = before.schemas.filter((schema) => !state.schemas.includes(schema));
  const won = state.schemas.filter((schema) => !before.schemas.includes(schema));
  const alter = (word: string, what: string): Statement[] =>
    what === '' ? [] : [{ sql: `ALTER ${target} ${word} ${what}` }];
  return [...alter('DROP', contents(bare, lost, version)), ...alter('ADD', contents(coming, won, version))];
}

function statements(
  state: PublicationState,
  before: PublicationState | null,
  context: FormContext,
): readonly Statement[] {
  const { version } = context;
  const target = `PUBLICATION ${quoteIdent(before?.name ?? state.name)}`;
  const settings = [
    ...commentChange(target, before?.comment ?? '', state.comment),
    ...labelChanges(target, before?.labels ?? [], state.labels),
  ];
  if (before === null)
    return [createStatement(state, version), ...ownerChange(target, context.user, state.owner), ...settings];
  const changed = parameters(state, before, version);
  return [
    ...contentChanges(target, state, before, version),
    ...(changed === '' ? [] : [{ sql: `ALTER ${target} SET (${changed})` }]),
    ...ownerChange(target, before.owner, state.owner),
    ...settings,
    ...renameChange(target, before.name, state.name),
  ];
}

const some = (state: PublicationState): boolean => !state.allTables;

export const publicationForm = defineForm<PublicationState>({
  kind: 'publication',
  variant: '',
  words: 'forms',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, COMMENT] },
    {
      id: 'tables',
      fields: [
        { id: 'allTables', kind: 'switch', fixed: true },
        { id: 'schemas', kind: 'many', choices: 'schemas', since: SCHEMAS_SINCE, shown: some },
        {
          id: 'tables',
          kind: 'list',
          ordered: false,
          shown: some,
          columns: [
            { id: 'table', kind: 'choice', choices: 'tables', required: true },
            { id: 'only', kind: 'switch', initial: true },
            { id: 'columns', kind: 'many', choices: 'columns', choicesOf: 'table', since: SCHEMAS_SINCE },
            { id: 'where', kind: 'text', since: SCHEMAS_SINCE },
          ],
        },
      ],
    },
    {
      id: 'options',
      fields: [
        { id: 'insert', kind: 'switch' },
        { id: 'update', kind: 'switch' },
        { id: 'delete', kind: 'switch' },
        { id: 'truncate', kind: 'switch', since: TRUNCATE_SINCE },
        { id: 'viaRoot', kind: 'switch', since: ROOT_SINCE },
        {
          id: 'generatedColumns',
          kind: 'choice',
          choices: words('none', 'stored'),
          required: true,
          since: GENERATED_SINCE,
        },
      ],
    },
    { id: 'security', fields: [LABELS] },
  ],
  initial,
  statements,
});
