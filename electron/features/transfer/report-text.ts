import type { ImportPlan } from '../../../shared/contract/transfer';
import type { ImportReport } from '../../../shared/model/import';

const OUTCOMES: Readonly<Record<ImportReport['outcome'], string>> = {
  succeeded: 'The import succeeded.',
  'succeeded-with-errors': 'The import ran to its end, but some statements failed.',
  failed: 'The import failed.',
  cancelled: 'The import was cancelled.',
};

const cell = (value: number | null): string => (value === null ? '—' : value.toLocaleString('en'));
const code = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

/** The report as Markdown, for a person and for the file beside the dump. */
export function reportText(report: ImportReport, plan: ImportPlan, source: string, server: string): string {
  const lines = [
    '# Import report',
    '',
    OUTCOMES[report.outcome],
    ...(report.error
      ? [
          '',
          `**${report.error.message}**`,
          ...(report.error.detail ? ['', code(report.error.detail)] : []),
          ...(report.error.hint ? ['', report.error.hint] : []),
        ]
      : []),
    '',
    `- Source: ${source}`,
    `- Target: database ${plan.target.database} on ${server}${plan.target.create ? ' (created)' : ''}`,
    `- Time: ${report.seconds.toFixed(1)} s`,
    `- Errors: ${report.counts.errors}, harmless: ${report.counts.harmless}, warnings: ${report.counts.warnings}`,
    ...(report.targetState ? [`- ${report.targetState}`] : []),
    '',
    '## Commands',
    '',
    code(report.commands.join('\n')),
  ];
  if (report.objects.length > 0) {
    lines.push('', '## Objects', '', '| Kind | Source | Target |', '|---|---:|---:|');
    for (const { kind, source: there, target } of report.objects)
      lines.push(`| ${kind} | ${cell(there)} | ${cell(target)} |`);
  }
  if (report.tables.length > 0) {
    lines.push('', '## Rows', '', '| Table | Source | Target | |', '|---|---:|---:|---|');
    for (const row of report.tables) {
      const differs = row.sourceRows !== null && row.sourceRows !== row.targetRows;
      lines.push(
        `| ${row.schema}.${row.name} | ${cell(row.sourceRows)} | ${cell(row.targetRows)} | ${differs ? 'differs ' : ''}|`,
      );
    }
  }
  if (report.adapted.length > 0) {
    lines.push('', '## Left out or rewritten', '');
    for (const { reason, count } of report.adapted) lines.push(`- ${reason}: ${count}`);
  }
  if (report.skipped.length > 0) {
    lines.push('', '## Statements that failed', '');
    for (const each of report.skipped)
      lines.push(
        `- ${each.line > 0 ? `line ${each.line}: ` : ''}${each.message.split('\n')[0] ?? ''}${each.sqlstate ? ` (${each.sqlstate})` : ''}${each.harmless ? ' — harmless' : ''}`,
        ...(each.statement ? ['', code(each.statement.slice(0, 1000)), ''] : []),
      );
  }
  return `${lines.join('\n')}\n`;
}
