import type { QueryMessage, QueryState, ResultColumn, ResultState } from '../../../shared/model/query';
import { isNumberType } from '../../../shared/model/csv-format';
import type { GridColumnSpec } from '../../ui/grid/grid-model';
import type { SqlMark } from '../../ui/sql-editor/sql-editor';

/** What of the editor's text a run took: `start` is its offset there. */
export interface RunSource {
  readonly text: string;
  readonly start: number;
  /** Where an offset of `text` is in the editor's part, when parameters were filled in; undefined: the same. */
  readonly original?: (offset: number) => number;
  /** The text is not in the editor, e.g. that of a macro. */
  readonly outside?: boolean;
}

/** Where in the editor's text an offset of what ran stands; null when it does not. */
export const editorOffset = (source: RunSource, offset: number): number | null =>
  source.outside === true ? null : source.start + (source.original?.(offset) ?? offset);

/** Which page of the lower panel is in front: a result by its id, or the messages. */
export type PanelPage = string;
export const MESSAGES: PanelPage = 'messages';
export const NOTIFICATIONS: PanelPage = 'notifications';

export const isError = ({ severity }: QueryMessage): boolean =>
  severity === 'ERROR' || severity === 'FATAL' || severity === 'PANIC';

const WORD = /[\p{L}\p{N}_$]/u;

/** Offset after the word that starts at `at`, one character at least. */
export function wordEnd(text: string, at: number): number {
  if (text[at] === '"') {
    const close = text.indexOf('"', at + 1);
    if (close > 0) return close + 1;
  }
  let end = at;
  while (end < text.length && WORD.test(text[end] ?? '')) end += 1;
  return Math.max(end, at + 1);
}

/** Errors with a position, as marks in the editor's text. */
export function marksOf(messages: readonly QueryMessage[], source: RunSource): SqlMark[] {
  return messages.filter(isError).flatMap((message) => {
    if (message.position === null) return [];
    const at = Math.min(message.position - 1, Math.max(0, source.text.length - 1));
    const start = editorOffset(source, at);
    if (start === null) return [];
    return [
      {
        start,
        end: Math.max(start + 1, editorOffset(source, wordEnd(source.text, at)) ?? 0),
        message: [message.text, message.detail, message.hint].filter((part) => part !== '').join('\n'),
      },
    ];
  });
}

/** Line and column of an offset, both from 1. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Results of the state's own run: those that are pinned may be of an earlier one. */
export const ofLastRun = ({ sessionId, runId, results }: QueryState): readonly ResultState[] =>
  results.filter(({ pinned, resultId }) => !pinned || resultId.startsWith(`${sessionId}.${runId}.`));

/** The page to show after a state came: the first result as soon as there is one, the messages when the run failed or has no result. */
export function pageFor(state: QueryState): PanelPage {
  if (!state.running && state.messages.some(isError)) return MESSAGES;
  return ofLastRun(state)[0]?.resultId ?? MESSAGES;
}

/** The page that stays in front when a result's place was taken by the same one, sorted or filtered anew. */
export function pageAfter(page: PanelPage, before: QueryState | null, after: QueryState): PanelPage {
  const at = before?.runId === after.runId ? before.results.findIndex(({ resultId }) => resultId === page) : -1;
  if (at < 0 || after.results.some(({ resultId }) => resultId === page)) return page;
  return after.results.length === before?.results.length ? (after.results[at]?.resultId ?? page) : page;
}

/** What decides the grid's columns; equal texts mean equal columns. */
export const columnsKey = (columns: readonly ResultColumn[]): string =>
  columns.map((column) => `${column.name}\u0001${column.typeName}`).join('\u0002');

export const gridColumns = (columns: readonly ResultColumn[]): GridColumnSpec[] =>
  columns.map((column) => ({
    name: column.name,
    hint: column.typeName,
    rightAligned: isNumberType(column.typeOid),
  }));

/** A file name for a result: the first words of its statement. */
export function fileNameFor(result: ResultState, extension: string): string {
  const words = result.statement
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_]+/gu, ' ')
    .trim()
    .split(' ')
    .slice(0, 5)
    .join('-');
  return `${words === '' ? 'result' : words.slice(0, 60)}.${extension}`;
}

/** Everything a message tells, for *Copy details*. */
export function messageReport(message: QueryMessage): string {
  const lines = [`${message.severity}: ${message.text}`];
  const add = (label: string, value: string) => {
    if (value !== '') lines.push(`${label}: ${value}`);
  };
  add('SQLSTATE', message.sqlstate);
  add('Position', message.position === null ? '' : String(message.position));
  add('Detail', message.detail);
  add('Hint', message.hint);
  add('Context', message.where);
  return lines.join('\n');
}
