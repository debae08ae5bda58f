import type { ErrorInfo } from '../../shared/errors';

/** Everything known of an error, one fact a line, for *Copy details*. Labels stay English so that reports read the same everywhere. */
export function errorReport(error: ErrorInfo): string {
  const lines = [error.message];
  const add = (label: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') lines.push(`${label}: ${value}`);
  };
  add('Code', error.code);
  add('SQLSTATE', error.sqlstate);
  add('API code', error.apiCode);
  add('Exit code', error.exitCode);
  add('Position', error.position);
  add('Field', error.field);
  add('Log id', error.logId);
  add('Hint', error.hint);
  add('Detail', error.detail);
  return lines.join('\n');
}

/** The short codes that stand beside a message, e.g. `SQLSTATE 42P01`. */
export function errorMarks(error: ErrorInfo): string[] {
  const marks: string[] = [];
  if (error.sqlstate !== undefined) marks.push(`SQLSTATE ${error.sqlstate}`);
  if (error.apiCode !== undefined) marks.push(error.apiCode);
  if (error.exitCode !== undefined) marks.push(`exit ${error.exitCode}`);
  if (error.logId !== undefined) marks.push(`log ${error.logId}`);
  return marks;
}
