import type { Finding, ObjectOutcome, TableProgress } from '../../../shared/model/migration';
import type { EndpointView, MigrationReport } from '../../../shared/model/migration-api';

/** Text that a server or a person wrote is never markup. */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE = `
body { max-width: 1000px; margin: 32px auto; padding: 0 24px; color: #1b1f24; background: #fff; font: 14px/20px system-ui, sans-serif; }
h1 { font-size: 22px; line-height: 28px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 32px 0 8px; }
table { width: 100%; border-collapse: collapse; } th, td { padding: 4px 8px; border-bottom: 1px solid #dde1e6; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; }
pre { margin: 4px 0 0; padding: 8px; background: #f5f6f8; white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/17px ui-monospace, monospace; }
.muted { color: #59636e; } .bad { color: #bd2420; } .warn { color: #875300; } .ok { color: #18753a; }
@media print { body { margin: 0; max-width: none; font-size: 11px; line-height: 15px; } h2 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; } }
`;

const count = (value: number): string => value.toLocaleString('en');
const time = (at: number | null): string =>
  at === null ? '—' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

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

function place(side: EndpointView | null): string {
  if (side === null) return '—';
  const where = side.instanceId === '' ? `${side.host}:${side.port}` : `instance ${side.instanceId}`;
  return `${where} as ${side.user}`;
}

interface Column<T> {
  readonly head: string;
  readonly numeric?: boolean;
  /** HTML. */
  readonly cell: (row: T) => string;
}

function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const mark = ({ numeric }: Column<T>): string => (numeric === true ? ' class="n"' : '');
  const head = columns.map((column) => `<th${mark(column)}>${escape(column.head)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${columns.map((column) => `<td${mark(column)}>${column.cell(row)}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

const TONE: Readonly<Record<Finding['level'], string>> = { pass: 'ok', info: 'muted', warning: 'warn', failed: 'bad' };
const LEVEL: Readonly<Record<Finding['level'], string>> = {
  pass: 'passed',
  info: 'note',
  warning: 'alarm',
  failed: 'failed',
};

const withStatement = (text: string, statement: string): string =>
  `${escape(text)}${statement === '' ? '' : `<pre>${escape(statement)}</pre>`}`;

const FINDINGS: readonly Column<Finding>[] = [
  { head: 'Result', cell: ({ level }) => `<span class="${TONE[level]}">${LEVEL[level]}</span>` },
  { head: 'Check', cell: ({ title, database }) => escape(database === '' ? title : `${title} (${database})`) },
  {
    head: 'Found',
    cell: ({ found, items, effect, remedy }) =>
      [found, items.join(', '), effect, remedy]
        .filter((text) => text !== '')
        .map((text) => escape(text))
        .join('<br>'),
  },
];

const TABLES: readonly Column<TableProgress>[] = [
  { head: 'Database', cell: ({ database }) => escape(database) },
  { head: 'Table', cell: ({ schema, name }) => escape(`${schema}.${name}`) },
  { head: 'State', cell: ({ state }) => `<span class="${state === 'failed' ? 'bad' : ''}">${escape(state)}</span>` },
  { head: 'Rows', numeric: true, cell: ({ rows }) => count(rows) },
  { head: 'Copied', numeric: true, cell: ({ bytes }) => size(bytes) },
  { head: 'Indexes', numeric: true, cell: ({ indexes, indexesDone }) => `${indexesDone} / ${indexes}` },
  { head: 'Remark', cell: ({ reason }) => escape(reason) },
];

const OBJECTS: readonly Column<ObjectOutcome>[] = [
  { head: 'Outcome', cell: ({ outcome }) => escape(outcome) },
  { head: 'Database', cell: ({ database }) => escape(database) },
  {
    head: 'Object',
    cell: ({ kind, schema, name }) => escape(`${kind} ${schema === '' ? name : `${schema}.${name}`}`),
  },
  { head: 'Reason', cell: ({ reason, statement }) => withStatement(reason, statement) },
];

/** The report as one page without anything outside of it, to be read, kept and printed. */
export function reportHtml({ job, findings, progress, tables, objects, madeAt }: MigrationReport): string {
  const totals = progress?.totals;
  const facts: readonly (readonly [string, string])[] = [
    ['Source', place(job.source)],
    ['Target', place(job.target)],
    ['Type', job.type],
    ['Started', time(job.startedAt)],
    ['Ended', time(job.endedAt)],
    ...(totals === undefined
      ? []
      : ([
          ['Tables', `${count(totals.tablesDone)} of ${count(totals.tables)}, ${count(totals.tablesFailed)} failed`],
          [
            'Objects',
            `${count(totals.objectsDone)} of ${count(totals.objects)}, ${count(totals.objectsFailed)} failed`,
          ],
          ['Indexes', `${count(totals.indexesDone)} of ${count(totals.indexes)}`],
          ['Copied', `${count(totals.rows)} rows, ${size(totals.bytes)}`],
        ] as const)),
  ];
  const tone = job.status === 'success' ? 'ok' : job.status === 'failed' ? 'bad' : 'muted';
  const section = (title: string, content: string): string => `<h2>${escape(title)}</h2>\n${content}`;
  const none = (text: string): string => `<p class="muted">${escape(text)}</p>`;
  const told = findings.filter(({ level }) => level !== 'pass');
  const parts = [
    `<h1>${escape(job.name)}</h1>`,
    `<p class="muted">${escape(job.id)} · <span class="${tone}">${escape(job.status)}</span> · made ${time(madeAt)}</p>`,
    ...(job.problem === '' ? [] : [`<p class="bad">${escape(job.problem)}</p>`, `<p>${escape(job.hint)}</p>`]),
    table(facts, [
      { head: 'Task', cell: ([name]) => escape(name) },
      { head: '', cell: ([, value]) => escape(value) },
    ]),
    section(
      'Failed and skipped objects',
      objects.length === 0 ? none('Every object arrived.') : table(objects, OBJECTS),
    ),
    section('Tables', tables.length === 0 ? none('No table was copied.') : table(tables, TABLES)),
    section(
      'Checks',
      told.length === 0 ? none(`${findings.length} checks passed without a remark.`) : table(told, FINDINGS),
    ),
    section(
      'Events',
      table(
        job.events.toSorted((a, b) => a.at - b.at),
        [
          { head: 'Time', cell: ({ at }) => time(at) },
          { head: 'Event', cell: ({ text }) => escape(text) },
        ],
      ),
    ),
  ];
  return `<!doctype html>
<html lang="en">
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
