/** What a condition of a plan compares, read from the text that the server prints of it. Silent about anything it is not sure of. */

const NAME = String.raw`(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)`;
const TYPE = String.raw`(?:::"?[a-z][\w ]*"?(?:\(\d+(?:,\d+)?\))?(?:\[\])?)`;
/** A column, with the alias that VERBOSE prints and the cast that makes one text type of another. */
const COLUMN = String.raw`\(*(?:${NAME}\.)?(${NAME})\)*(?:::(?:text|bpchar))?`;
const LITERAL = String.raw`(?:''${TYPE}?|-?\d[\d.]*${TYPE}?|\(-?\d[\d.]*\)${TYPE}|\$\d+|true|false|CURRENT_(?:DATE|TIMESTAMP)|now\(\)|\(now\(\) [-+] ''${TYPE}\))`;
const VALUE = String.raw`(?:${LITERAL}|ANY \(''${TYPE}\))`;
const COMPARED = new RegExp(`^${COLUMN} (=|<|>|<=|>=) ${VALUE}$`);
const JOINED = new RegExp(`^${COLUMN} = \\(*(?:${NAME}\\.)(${NAME})\\)*$`);
/** Functions and casts of a column that no index on the column itself can answer. */
const WRAPPED = new RegExp(
  `^(\\(*(?:lower|upper|btrim|date_trunc|date_part|to_char|substr|"substring"|abs|COALESCE|EXTRACT)\\(.*(?:\\b|")\\)*|\\(*(?:${NAME}\\.)?(?:${NAME})\\)*::(?:date|numeric|double precision)) (?:=|<|>|<=|>=) ${VALUE}$`,
  's',
);

/** The constants of a condition without what is in them: a word in a text is no keyword. */
const withoutTexts = (condition: string): string => condition.replaceAll(/E?'(?:[^']|'')*'/g, "''");

/** Takes away the brackets that stand around the whole. */
function unwrapped(text: string): string {
  let inner = text.trim();
  while (inner.startsWith('(') && inner.endsWith(')') && closes(inner) === inner.length - 1) {
    inner = inner.slice(1, -1).trim();
  }
  return inner;
}

/** Where the bracket that opens at the start closes. */
function closes(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** The parts that AND joins. */
export function conjuncts(condition: string): readonly string[] {
  const text = unwrapped(withoutTexts(condition));
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    else if (depth === 0 && text.startsWith(' AND ', at)) {
      parts.push(unwrapped(text.slice(from, at)));
      from = at + 5;
    }
  }
  return [...parts, unwrapped(text.slice(from))].filter((part) => part !== '');
}

const plain = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);

/** Columns that are compared with a value: those of equality first, as an index wants them. Names as they are, not quoted. */
export function comparedColumns(condition: string): readonly string[] {
  const found = conjuncts(condition).flatMap((part) => {
    const [, name, test] = COMPARED.exec(part) ?? [];
    return name === undefined ? [] : [{ name: plain(name), equal: test === '=' }];
  });
  const ordered = [...found.filter(({ equal }) => equal), ...found.filter(({ equal }) => !equal).slice(0, 1)];
  return [...new Set(ordered.map(({ name }) => name))];
}

/** Columns that are compared with another relation's. */
export function joinedColumns(condition: string): readonly string[] {
  return [
    ...new Set(
      conjuncts(condition).flatMap((part) => {
        const [, name] = JOINED.exec(part) ?? [];
        return name === undefined ? [] : [plain(name)];
      }),
    ),
  ];
}

/** The expressions over a column that are compared with a value, e.g. `lower(email)`. */
export function wrappedColumns(condition: string): readonly string[] {
  return conjuncts(condition).flatMap((part) => {
    const [, expression] = WRAPPED.exec(part) ?? [];
    return expression === undefined ? [] : [expression];
  });
}

/** Whether there is anything in a condition beside comparisons that AND joins: then an index may not be able to answer it. */
export const isInvolved = (condition: string): boolean =>
  / OR |\bNOT\b|SubPlan|AlternativeS/.test(withoutTexts(condition));
