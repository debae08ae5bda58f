import { sqlTokens, type SqlToken } from '../../../shared/model/sql-tokens';

const BLOT = '***';
const HINT = /pass|pwd|secret|token|:\/\//i;
/** Words before a constant that make it a secret, in clauses, options of user mappings and named arguments alike. */
const SECRET_WORD = /^"?[\w.]*(?:password|passwd|passphrase|passcode|pwd|secret|secret_key|secret_access_key)"?$/i;
/** Signs that may stand between such a word and its constant. */
const BETWEEN = new Set(['=', ':=', '=>', '(', ',', 'TO', 'to']);
/** `password=…` in the words of libpq; inside a constant of SQL its quotes are doubled. */
const IN_WORDS =
  /((?:password|passwd|pwd|secret\w{0,40}|passfile)\s*=\s*)(''(?:\\.|''''|(?!'').)*(?:''|$)|'(?:\\.|[^'\\])*(?:'|\\?$)|"[^"]*(?:"|$)|(?:\\.|[^\s'"&;$])+)/gis;
const IN_URI = /([a-z][a-z0-9+.-]{0,30}:\/\/[^:@/\s'"]*):[^@\s'"/]+@/gi;
/** `ALTER ROLE … PASSWORD 'x'` in the body of a block or function is a statement of its own; bodies in bodies are rare. */
const DEEPEST = 4;
/** UTF-16 units; a longer constant is no name of a setting. */
const LONGEST_NAME = 130;

/** A text and the secrets that were in it. */
interface Blotting {
  readonly secrets: Set<string>;
  readonly depth: number;
}

function blotWords(text: string, { secrets }: Blotting): string {
  return text
    .replaceAll(IN_WORDS, (_all, before: string, secret: string) => {
      secrets.add(secret.replaceAll(/^'+|'+$/g, ''));
      return `${before}${BLOT}`;
    })
    .replaceAll(IN_URI, (_all, before: string) => `${before}:${BLOT}@`);
}

/** A constant with nothing of what it holds. */
function blotConstant(token: SqlToken, { secrets }: Blotting): string {
  const quote = token.kind === 'body' ? /^\$[^$]*\$/.exec(token.text)?.[0] : "'";
  const opening = token.kind === 'body' ? quote : /^[^']*'/.exec(token.text)?.[0];
  if (quote === undefined || opening === undefined) return BLOT;
  secrets.add(token.text.slice(opening.length, token.open ? undefined : -quote.length));
  return `${opening}${BLOT}${token.open ? '' : quote}`;
}

function blotBody(token: SqlToken, blotting: Blotting): string {
  const opening = /^\$[^$]*\$/.exec(token.text)?.[0] ?? '';
  const end = token.open ? token.text.length : token.text.length - opening.length;
  const inside = token.text.slice(opening.length, end);
  const deeper = { ...blotting, depth: blotting.depth + 1 };
  return `${opening}${blotText(inside, deeper)}${token.text.slice(end)}`;
}

function blotText(text: string, blotting: Blotting): string {
  if (!HINT.test(text)) return text;
  let done = '';
  let copied = 0;
  // Behind a word that announces a secret, until something comes that can't belong to it.
  let expected = false;
  for (const token of sqlTokens(text)) {
    const put = (now: string): void => {
      done += text.slice(copied, token.start) + now;
      copied = token.end;
    };
    if (token.kind === 'comment') {
      put(blotWords(token.text, blotting));
      continue;
    }
    if (token.kind === 'string' || token.kind === 'body') {
      if (expected) put(blotConstant(token, blotting));
      else if (token.kind === 'body' && blotting.depth < DEEPEST && token.text.includes("'"))
        put(blotBody(token, blotting));
      else if (token.kind === 'string' && token.text.length < LONGEST_NAME && SECRET_WORD.test(token.text.slice(1, -1)))
        expected = true;
      else put(blotWords(token.text, blotting));
      continue;
    }
    if (token.kind === 'word' || token.kind === 'name') {
      const between: boolean = expected && BETWEEN.has(token.text);
      expected = between || SECRET_WORD.test(token.text);
      continue;
    }
    expected = expected && BETWEEN.has(token.text);
  }
  return done + text.slice(copied);
}

/**
 * A statement without the passwords in it, and what the server said of it likewise: constants behind PASSWORD and its like, connection strings,
 * addresses with a password. Rather too much than too little goes.
 */
export function blotSecrets(sql: string, said: string): { readonly sql: string; readonly said: string } {
  const secrets = new Set<string>();
  const text = blotText(sql, { secrets, depth: 0 });
  let told = blotWords(said, { secrets, depth: 0 });
  for (const secret of [...secrets].toSorted((a, b) => b.length - a.length)) {
    if (secret.trim().length > 2 && secret !== BLOT) told = told.replaceAll(secret, () => BLOT);
  }
  return { sql: text, said: told };
}
