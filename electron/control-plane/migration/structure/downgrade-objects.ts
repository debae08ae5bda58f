import { closing, edited, listItems, without, type Edit } from './edits';
import type { DowngradeRule, Statement, Verdict } from './downgrade';
import { wordOutside } from './entry-subject';
import { isSign, isWord, type SqlToken } from './sql-tokens';

/** What functions, types, views, privileges and the like have that older servers do not know. */

const refused = (reason: string): Verdict => ({ refused: reason });
const kindIs = (below: number, kinds: RegExp, reason: string): DowngradeRule => ({
  below,
  kinds,
  apply: () => refused(reason),
});

/** An option `name = value` of a bracketed list; null when it is not there. */
function option(tokens: readonly SqlToken[], open: number, name: string): readonly [from: number, to: number] | null {
  return listItems(tokens, open).find(([from]) => isWord(tokens[from], name) && isSign(tokens[from + 1], '=')) ?? null;
}

const bracket = (tokens: readonly SqlToken[]): number => tokens.findIndex((token) => isSign(token, '('));

/** Takes an option out of the bracketed list of a CREATE statement. */
const withoutOption = (below: number, kinds: RegExp, name: string, note: string): DowngradeRule => ({
  below,
  kinds,
  apply({ tokens, text }) {
    // Of an aggregate the first bracket holds its arguments.
    const opens = tokens.flatMap((token, at) => (isSign(token, '(') ? [at] : []));
    for (const open of opens) {
      const found = option(tokens, open, name);
      if (!found) continue;
      const [from, to] = found;
      const first = from === open + 1;
      const more = isSign(tokens[to], ',');
      const edit = first ? without(tokens, from, more ? to + 1 : to) : without(tokens, from - 1, to);
      return { sql: edited(text, [edit]), note };
    }
    return null;
  },
});

/** A body that the server has parsed becomes text: its names are all qualified, so it means the same. */
function atomicBody({ tokens, text }: Statement): Verdict | null {
  if (!isWord(tokens[0], 'create')) return null;
  const begin = tokens.findIndex((token, at) => isWord(token, 'begin') && isWord(tokens[at + 1], 'atomic'));
  const close = closing(tokens, bracket(tokens));
  const returns = begin > 0 ? -1 : wordOutside(tokens, ['return'], close + 1);
  const note = 'Bodies of SQL functions are text, as before PostgreSQL 14';
  const end = tokens.length - (isSign(tokens.at(-1), ';') ? 1 : 0);
  if (begin > 0) {
    const body = text.slice(tokens[begin + 1]?.end, tokens[end - 1]?.start);
    return { sql: edited(text, [bodyEdit(tokens, begin, end, body)]), note };
  }
  if (returns < 0) return null;
  const body = `SELECT ${text.slice(tokens[returns + 1]?.start, tokens[end - 1]?.end)}`;
  return { sql: edited(text, [bodyEdit(tokens, returns, end, body)]), note };
}

function bodyEdit(tokens: readonly SqlToken[], from: number, to: number, body: string): Edit {
  let tag = '$body$';
  for (let count = 1; body.includes(tag); count += 1) tag = `$body${count}$`;
  return { start: tokens[from]?.start ?? 0, end: tokens[to - 1]?.end ?? 0, text: `AS ${tag}${body}${tag}` };
}

/** GRANT and REVOKE of MAINTAIN. */
function maintain({ tokens, text }: Statement): Verdict | null {
  const grant = tokens.findIndex((token) => isWord(token, 'grant', 'revoke'));
  if (grant < 0) return null;
  const on = wordOutside(tokens, ['on'], grant);
  const at = tokens.findIndex((token, index) => index > grant && index < on && isWord(token, 'maintain'));
  if (at < 0) return null;
  const note = 'The privilege MAINTAIN is left out: it exists from PostgreSQL 17 on';
  if (isSign(tokens[at + 1], ',')) return { sql: edited(text, [without(tokens, at, at + 2)]), note };
  if (isSign(tokens[at - 1], ',')) return { sql: edited(text, [without(tokens, at - 1, at)]), note };
  return { sql: '', note };
}

/** Kinds of statistics that an older server does not know; without kinds it would make all it knows. */
function mcv({ tokens, text }: Statement): Verdict | null {
  const open = bracket(tokens);
  const on = wordOutside(tokens, ['on']);
  if (open < 0 || open > on || !isWord(tokens[0], 'create')) return null;
  const kinds = listItems(tokens, open).map(([from]) => tokens[from]?.value ?? '');
  if (!kinds.includes('mcv')) return null;
  const kept = kinds.filter((kind) => kind !== 'mcv');
  if (kept.length === 0) return refused('Statistics of most common values exist from PostgreSQL 12 on');
  return {
    sql: edited(text, [without(tokens, open, closing(tokens, open) + 1, ` (${kept.join(', ')})`)]),
    note: 'Statistics are made without most common values, which exist from PostgreSQL 12 on',
  };
}

function expressionStatistics({ tokens }: Statement): Verdict | null {
  const on = wordOutside(tokens, ['on']);
  const from = wordOutside(tokens, ['from'], on);
  return isWord(tokens[0], 'create') && tokens.slice(on, from).some((token) => isSign(token, '('))
    ? refused('Statistics on expressions exist from PostgreSQL 14 on')
    : null;
}

const replaceWord = (
  { tokens, text }: Statement,
  one: string,
  two: string,
  by: string,
  note: string,
): Verdict | null => {
  const at = tokens.findIndex((token, index) => isWord(token, one) && isWord(tokens[index + 1], two));
  const word = tokens[at + 1];
  return at < 0 || !word ? null : { sql: edited(text, [{ start: word.start, end: word.end, text: by }]), note };
};

const text =
  (pattern: RegExp, reason: string) =>
  (statement: Statement): Verdict | null =>
    pattern.test(statement.text) ? refused(reason) : null;

export const OBJECT_RULES: readonly DowngradeRule[] = [
  { below: 17, kinds: /^(?:DEFAULT )?ACL$/, hint: /\bMAINTAIN\b/i, apply: maintain },
  {
    below: 18,
    kinds: /^DEFAULT ACL$/,
    apply: text(/ ON LARGE OBJECTS /, 'Default privileges of large objects exist from PostgreSQL 18 on'),
  },
  {
    below: 17,
    kinds: /^COLLATION$/,
    apply: text(/\(provider = builtin\b/, 'Collations of the builtin provider exist from PostgreSQL 17 on'),
  },
  {
    below: 17,
    kinds: /^EVENT TRIGGER$/,
    apply: text(
      /^CREATE EVENT TRIGGER (?:"(?:[^"]|"")*"|\S+) ON login\b/,
      'Event triggers at login exist from PostgreSQL 17 on',
    ),
  },
  {
    below: 16,
    kinds: /^COLLATION$/,
    apply: ({ tokens }) =>
      option(tokens, bracket(tokens), 'rules')
        ? refused('Collations with rules of their own exist from PostgreSQL 16 on')
        : null,
  },
  {
    below: 15,
    kinds: /^VIEW$/,
    apply: ({ tokens }) => {
      const word = wordOutside(tokens, ['with']);
      return option(tokens, word + 1, 'security_invoker') && isSign(tokens[word + 1], '(')
        ? refused('Views that read with the rights of who asks (security_invoker) exist from PostgreSQL 15 on')
        : null;
    },
  },
  {
    below: 15,
    kinds: /^SEQUENCE$/,
    hint: /\b(?:UN)?LOGGED\b/i,
    apply: (statement) => {
      const note = 'Sequences are logged, as before PostgreSQL 15';
      if (/^ALTER SEQUENCE [^;]* SET (?:UN)?LOGGED;$/.test(statement.text)) return { sql: '', note };
      return isWord(statement.tokens[1], 'unlogged')
        ? { sql: edited(statement.text, [without(statement.tokens, 1, 2)]), note }
        : null;
    },
  },
  withoutOption(14, /^TYPE$/, 'multirange_type_name', 'Range types have no multirange before PostgreSQL 14'),
  withoutOption(14, /^TYPE$/, 'subscript', 'Types are made without SUBSCRIPT, which exists from PostgreSQL 14 on'),
  { below: 14, kinds: /^(?:FUNCTION|PROCEDURE)$/, hint: /\b(?:BEGIN\s+ATOMIC|RETURN)\b/i, apply: atomicBody },
  { below: 14, kinds: /^STATISTICS$/, apply: expressionStatistics },
  {
    below: 13,
    kinds: /^STATISTICS$/,
    apply: (statement) =>
      /^ALTER STATISTICS [^;]* SET STATISTICS /.test(statement.text)
        ? { sql: '', note: 'Statistics targets of extended statistics exist from PostgreSQL 13 on' }
        : null,
  },
  { below: 12, kinds: /^STATISTICS$/, apply: mcv },
  kindIs(12, /^ACCESS METHOD$/, 'Access methods of tables exist from PostgreSQL 12 on'),
  {
    below: 12,
    kinds: /^COLLATION$/,
    apply: ({ tokens }) => {
      const found = option(tokens, bracket(tokens), 'deterministic');
      return found && isWord(tokens[found[0] + 2], 'false')
        ? refused('Collations that are not deterministic exist from PostgreSQL 12 on')
        : null;
    },
  },
  {
    below: 12,
    kinds: /^FUNCTION$/,
    apply: ({ tokens, text: sql }) => {
      const word = wordOutside(tokens, ['support'], closing(tokens, bracket(tokens)) + 1);
      const as = tokens.findIndex((token) => token.kind === 'string');
      if (word < 0 || (as >= 0 && word > as)) return null;
      const end = isSign(tokens[word + 2], '.') ? word + 4 : word + 2;
      return {
        sql: edited(sql, [without(tokens, word, end)]),
        note: 'Functions are made without planner support, which exists from PostgreSQL 12 on',
      };
    },
  },
  {
    below: 11,
    kinds: /^OPERATOR$/,
    apply({ tokens, text: sql }) {
      const word = tokens.find((token, at) => isWord(token, 'function') && isSign(tokens[at + 1], '='));
      return word
        ? {
            sql: edited(sql, [{ start: word.start, end: word.end, text: 'PROCEDURE' }]),
            note: 'The function of an operator is called PROCEDURE, as before PostgreSQL 11',
          }
        : null;
    },
  },
  kindIs(11, /^PROCEDURE$/, 'Procedures exist from PostgreSQL 11 on'),
  withoutOption(
    11,
    /^AGGREGATE$/,
    'finalfunc_modify',
    'Aggregates are made without FINALFUNC_MODIFY, which exists from PostgreSQL 11 on',
  ),
  withoutOption(
    11,
    /^AGGREGATE$/,
    'mfinalfunc_modify',
    'Aggregates are made without MFINALFUNC_MODIFY, which exists from PostgreSQL 11 on',
  ),
  {
    below: 11,
    kinds: /^(?:EVENT )?TRIGGER$/,
    apply: (statement) =>
      replaceWord(
        statement,
        'execute',
        'function',
        'PROCEDURE',
        'EXECUTE FUNCTION is written EXECUTE PROCEDURE, as before PostgreSQL 11',
      ),
  },
];
