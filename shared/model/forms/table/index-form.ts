import { defineForm, type FormContext, type FormField, type FormState } from '../../form';
import type { Statement } from '../../catalog';
import { quoteIdent, quoteQualified } from '../../quote';
import { commentChange, renameChange } from '../identity';
import { optionChanges, optionList } from '../options';
import { tablespaceChange } from '../tablespace';
import { written } from '../written';
import { dependencyChanges } from './extension-sql';
import { elementOf, elementSql, INDEX_ELEMENT_FIELDS } from './element-shape';
import { flag, options, records, text, texts } from './values';

const indexOf = (state: FormState) => ({
  name: text(state['name']),
  comment: text(state['comment']),
  /** As SQL writes it. */
  table: text(state['table']),
  /** Of the table, and so of the index, unquoted. */
  tableSchema: text(state['tableSchema']),
  /** Only the table itself: its partitions get no index. */
  only: flag(state['only']),
  method: text(state['method']) === '' ? 'btree' : text(state['method']),
  unique: flag(state['unique']),
  nullsNotDistinct: flag(state['nullsNotDistinct']),
  elements: records(state['elements']).map(elementOf),
  include: texts(state['include']),
  where: text(state['where']),
  tablespace: text(state['tablespace']),
  /** That of the database, where none is chosen. */
  databaseTablespace: text(state['databaseTablespace']),
  parameters: options(state['parameters']),
  concurrently: flag(state['concurrently']),
  clustered: flag(state['clustered']),
  /** Rows are told apart by it in replication: what the table's dialog says. */
  replica: flag(state['replica']),
  /** Extensions with which the index goes. */
  extensions: texts(state['extensions']),
});
type Index = ReturnType<typeof indexOf>;

function createSql(index: Index): string {
  const include = index.include.length === 0 ? '' : ` INCLUDE (${index.include.map(quoteIdent).join(', ')})`;
  return [
    `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${index.concurrently ? 'CONCURRENTLY ' : ''}`,
    index.name === '' ? '' : `${quoteIdent(index.name)} `,
    `ON ${index.only ? 'ONLY ' : ''}${index.table} USING ${quoteIdent(index.method)}`,
    ` (${index.elements.map(elementSql).join(', ')})${include}`,
    index.nullsNotDistinct && index.unique ? ' NULLS NOT DISTINCT' : '',
    index.parameters.length === 0 ? '' : ` WITH (${optionList(index.parameters)})`,
    index.tablespace === '' ? '' : ` TABLESPACE ${quoteIdent(index.tablespace)}`,
    index.where === '' ? '' : ` WHERE (${written(index.where)})`,
  ].join('');
}

const nameOf = (index: Index): string => quoteQualified(index.tableSchema, index.name);

/** Statistics of the expressions; their place in the index is their column's number. */
function statisticsChanges(index: Index, before: readonly (number | null)[]): Statement[] {
  return index.elements.flatMap(({ statistics }, place) =>
    statistics === (before[place] ?? null)
      ? []
      : [{ sql: `ALTER INDEX ${nameOf(index)} ALTER COLUMN ${place + 1} SET STATISTICS ${statistics ?? -1}` }],
  );
}

function clusterChange(index: Index, before: boolean): Statement[] {
  if (index.clustered === before) return [];
  const how = index.clustered ? `CLUSTER ON ${quoteIdent(index.name)}` : 'SET WITHOUT CLUSTER';
  return [{ sql: `ALTER TABLE ${index.table} ${how}` }];
}

const extensionChanges = (index: Index, before: readonly string[]): Statement[] =>
  dependencyChanges(`INDEX ${nameOf(index)}`, before, index.extensions);

const create = (index: Index): Statement[] => [
  { sql: createSql(index), ...(index.concurrently ? { outside: true } : {}) },
  ...statisticsChanges(index, []),
  ...clusterChange(index, false),
  ...extensionChanges(index, []),
  ...(index.name === '' ? [] : commentChange(`INDEX ${nameOf(index)}`, null, index.comment)),
];

/** What ALTER INDEX can't change. */
const essence = (index: Index): string =>
  createSql({ ...index, name: '', tablespace: '', parameters: [], concurrently: false, only: false });

function change(before: Index, after: Index): Statement[] {
  if (essence(before) !== essence(after)) {
    return [
      { sql: `DROP INDEX ${nameOf(before)}` },
      ...create({ ...after, concurrently: false }),
      ...(before.replica
        ? [{ sql: `ALTER TABLE ${after.table} REPLICA IDENTITY USING INDEX ${quoteIdent(after.name)}` }]
        : []),
    ];
  }
  const name = nameOf(after);
  return [
    ...renameChange(`INDEX ${nameOf(before)}`, before.name, after.name),
    ...tablespaceChange(`INDEX ${name}`, before.tablespace, after.tablespace, before.databaseTablespace),
    ...optionChanges(`INDEX ${name}`, before.parameters, after.parameters),
    ...statisticsChanges(
      after,
      before.elements.map(({ statistics }) => statistics),
    ),
    ...clusterChange(after, before.clustered),
    ...extensionChanges(after, before.extensions),
    ...commentChange(`INDEX ${name}`, before.comment, after.comment),
  ];
}

const PARAMETERS = [
  'fillfactor',
  'deduplicate_items',
  'buffering',
  'fastupdate',
  'gin_pending_list_limit',
  'pages_per_range',
  'autosummarize',
].map((value) => ({ value }));

const NAME: FormField = {
  id: 'name',
  kind: 'text',
  check: (value, state, { mode }) => {
    const { comment, clustered, elements, extensions } = indexOf(state);
    const isNamed =
      comment !== '' || clustered || extensions.length > 0 || elements.some(({ statistics }) => statistics !== null);
    return text(value) === '' && (mode === 'edit' || isNamed) ? { problem: 'required' } : null;
  },
};

/** An index of a table, partition or materialized view. Its state holds the table: `table` as SQL writes it, `tableSchema` unquoted. */
export const INDEX_FORM = defineForm<FormState>({
  kind: 'index',
  variant: '',
  words: 'forms-table',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        NAME,
        { id: 'table', kind: 'fact' },
        { id: 'tablespace', kind: 'choice', choices: 'tablespaces' },
        { id: 'comment', kind: 'long-text' },
      ],
    },
    {
      id: 'definition',
      fields: [
        { id: 'method', kind: 'choice', choices: 'index-access-methods' },
        { id: 'unique', kind: 'switch' },
        {
          id: 'nullsNotDistinct',
          kind: 'switch',
          since: 150000,
          enabled: (state) => flag(state['unique']),
        },
        {
          id: 'elements',
          kind: 'list',
          columns: INDEX_ELEMENT_FIELDS,
          check: (value) => (records(value).length === 0 ? { problem: 'required' } : null),
        },
        { id: 'include', kind: 'many', free: true, choices: 'columns', choicesOf: 'table', since: 110000 },
        { id: 'where', kind: 'sql' },
        { id: 'clustered', kind: 'switch' },
        { id: 'extensions', kind: 'many', choices: 'installed-extensions', since: 130000 },
        { id: 'only', kind: 'switch', only: 'create', since: 110000, enabled: (state) => !flag(state['concurrently']) },
        { id: 'concurrently', kind: 'switch', only: 'create' },
      ],
    },
    { id: 'parameters', fields: [{ id: 'parameters', kind: 'options', choices: PARAMETERS }] },
  ],
  initial: ({ parent }: FormContext) => ({
    ...indexOf({}),
    table: parent ? quoteQualified(parent.schema, parent.name) : '',
    tableSchema: parent?.schema ?? '',
  }),
  statements: (state, before) => (before ? change(indexOf(before), indexOf(state)) : create(indexOf(state))),
});
