import type { CutOverStep, Halt } from '../../../shared/model/migration';
import type {
  ComparedReport,
  CompareView,
  MigrationReport,
  RowDifference,
  TableCompare,
} from '../../../shared/model/migration-api';
import { count, escape, section, table, time, type Column } from './report-table';
import type { ReportWords } from './report-words';

const stepColumns = (words: ReportWords): readonly Column<CutOverStep>[] => [
  { head: words.step, cell: ({ step }) => escape(words.terms[step] ?? step) },
  {
    head: words.state,
    cell: ({ state }) =>
      `<span class="${state === 'failed' ? 'bad' : ''}">${escape(words.terms[state] ?? state)}</span>`,
  },
  { head: words.started, cell: ({ startedAt }) => time(startedAt) },
  { head: words.ended, cell: ({ endedAt }) => time(endedAt) },
  { head: words.remark, cell: ({ note }) => escape(note) },
];

const haltColumns = (words: ReportWords): readonly Column<Halt>[] => [
  { head: words.time, cell: ({ at }) => time(at) },
  { head: words.database, cell: ({ database }) => escape(database) },
  {
    head: words.reason,
    cell: ({ text, statement }) => `${escape(text)}${statement === '' ? '' : `<pre>${escape(statement)}</pre>`}`,
  },
];

const comparedColumns = (words: ReportWords): readonly Column<TableCompare>[] => [
  { head: words.database, cell: ({ database }) => escape(database) },
  { head: words.table, cell: ({ schema, name }) => escape(`${schema}.${name}`) },
  {
    head: words.result,
    cell: ({ result }) =>
      `<span class="${result === 'equal' ? 'ok' : 'bad'}">${escape(words.terms[result] ?? result)}</span>`,
  },
  { head: words.rows, numeric: true, cell: ({ rows }) => count(rows) },
  { head: words.different, numeric: true, cell: ({ differences }) => count(differences) },
  { head: words.remark, cell: ({ reason }) => escape(reason) },
];

const value = (text: string | null): string => (text === null ? 'NULL' : text);

const differenceColumns = (words: ReportWords): readonly Column<RowDifference>[] => [
  { head: words.outcome, cell: ({ kind }) => escape(words.terms[kind] ?? kind) },
  {
    head: words.key,
    cell: ({ key }) => escape(key.map((each) => `${each.column} = ${value(each.value)}`).join(', ')),
  },
  {
    head: words.columns,
    cell: ({ columns }) =>
      columns.map((each) => escape(`${each.column}: ${value(each.source)} → ${value(each.target)}`)).join('<br>'),
  },
];

/** How it was cut over, what it waits for, and what was decided. */
export function followSections({ job, progress }: MigrationReport, words: ReportWords): string[] {
  const follow = progress?.follow;
  const halts = follow?.databases.flatMap((each) => each.halts) ?? [];
  const decided = job.events.filter(({ kind }) => kind === 'decided').toSorted((a, b) => a.at - b.at);
  return [
    ...(follow && follow.cutOver.length > 0 ? [section(words.cutOver, table(follow.cutOver, stepColumns(words)))] : []),
    ...(halts.length > 0 ? [section(words.halts, table(halts, haltColumns(words)))] : []),
    ...(decided.length > 0
      ? [
          section(
            words.decisions,
            table(decided, [
              { head: words.time, cell: ({ at }) => time(at) },
              { head: words.event, cell: ({ text }) => escape(text) },
            ]),
          ),
        ]
      : []),
  ];
}

/** What a comparison found table by table, and the keys of rows that differ. */
export function comparedSections(
  compares: readonly CompareView[],
  compared: readonly ComparedReport[],
  words: ReportWords,
): string[] {
  return compared.flatMap(({ compareId, tables, rows }) => {
    const name = compares.find(({ id }) => id === compareId)?.name ?? compareId;
    if (tables.length === 0) return [];
    return [
      section(words.comparedTables(name), table(tables, comparedColumns(words))),
      ...rows.map((each) =>
        section(
          words.differingRows(name, `${each.database}: ${each.schema}.${each.name}`),
          table(each.rows, differenceColumns(words)),
        ),
      ),
    ];
  });
}
