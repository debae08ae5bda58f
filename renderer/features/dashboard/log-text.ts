import type { LogEntry } from '../../../shared/model/dashboard';

/** The first line of an entry as a log file has it; what the server did not tell is left out. */
function headOf({ time, pid, user, database, severity, sqlstate, message }: LogEntry): string {
  const who = [user, database].filter((part) => part !== '').join('@');
  const what = [severity === 'other' ? '' : severity.toUpperCase(), sqlstate].filter((part) => part !== '').join(' ');
  return [time, pid === '' ? '' : `[${pid}]`, who, what === '' ? '' : `${what}:`, message]
    .filter((part) => part !== '')
    .join(' ');
}

/** Entries as a text file: one after the other, the server's further lines set in below. */
export const logText = (entries: readonly LogEntry[]): string =>
  entries
    .map((entry) => {
      const more = entry.more === '' ? [] : entry.more.split('\n').map((line) => `\t${line}`);
      return `${[headOf(entry), ...more].join('\n')}\n`;
    })
    .join('');
