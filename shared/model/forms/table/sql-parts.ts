/*
 * Where the parts of an SQL text are that the server itself has written: it knows no comments and no dollar quotes, only '…', E'…' and "…".
 */

/** Place after the quoted text that begins at `at`. */
function afterQuoted(sql: string, at: number): number {
  const quote = sql[at];
  const escapes = quote === "'" && /(^|[^A-Za-z0-9_$])E$/i.test(sql.slice(Math.max(0, at - 2), at));
  for (let place = at + 1; place < sql.length; place++) {
    if (escapes && sql[place] === '\\') place += 1;
    else if (sql[place] === quote) {
      if (sql[place + 1] !== quote) return place + 1;
      place += 1;
    }
  }
  return sql.length;
}

/** Walks over the text outside of quotes; `visit` gets each place and how many brackets are open there, and stops the walk with true. */
function walk(sql: string, from: number, visit: (at: number, depth: number) => boolean): void {
  let depth = 0;
  for (let at = from; at < sql.length; at++) {
    const sign = sql[at];
    if (sign === "'" || sign === '"') {
      at = afterQuoted(sql, at) - 1;
      continue;
    }
    if (sign === ')' || sign === ']') depth -= 1;
    if (visit(at, depth)) return;
    if (sign === '(' || sign === '[') depth += 1;
  }
}

/** Place of `word` outside of quotes and brackets, or -1. */
export function findOutside(sql: string, word: string, from = 0): number {
  let found = -1;
  walk(sql, from, (at, depth) => {
    if (depth === 0 && sql.startsWith(word, at)) found = at;
    return found >= 0;
  });
  return found;
}

/** What stands in the brackets that open at `at`, and the place after them. */
export function bracketed(sql: string, at: number): { readonly inside: string; readonly end: number } {
  let end = sql.length;
  walk(sql, at, (place, depth) => {
    if (place > at && depth === 0 && sql[place] === ')') end = place;
    return end < sql.length;
  });
  return { inside: sql.slice(at + 1, end), end: end + 1 };
}

/** An expression without the brackets that hold all of it. */
export function unbracketed(sql: string): string {
  if (!sql.startsWith('(')) return sql;
  const { inside, end } = bracketed(sql, 0);
  return end === sql.length ? inside : sql;
}

/** The parts between commas outside of quotes and brackets, without the spaces around them. */
export function listed(sql: string): string[] {
  const parts: string[] = [];
  let from = 0;
  walk(sql, 0, (at, depth) => {
    if (depth === 0 && sql[at] === ',') {
      parts.push(sql.slice(from, at).trim());
      from = at + 1;
    }
    return false;
  });
  const last = sql.slice(from).trim();
  return last === '' && parts.length === 0 ? [] : [...parts, last];
}

/** The text that a string constant stands for; other text as it is. */
export function unquotedLiteral(sql: string): string {
  const found = /^(E?)'([\s\S]*)'$/i.exec(sql);
  if (!found) return sql;
  const [, escape = '', inside = ''] = found;
  const single = inside.replaceAll("''", "'");
  return escape === '' ? single : single.replaceAll('\\\\', '\\');
}
