import { quoteLiteral } from '../../../../../shared/model/quote';
import { isWord, sqlTokens, statementsOf, type SqlToken } from '../../structure/sql-tokens';
import { mentionsChanged, type DdlPlan, type DdlWorld } from './ddl-plan';

/**
 * The only statement of a text, without its semicolon, if it is a command of that tag: not a function call, a DO or a CALL that ran it. Null
 * otherwise.
 */
export function onlyStatement(text: string | null, tag: string): string | null {
  if (text === null) return null;
  const [one, ...more] = statementsOf(text);
  if (one === undefined || more.length > 0) return null;
  const words = tag.toLowerCase().split(' ');
  const [first, ...rest] = words;
  const tokens = sqlTokens(one);
  const said = (token: SqlToken | undefined, word: string | undefined): boolean =>
    word !== undefined && isWord(token, word);
  if (!said(tokens[0], first)) return null;
  // Between the words may stand others: CREATE OR REPLACE, ALTER TABLE ONLY.
  let at = 1;
  for (const word of rest) {
    while (at < tokens.length && at < 8 && !said(tokens[at], word)) at += 1;
    if (!said(tokens[at], word)) return null;
    at += 1;
  }
  return one.replace(/;\s*$/, '');
}

/** The commands of that tag in a text that a client has sent at once. */
export const statementsOfTag = (text: string | null, tag: string): string[] =>
  text === null ? [] : statementsOf(text).flatMap((one) => onlyStatement(one, tag) ?? []);

/** A search path as the server shows it, with the names of schemas on the receiving side. */
function mappedPath(path: string, world: DdlWorld): string {
  const parts = sqlTokens(path)
    .filter(({ kind }) => kind === 'word' || kind === 'quoted')
    .filter(({ value }) => value !== '$user')
    .map(({ value }) => world.names.schema(value) ?? value);
  return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join(', ');
}

const SETTING = `SELECT pg_catalog.set_config('search_path', `;
/** Whether a statement only prepares others. */
export const isSetting = (statement: string): boolean => statement.startsWith(SETTING);

/** Statements that run a statement of the source as it was meant there: with its search path, for the rest of no more than itself. */
export const underPath = (statements: readonly string[], path: string, world: DdlWorld): string[] => [
  `${SETTING}${quoteLiteral(mappedPath(path, world))}, true)`,
  ...statements,
  `${SETTING}'', true)`,
];

interface SaidEvent {
  readonly tag: string;
  readonly query: string | null;
  readonly path: string;
}

/** Takes the statement itself where nothing better is known; a person decides when it is not alone, or speaks of other names. */
export function addStatement(plan: DdlPlan, world: DdlWorld, event: SaidEvent): void {
  const statement = onlyStatement(event.query, event.tag);
  if (statement === null)
    plan.problems.push('the statement was sent together with others, or ran inside of a function');
  else {
    plan.statements.push(...underPath([statement], event.path, world));
    if (mentionsChanged(statement, world.names))
      plan.problems.push('it names something that has another name on the target');
  }
}
