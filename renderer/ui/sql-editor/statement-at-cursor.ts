import { nextStatement } from '../../../shared/model/sql-split';
import { identifierOf, sqlTokens } from '../../../shared/model/sql-tokens';

/** The statement that is being written at an offset, and where it begins; an empty one between statements. */
export function writtenAt(text: string, offset: number): { text: string; start: number } {
  for (let from = 0; ;) {
    const found = nextStatement(text, from);
    if (found.kind === 'end') return { text: '', start: offset };
    if (found.kind === 'refused') {
      // A command of psql ends with its line.
      if (offset <= found.refused.end) return { text: '', start: offset };
      from = Math.max(found.refused.end, from + 1);
      continue;
    }
    const { start, end, next } = found.statement;
    if (offset < start) return { text: '', start: offset };
    const ended = text.slice(end, Math.min(offset, next)).includes(';');
    if (!ended) return { text: text.slice(start, Math.max(end, offset)), start };
    from = next;
  }
}

/** A name in a text. */
export interface NameAt {
  readonly path: readonly string[];
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
  /** The statement that it is in, and the asked place in that. */
  readonly statement: string;
  readonly offset: number;
}

/** The name around an offset, its parts joined by dots up to the one that is there; null when there is none. */
export function nameAt(text: string, offset: number): NameAt | null {
  const statement = writtenAt(text, offset);
  const at = offset - statement.start;
  const tokens = sqlTokens(statement.text);
  const here = tokens.findIndex((token) => token.start <= at && at <= token.end && identifierOf(token) !== null);
  const token = tokens[here];
  const name = identifierOf(token);
  if (!token || name === null) return null;
  const path = [name];
  let first = here;
  while (path.length < 3 && tokens[first - 1]?.text === '.') {
    const before = identifierOf(tokens[first - 2]);
    if (before === null) break;
    path.unshift(before);
    first -= 2;
  }
  const start = (tokens[first]?.start ?? token.start) + statement.start;
  return { path, start, end: token.end + statement.start, statement: statement.text, offset: at };
}
