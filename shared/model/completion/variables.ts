import { readQuery, startsQuery, type Source } from './query-shape';
import { commaParts, holdsCursor, isSign, namesOf, wordOf, type Item } from './sql-tree';

/** What a function or DO block can use besides the names of the database. */
export interface Variable {
  readonly name: string;
  /** As it must be written; null: as an identifier is. */
  readonly written: string | null;
  /** As the statement says it; empty when it says nothing. */
  readonly type: string;
  /** What its columns are those of; null when it has none, as far as the text tells. */
  readonly row: Source['what'] | null;
}

const variable = (name: string, type = '', row: Source['what'] | null = null): Variable => ({
  name,
  written: null,
  type,
  row,
});

const isOperator = (item: Item | undefined, ...texts: string[]): boolean =>
  item?.kind === 'operator' && texts.includes(item.text);

/** The text of a type; what stands side by side is told apart by a space, but not around signs. */
function typeText(items: readonly Item[]): string {
  let text = '';
  for (const [index, item] of items.entries()) {
    if (item.kind === 'cursor') continue;
    if (item.kind === 'group') text += item.square ? `[${typeText(item.items)}]` : `(${typeText(item.items)})`;
    else {
      const tight = isOperator(item, '%') || isOperator(items[index - 1], '%') || isSign(item, ',') || text === '';
      text += `${tight ? '' : ' '}${item.kind === 'path' ? item.names.join('.') : item.text}`;
    }
  }
  return text;
}

/** Words that end the type in a declaration or an argument. */
const AFTER_TYPE = new Set(['default', 'not', 'collate']);

function typed(name: string, items: readonly Item[]): Variable {
  const end = items.findIndex((item) => AFTER_TYPE.has(wordOf(item)) || isOperator(item, ':=', '='));
  const type = end < 0 ? items : items.slice(0, end);
  const names = namesOf(type[0]);
  const whole = type.length === 1 || (isOperator(type[1], '%') && wordOf(type[2]) === 'rowtype');
  return variable(name, typeText(type), names && whole ? { kind: 'relation', names } : null);
}

const MODES = new Set(['in', 'out', 'inout', 'variadic']);
/** Types of two words: an argument that begins with them has no name. */
const TWO_WORDS = /^(?:double precision|(?:character|bit) varying|(?:timestamp|time) with(?:out)?|national char.*)$/;

function argumentsOf(item: Item | undefined): readonly Variable[] {
  if (item?.kind !== 'group') return [];
  return commaParts(item.items).flatMap((part) => {
    let at = 0;
    while (MODES.has(wordOf(part[at])) && part.length > at + 1) at += 1;
    const rest = part.slice(at);
    const [first, ...type] = rest;
    const names = namesOf(first);
    const named = names?.length === 1 && type.length > 0 && type[0]?.kind !== 'group' && !isOperator(type[0], '=');
    if (!named || TWO_WORDS.test(`${wordOf(first)} ${wordOf(type[0])}`)) return [];
    return [typed(names[0] ?? '', type)];
  });
}

const TRIGGER_VARIABLES =
  'NEW:record OLD:record TG_OP:text TG_NAME:name TG_WHEN:text TG_LEVEL:text TG_RELID:oid TG_TABLE_NAME:name TG_TABLE_SCHEMA:name ' +
  'TG_NARGS:integer TG_ARGV:text[]';

/** What the statement around a body gives it: arguments, the columns of its result, the row of a trigger. */
function given(outer: readonly Item[]): readonly Variable[] {
  const words = outer.map(wordOf);
  const routine = words.findIndex((word) => word === 'function' || word === 'procedure');
  if (words[0] !== 'create' || routine < 0) return [];
  const returns = words.indexOf('returns');
  const result = words[returns + 1];
  const triggered = returns > 0 && result === 'trigger';
  return [
    ...argumentsOf(outer[routine + 2]),
    ...(returns > 0 && result === 'table' ? argumentsOf(outer[returns + 2]) : []),
    ...(triggered ? TRIGGER_VARIABLES.split(' ') : []).map((each): Variable => {
      const [written = '', type = ''] = each.split(':');
      return { name: written.toLowerCase(), written, type, row: null };
    }),
  ];
}

/** One declaration without its semicolon. */
function declaration(items: readonly Item[]): readonly Variable[] {
  const names = namesOf(items[0]);
  if (names?.length !== 1) return [];
  const name = names[0] ?? '';
  const rest = items.slice(wordOf(items[1]) === 'constant' ? 2 : 1);
  if (wordOf(rest[0]) === 'alias') return [variable(name)];
  return rest.some((item) => wordOf(item) === 'cursor') ? [variable(name, 'refcursor')] : [typed(name, rest)];
}

interface Scope {
  readonly kind: 'block' | 'loop' | 'case';
  /** Of a block: its declarations are over. */
  open: boolean;
  readonly variables: Variable[];
}

/** More pieces than names of a loop's variables are made of. */
const LOOP_NAMES = 20;
/** More pieces than a loop's query is made of. */
const LOOP_QUERY = 2000;

/** The variables of `FOR a, b IN … LOOP`; the words that lock rows are not meant. */
function loopVariables(items: readonly Item[], from: number): readonly Variable[] {
  const before = items.slice(from + 1, from + LOOP_NAMES);
  const end = before.findIndex((item) => wordOf(item) === 'in' || isSign(item, ';'));
  if (wordOf(before[end]) !== 'in') return [];
  const names = commaParts(before.slice(0, end)).flatMap((part) => namesOf(part[0]) ?? []);
  const rest = items.slice(from + end + 2, from + LOOP_QUERY);
  const loop = rest.findIndex((item) => wordOf(item) === 'loop');
  const query = rest.slice(0, Math.max(0, loop));
  const row = names.length === 1 && startsQuery(query) ? ({ kind: 'query', query: readQuery(query) } as const) : null;
  return names.map((name) => variable(name, row ? 'record' : '', row));
}

/** What is declared in the blocks around the cursor, innermost first. */
function declared(items: readonly Item[]): readonly Variable[] {
  const scopes: Scope[] = [];
  let cursor = items.findIndex(holdsCursor);
  if (cursor < 0) cursor = items.length;
  let start = 0;
  let loop: readonly Variable[] = [];
  for (let at = 0; at < cursor; at += 1) {
    const item = items[at];
    const top = scopes.at(-1);
    const ends = wordOf(items[at - 1]) === 'end';
    const declaring = top?.kind === 'block' && !top.open;
    if (declaring && isSign(item, ';')) {
      top.variables.push(...declaration(items.slice(start, at)));
      start = at + 1;
    }
    switch (wordOf(item)) {
      case 'declare':
        scopes.push({ kind: 'block', open: false, variables: [] });
        start = at + 1;
        break;
      case 'begin':
        if (declaring) top.open = true;
        else scopes.push({ kind: 'block', open: true, variables: [] });
        break;
      case 'for':
      case 'foreach':
        if (!declaring) loop = loopVariables(items, at);
        break;
      case 'loop':
        if (!ends) scopes.push({ kind: 'loop', open: true, variables: [...loop] });
        loop = [];
        break;
      case 'case':
        if (!ends) scopes.push({ kind: 'case', open: true, variables: [] });
        break;
      case 'end':
        if (wordOf(items[at + 1]) !== 'if') scopes.pop();
        break;
      default:
    }
  }
  return scopes.toReversed().flatMap(({ variables }) => variables);
}

/** The variables that can be used at the cursor in `body`; `outer` is the statement around it. */
export const variablesAt = (outer: readonly Item[], body: readonly Item[]): readonly Variable[] => [
  ...declared(body),
  ...given(outer),
];
