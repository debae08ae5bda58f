import type { HistoryEntry } from '../../../shared/model/library';

/** A line of the list: a day, or what ran on it. */
export type HistoryLine =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'entry'; readonly key: string; readonly entry: HistoryEntry };

/** Entries, newest first, with a line before each day. */
export function historyLines(entries: readonly HistoryEntry[]): HistoryLine[] {
  const lines: HistoryLine[] = [];
  let day = '';
  for (const entry of entries) {
    const its = new Date(entry.at).toDateString();
    if (its !== day) lines.push({ kind: 'day', key: `day ${its} ${lines.length}`, at: entry.at });
    day = its;
    lines.push({ kind: 'entry', key: entry.id, entry });
  }
  return lines;
}
