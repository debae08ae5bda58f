import type { Finding, FollowProgress, ObjectOutcome, TableProgress } from '../../../shared/model/migration';
import type { CompareView, EndpointView, MigrationReport } from '../../../shared/model/migration-api';
import { comparedSections, followSections } from './report-follow';
import { count, escape, section, table, time, type Column } from './report-table';
import { REPORT_WORDS, type ReportLanguage, type ReportWords } from './report-words';

const STYLE = `
body { max-width: 1000px; margin: 32px auto; padding: 0 24px; color: #1b1f24; background: #fff; font: 14px/20px system-ui, sans-serif; }
h1 { font-size: 22px; line-height: 28px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 32px 0 8px; }
table { width: 100%; border-collapse: collapse; } th, td { padding: 4px 8px; border-bottom: 1px solid #dde1e6; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; }
pre { margin: 4px 0 0; padding: 8px; background: #f5f6f8; white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/17px ui-monospace, monospace; }
.muted { color: #59636e; } .bad { color: #bd2420; } .warn { color: #875300; } .ok { color: #18753a; }
@media print { body { margin: 0; max-width: none; font-size: 11px; line-height: 15px; } h2 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; } }
`;

function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}

function place(side: EndpointView | null, words: ReportWords): string {
  if (side === null) return '—';
  const where = side.instanceId === '' ? `${side.host}:${side.port}` : `${words.instance} ${side.instanceId}`;
  return words.place(where, side.user);
}

const TONE: Readonly<Record<Finding['level'], string>> = { pass: 'ok', info: 'muted', warning: 'warn', failed: 'bad' };
const withStatement = (text: string, statement: string): string =>
  `${escape(text)}${statement === '' ? '' : `<pre>${escape(statement)}</pre>`}`;

const findingColumns = (words: ReportWords): readonly Column<Finding>[] => [
  { head: words.result, cell: ({ level }) => `<span class="${TONE[level]}">${words.levels[level]}</span>` },
  { head: words.check, cell: ({ title, database }) => escape(database === '' ? title : `${title} (${database})`) },
  {
    head: words.found,
    cell: ({ found, items, effect, remedy }) =>
      [found, items.join(', '), effect, remedy]
        .filter((text) => text !== '')
        .map((text) => escape(text))
        .join('<br>'),
  },
];

const tableColumns = (words: ReportWords): readonly Column<TableProgress>[] => [
  { head: words.database, cell: ({ database }) => escape(database) },
  { head: words.table, cell: ({ schema, name }) => escape(`${schema}.${name}`) },
  {
    head: words.state,
    cell: ({ state }) =>
      `<span class="${state === 'failed' ? 'bad' : ''}">${escape(words.terms[state] ?? state)}</span>`,
  },
  { head: words.rows, numeric: true, cell: ({ rows }) => count(rows) },
  { head: words.copied, numeric: true, cell: ({ bytes }) => size(bytes) },
  { head: words.indexes, numeric: true, cell: ({ indexes, indexesDone }) => `${indexesDone} / ${indexes}` },
  { head: words.remark, cell: ({ reason }) => escape(reason) },
];

const objectColumns = (words: ReportWords): readonly Column<ObjectOutcome>[] => [
  { head: words.outcome, cell: ({ outcome }) => escape(words.terms[outcome] ?? outcome) },
  { head: words.database, cell: ({ database }) => escape(database) },
  {
    head: words.object,
    cell: ({ kind, schema, name }) => escape(`${kind} ${schema === '' ? name : `${schema}.${name}`}`),
  },
  { head: words.reason, cell: ({ reason, statement }) => withStatement(reason, statement) },
];

const compareColumns = (words: ReportWords): readonly Column<CompareView>[] => [
  { head: words.name, cell: ({ name }) => escape(name) },
  { head: words.way, cell: ({ mode }) => escape(words.terms[mode === 'full' ? 'fullCompare' : mode] ?? mode) },
  { head: words.state, cell: ({ status }) => escape(words.terms[status] ?? status) },
  { head: words.ended, cell: ({ endedAt }) => time(endedAt) },
  { head: words.rows, numeric: true, cell: ({ rows }) => count(rows) },
  { head: words.equal, numeric: true, cell: ({ equal }) => count(equal) },
  {
    head: words.different,
    numeric: true,
    cell: ({ different }) => `<span class="${different > 0 ? 'bad' : 'ok'}">${count(different)}</span>`,
  },
  { head: words.notCompared, numeric: true, cell: ({ failed }) => count(failed) },
  { head: words.remark, cell: ({ problem }) => escape(problem) },
];

/** What was followed, in a few figures; nothing when nothing was. */
function followFacts(follow: FollowProgress | null | undefined, words: ReportWords): (readonly [string, string])[] {
  if (!follow) return [];
  const changes = follow.databases.reduce((sum, each) => sum + each.inserted + each.updated + each.deleted, 0);
  const seconds = follow.lagSeconds === null ? '—' : String(Math.round(follow.lagSeconds));
  return [
    [words.gap, words.gapOf(size(follow.lagBytes), seconds)],
    [words.changes, count(changes)],
  ];
}

/** The report as one page without anything outside of it, to be read, kept and printed. */
export function reportHtml(report: MigrationReport, language: ReportLanguage = 'en'): string {
  const { job, findings, progress, tables, objects, compared, madeAt } = report;
  const words = REPORT_WORDS[language];
  const term = (value: string): string => words.terms[value] ?? value;
  const totals = progress?.totals;
  const facts: readonly (readonly [string, string])[] = [
    [words.source, place(job.source, words)],
    [words.target, place(job.target, words)],
    [words.type, term(job.type)],
    [words.started, time(job.startedAt)],
    [words.ended, time(job.endedAt)],
    ...(totals === undefined
      ? []
      : ([
          [words.tables, words.failedToo(count(totals.tablesDone), count(totals.tables), count(totals.tablesFailed))],
          [
            words.objects,
            words.failedToo(count(totals.objectsDone), count(totals.objects), count(totals.objectsFailed)),
          ],
          [words.indexes, words.doneOf(count(totals.indexesDone), count(totals.indexes))],
          [words.copied, words.rowsAndBytes(count(totals.rows), size(totals.bytes))],
        ] as const)),
    ...followFacts(progress?.follow, words),
  ];
  const tone = job.status === 'success' ? 'ok' : job.status === 'failed' ? 'bad' : 'muted';
  const none = (text: string): string => `<p class="muted">${escape(text)}</p>`;
  const told = findings.filter(({ level }) => level !== 'pass');
  const parts = [
    `<h1>${escape(job.name)}</h1>`,
    `<p class="muted">${escape(job.id)} · <span class="${tone}">${escape(term(job.status))}</span> · ${escape(words.made(time(madeAt)))}</p>`,
    ...(job.problem === '' ? [] : [`<p class="bad">${escape(job.problem)}</p>`, `<p>${escape(job.hint)}</p>`]),
    table(facts, [
      { head: words.task, cell: ([name]) => escape(name) },
      { head: '', cell: ([, value]) => escape(value) },
    ]),
    section(words.failedObjects, objects.length === 0 ? none(words.allArrived) : table(objects, objectColumns(words))),
    section(words.tables, tables.length === 0 ? none(words.noTables) : table(tables, tableColumns(words))),
    ...followSections(report, words),
    ...(job.compares.length === 0 ? [] : [section(words.comparisons, table(job.compares, compareColumns(words)))]),
    ...comparedSections(job.compares, compared, words),
    section(
      words.checks,
      told.length === 0 ? none(words.allPassed(String(findings.length))) : table(told, findingColumns(words)),
    ),
    section(
      words.events,
      table(
        job.events.toSorted((a, b) => a.at - b.at),
        [
          { head: words.time, cell: ({ at }) => time(at) },
          { head: words.event, cell: ({ text }) => escape(text) },
        ],
      ),
    ),
  ];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(job.name)}</title>
<style>${STYLE}</style>
</head>
<body>
${parts.join('\n')}
</body>
</html>
`;
}
