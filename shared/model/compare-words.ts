/** One word, constant or sign of an SQL text. */
export interface SqlWord {
  readonly text: string;
  /** `name`: an identifier or keyword; `quoted`: an identifier in quotes. */
  readonly kind: 'name' | 'quoted' | 'string' | 'number' | 'sign';
  readonly start: number;
  readonly end: number;
}

/** By the server's rules: only ASCII has blanks, other signs are letters. */
const TOKEN =
  /([ \t-\r]+)|(--[^\r\n]*|\/\*)|([eE]'(?:[^'\\]|\\[\s\S]|'')*'|[bBxX]?'(?:[^']|'')*')|("(?:[^"]|"")*")|(\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(\d[\w.]*)|([\s\S])/y;

/** Where a comment ends that begins at `at`; the server nests them. */
function commentEnd(sql: string, at: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at;
  let depth = 0;
  for (let match = mark.exec(sql); match; match = mark.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return sql.length;
}

/** The words of a statement that the server or we wrote; comments between them are left out. */
export function sqlWords(sql: string): SqlWord[] {
  const words: SqlWord[] = [];
  let at = 0;
  while (at < sql.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(sql);
    if (!match) break;
    const [, space, comment, string, quoted, dollar, , name, number] = match;
    let end = comment === '/*' ? commentEnd(sql, at) : TOKEN.lastIndex;
    if (dollar !== undefined) {
      const close = sql.indexOf(dollar, end);
      end = close < 0 ? sql.length : close + dollar.length;
    }
    const kind =
      (string ?? dollar) !== undefined
        ? 'string'
        : quoted !== undefined
          ? 'quoted'
          : name !== undefined
            ? 'name'
            : number !== undefined
              ? 'number'
              : 'sign';
    if (space === undefined && comment === undefined) words.push({ text: sql.slice(at, end), kind, start: at, end });
    at = end;
  }
  return words;
}

/** The name that an identifier stands for. */
export const identifierOf = (word: SqlWord): string =>
  word.kind === 'quoted' ? word.text.slice(1, -1).replaceAll('""', '"') : word.text;

/** Whether the words at `from` are these keywords; `?` stands for any one word. */
export const wordsAre = (words: readonly SqlWord[], from: number, expected: string): boolean =>
  expected.split(' ').every((each, offset) => {
    const word = words[from + offset];
    return (
      word !== undefined && (each === '?' || (word.kind !== 'quoted' && word.kind !== 'string' && word.text === each))
    );
  });

/** Index of the first such keywords outside of parentheses at or after `from`; −1 for none. */
export function findWords(words: readonly SqlWord[], expected: string, from = 0): number {
  let depth = 0;
  for (let at = from; at < words.length; at += 1) {
    if (depth === 0 && wordsAre(words, at, expected)) return at;
    const text = words[at]?.kind === 'sign' ? words[at]?.text : '';
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
  }
  return -1;
}

/** The text between two words, the second not included. */
export const textBetween = (sql: string, words: readonly SqlWord[], from: number, to: number): string =>
  from >= to ? '' : sql.slice(words[from]?.start ?? 0, words[to - 1]?.end ?? 0);

/** A statement with a schema's name replaced wherever a name is qualified by it, in constants that name a relation too (`'a.b'::regclass`). */
export function renameSchema(sql: string, from: string, to: (name: string) => string, next: string): string {
  const words = sqlWords(sql);
  let result = '';
  let last = 0;
  const put = (start: number, end: number, text: string): void => {
    result += sql.slice(last, start) + text;
    last = end;
  };
  words.forEach((word, at) => {
    const isName = (word.kind === 'name' || word.kind === 'quoted') && identifierOf(word) === from;
    const after = words[at + 1];
    const before = words[at - 1];
    if (isName && after?.text === '.' && before?.text !== '.') put(word.start, word.end, to(next));
    else if (isName && before?.text === 'SCHEMA') put(word.start, word.end, to(next));
    else if (word.kind === 'string' && wordsAre(words, at + 1, ': : regclass') && !word.text.startsWith('E')) {
      const inner = word.text.slice(1, -1).replaceAll("''", "'");
      const renamed = renameSchema(inner, from, to, next);
      if (renamed !== inner) put(word.start, word.end, `'${renamed.replaceAll("'", "''")}'`);
    }
  });
  return result + sql.slice(last);
}
