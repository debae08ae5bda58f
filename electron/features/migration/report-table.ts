/** Text that a server or a person wrote is never markup. */
export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const count = (value: number): string => value.toLocaleString('en');
export const time = (at: number | null): string =>
  at === null ? '—' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

export interface Column<T> {
  readonly head: string;
  readonly numeric?: boolean;
  /** HTML. */
  readonly cell: (row: T) => string;
}

/** A table as HTML. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const mark = ({ numeric }: Column<T>): string => (numeric === true ? ' class="n"' : '');
  const head = columns.map((column) => `<th${mark(column)}>${escape(column.head)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${columns.map((column) => `<td${mark(column)}>${column.cell(row)}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

export const section = (title: string, content: string): string => `<h2>${escape(title)}</h2>\n${content}`;
