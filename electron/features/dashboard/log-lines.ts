import { LOG_SEVERITIES, type LogEntry, type LogSeverity } from '../../../shared/model/dashboard';

/** How a log file is written: by the end of its name. */
export type LogFormat = 'csv' | 'json' | 'text';

export const formatOf = (file: string): LogFormat =>
  file.endsWith('.csv') ? 'csv' : file.endsWith('.json') ? 'json' : 'text';

const severityOf = (word: string): LogSeverity => {
  const plain = word.toLowerCase().replace(/\d$/, '');
  return LOG_SEVERITIES.find((each) => each === plain) ?? 'other';
};

const joined = (parts: readonly (readonly [label: string, text: string])[]): string =>
  parts
    .filter(([, text]) => text !== '')
    .map(([label, text]) => `${label}: ${text}`)
    .join('\n');

/** Fields of one record, and where the next begins; null when its end is not there yet. */
function csvRecord(text: string, from: number): { fields: string[]; next: number } | null {
  const fields: string[] = [];
  let at = from;
  for (;;) {
    let field = '';
    if (text[at] === '"') {
      for (at += 1; ; at += 1) {
        const end = text.indexOf('"', at);
        if (end < 0) return null;
        field += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        field += '"';
      }
    } else {
      const end = text.slice(at).search(/[,\n]/);
      if (end < 0) return null;
      field = text.slice(at, at + end);
      at += end;
    }
    fields.push(field);
    if (text[at] === ',') at += 1;
    else if (text[at] === '\n') return { fields, next: at + 1 };
    else if (at >= text.length) return null;
    else at += 1;
  }
}

/** A record begins with its time; one that begins in the middle of another is looked over. */
const CSV_START = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [^,\n]+,/m;

function csvEntries(text: string): LogEntry[] {
  const entries: LogEntry[] = [];
  let at = text.search(CSV_START);
  while (at >= 0 && at < text.length) {
    const record = csvRecord(text, at);
    if (!record) break;
    const field = (index: number): string => record.fields[index] ?? '';
    entries.push({
      time: field(0),
      user: field(1),
      database: field(2),
      pid: field(3),
      severity: severityOf(field(11)),
      sqlstate: field(12),
      message: field(13),
      more: joined([
        ['DETAIL', field(14)],
        ['HINT', field(15)],
        ['QUERY', field(16)],
        ['CONTEXT', field(18)],
        ['STATEMENT', field(19)],
      ]),
    });
    at = record.next;
  }
  return entries;
}

function jsonEntries(text: string): LogEntry[] {
  const entries: LogEntry[] = [];
  for (const line of text.split('\n')) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      // The first line and the last may be parts.
      continue;
    }
    if (typeof parsed !== 'object' || parsed === null) continue;
    const told = new Map<string, unknown>(Object.entries(parsed));
    const field = (name: string): string => {
      const value = told.get(name);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    };
    entries.push({
      time: field('timestamp'),
      user: field('user'),
      database: field('dbname'),
      pid: field('pid'),
      severity: severityOf(field('error_severity')),
      sqlstate: field('state_code'),
      message: field('message'),
      more: joined([
        ['DETAIL', field('detail')],
        ['HINT', field('hint')],
        ['QUERY', field('internal_query')],
        ['CONTEXT', field('context')],
        ['STATEMENT', field('statement')],
      ]),
    });
  }
  return entries;
}

/** What ends the word in `prefix SEVERITY:  message`. */
const COLON = ':  ';
/** The word, at the end of what stands before its colon; it may be of another language. */
const LAST_WORD = /[\p{Lu}\p{Lo}][\p{Lu}\p{Lo}\d]*(?: [\p{Lu}\p{Lo}]+)?$/u;
/** UTF-16 units at the beginning of a line in which the word is looked for, and of the word. */
const LONGEST = { head: 2000, word: 60 };

/** The parts of a line that begins an entry; null when it doesn't. */
function lineParts(line: string): { prefix: string; word: string; message: string } | null {
  const head = line.slice(0, LONGEST.head);
  for (let colon = head.indexOf(COLON); colon >= 0; colon = head.indexOf(COLON, colon + 1)) {
    const word = LAST_WORD.exec(head.slice(Math.max(0, colon - LONGEST.word), colon))?.[0];
    if (word !== undefined) {
      return { prefix: head.slice(0, colon - word.length), word, message: line.slice(colon + COLON.length) };
    }
  }
  return null;
}

const FURTHER = new Set(['DETAIL', 'HINT', 'CONTEXT', 'STATEMENT', 'QUERY', 'LOCATION']);
const TIME = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z+-][\w:+-]*)?/;
const PID = /\[(\d+)(?:-\d+)?\]/;

function textEntries(text: string): LogEntry[] {
  const entries: { -readonly [K in keyof LogEntry]: LogEntry[K] }[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const found = line.startsWith('\t') ? null : lineParts(line);
    const last = entries.at(-1);
    if (!found) {
      const rest = line.replace(/^\t/, '');
      if (last && line.startsWith('\t')) {
        if (last.more === '') last.message += `\n${rest}`;
        else last.more += `\n${rest}`;
      } else {
        entries.push({
          time: '',
          severity: 'other',
          pid: '',
          user: '',
          database: '',
          sqlstate: '',
          message: rest,
          more: '',
        });
      }
      continue;
    }
    const { prefix, word, message } = found;
    if (last && FURTHER.has(word)) {
      last.more += `${last.more === '' ? '' : '\n'}${word}: ${message}`;
      continue;
    }
    const severity = severityOf(word);
    entries.push({
      time: TIME.exec(prefix)?.[0] ?? '',
      severity,
      pid: PID.exec(prefix)?.[1] ?? '',
      user: '',
      database: '',
      sqlstate: '',
      // A word that is not known may be one of another language: it stays.
      message: severity === 'other' ? `${word}: ${message}` : message,
      more: '',
    });
  }
  return entries;
}

const READERS: Readonly<Record<LogFormat, (text: string) => LogEntry[]>> = {
  csv: csvEntries,
  json: jsonEntries,
  text: textEntries,
};

/** Entries of the end of a log, in order. With `cut` the text begins in the middle of a line, which is left out. */
export function logEntries(text: string, format: LogFormat, cut: boolean): LogEntry[] {
  const whole = cut ? text.slice(text.indexOf('\n') + 1) : text;
  return READERS[format](whole.replaceAll('\r\n', '\n'));
}
