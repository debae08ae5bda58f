import type { SqlToken } from './sql-tokens';

/** One change of a text, in UTF-16 units of the text before all changes. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all changes; where two overlap, what either takes out is gone. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = Math.max(at, edit.end);
  }
  return result + text.slice(at);
}

/** Takes out the tokens from index `from` up to `to`, exclusive, with the blanks before them. */
export function without(tokens: readonly SqlToken[], from: number, to: number, text = ''): Edit {
  return { start: tokens[from - 1]?.end ?? 0, end: tokens[to - 1]?.end ?? 0, text };
}

/** The index of the bracket that closes the one at `open`; the number of tokens when none does. */
export function closing(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const { kind, value } = tokens[at] ?? { kind: 'sign', value: '' };
    if (kind !== 'sign') continue;
    if (value === '(') depth += 1;
    else if (value === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

/** Ranges of indexes between the commas of a bracket that opens at `open`, each [from, to). */
export function listItems(tokens: readonly SqlToken[], open: number): (readonly [from: number, to: number])[] {
  const end = closing(tokens, open);
  const items: (readonly [number, number])[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open + 1; at <= end; at += 1) {
    const token = tokens[at];
    const sign = token?.kind === 'sign' ? token.value : '';
    if (at === end || (sign === ',' && depth === 0)) {
      if (at > from) items.push([from, at]);
      from = at + 1;
    } else if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
  }
  return items;
}
