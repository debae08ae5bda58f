import type { Logger } from '../../electron/log';

export interface LogRecord {
  readonly level: string;
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A logger that keeps what it was told. */
export function memoryLog(): Logger & { readonly records: LogRecord[] } {
  const records: LogRecord[] = [];
  return {
    records,
    write: (level, text, facts = {}) => void records.push({ level, text, facts }),
    bug(where, error) {
      records.push({ level: 'error', text: String(error), facts: { where } });
      return `bug-${records.length}`;
    },
  };
}
