import { findWords, sqlWords, textBetween, wordsAre, type SqlWord } from '../../../../shared/model/compare-words';

/** What a statement after CREATE says, and of what: two that say something of the same thing replace each other. */
export interface Saying {
  readonly sort: 'owner' | 'comment' | 'label' | 'privilege' | 'setting' | 'session';
  /** The same for statements that replace each other. */
  readonly subject: string;
  /** What takes it back; null: nothing has to, what comes instead replaces it. */
  readonly undo: string | null;
}

const last = (words: readonly SqlWord[]): number => (words.at(-1)?.text === ';' ? words.length - 1 : words.length);

/** Reads a statement that our DDL writes after CREATE. `usualStorage` is what the type of the column stores by. */
export function readSaying(sql: string, usualStorage: string): Saying {
  const words = sqlWords(sql);
  const end = last(words);
  const text = (from: number, to: number): string => textBetween(sql, words, from, to);
  const at = (expected: string, from = 0): number => findWords(words, expected, from);
  if (wordsAre(words, 0, 'COMMENT ON') || wordsAre(words, 0, 'SECURITY LABEL')) {
    const head = text(0, end - 2);
    return { sort: words[0]?.text === 'COMMENT' ? 'comment' : 'label', subject: head, undo: `${head} IS NULL;` };
  }
  if (wordsAre(words, 0, 'SET SESSION AUTHORIZATION') || wordsAre(words, 0, 'RESET SESSION AUTHORIZATION')) {
    return { sort: 'session', subject: sql, undo: null };
  }
  const isDefault = wordsAre(words, 0, 'ALTER DEFAULT PRIVILEGES');
  const grant = isDefault ? at('GRANT') : wordsAre(words, 0, 'GRANT') ? 0 : -1;
  if (grant >= 0) return { sort: 'privilege', subject: sql, undo: undoGrant(sql, words, grant, end) };
  const revoke = isDefault ? at('REVOKE') : wordsAre(words, 0, 'REVOKE') ? 0 : -1;
  if (revoke >= 0) {
    const from = at('FROM', revoke);
    const undo = `${text(0, revoke)} GRANT ${text(revoke + 1, from)} TO ${text(from + 1, end)};`;
    return { sort: 'privilege', subject: sql, undo: undo.trimStart() };
  }
  if (wordsAre(words, end - 3, 'OWNER TO ?')) return { sort: 'owner', subject: 'owner', undo: null };
  return readSetting(sql, words, end, usualStorage);
}

function undoGrant(sql: string, words: readonly SqlWord[], grant: number, end: number): string {
  const to = findWords(words, 'TO', grant);
  const option = findWords(words, 'WITH GRANT OPTION', to);
  const grantee = textBetween(sql, words, to + 1, option < 0 ? end : option);
  const cascade = option < 0 ? '' : ' CASCADE';
  const head = textBetween(sql, words, 0, grant);
  return `${head} REVOKE ${textBetween(sql, words, grant + 1, to)} FROM ${grantee}${cascade};`.trimStart();
}

/** Names in a list `(a=1, b='2')` or `(a, b)`. */
function listedNames(sql: string, words: readonly SqlWord[], open: number): string {
  const names: string[] = [];
  let start = open + 1;
  for (let index = open + 1; index < words.length; index += 1) {
    const word = words[index]?.text;
    if (word !== ',' && word !== ')') continue;
    const equals = words.findIndex((each, place) => place > start && place < index && each.text === '=');
    names.push(textBetween(sql, words, start, equals < 0 ? index : equals));
    start = index + 1;
    if (word === ')') break;
  }
  return names.join(', ');
}

/** `ALTER … what it sets`: how each is set back. */
function readSetting(sql: string, words: readonly SqlWord[], end: number, usualStorage: string): Saying {
  const text = (from: number, to: number): string => textBetween(sql, words, from, to);
  const found = (subjectEnd: number, undo: string | null): Saying => ({
    sort: 'setting',
    subject: text(0, subjectEnd),
    undo: undo === null ? null : `${undo};`,
  });
  const ends: readonly (readonly [words: string, instead: string])[] = [
    ['ENABLE ROW LEVEL SECURITY', 'DISABLE ROW LEVEL SECURITY'],
    ['FORCE ROW LEVEL SECURITY', 'NO FORCE ROW LEVEL SECURITY'],
    ['REPLICA IDENTITY FULL', 'REPLICA IDENTITY DEFAULT'],
    ['REPLICA IDENTITY NOTHING', 'REPLICA IDENTITY DEFAULT'],
    ['SET STATISTICS ?', 'SET STATISTICS -1'],
    ['SET STORAGE ?', `SET STORAGE ${usualStorage}`],
    ['SET COMPRESSION ?', 'SET COMPRESSION default'],
    ['SET TABLESPACE ?', 'SET TABLESPACE pg_default'],
    ['CLUSTER ON ?', 'SET WITHOUT CLUSTER'],
    ['SET UNLOGGED', 'SET LOGGED'],
    ['SET LOGGED', 'SET UNLOGGED'],
  ];
  for (const [expected, instead] of ends) {
    const from = end - expected.split(' ').length;
    if (from > 0 && wordsAre(words, from, expected)) {
      const subjectEnd = from + (expected.endsWith('?') || expected.startsWith('REPLICA') ? 2 : 1);
      return found(subjectEnd, `${text(0, from)} ${instead}`);
    }
  }
  const index = findWords(words, 'REPLICA IDENTITY USING INDEX');
  if (index > 0) return found(index + 2, `${text(0, index)} REPLICA IDENTITY DEFAULT`);
  for (const what of ['TRIGGER ?', 'RULE ?']) {
    const from = end - 2;
    if (!wordsAre(words, from, what)) continue;
    const state = findWords(words, 'DISABLE') > 0 ? findWords(words, 'DISABLE') : findWords(words, 'ENABLE');
    if (state > 0) return found(state, `${text(0, state)} ENABLE ${text(from, end)}`);
  }
  if (wordsAre(words, 0, 'ALTER SUBSCRIPTION ? ENABLE')) return found(3, `${text(0, 3)} DISABLE`);
  if (wordsAre(words, 0, 'ALTER EVENT TRIGGER')) return found(4, `${text(0, 4)} ENABLE`);
  const add = findWords(words, 'ADD');
  if (wordsAre(words, 0, 'ALTER PUBLICATION') && add > 0) {
    const schema = wordsAre(words, add + 1, 'TABLES IN SCHEMA ?') ? text(add + 1, end) : null;
    return {
      sort: 'setting',
      subject: sql,
      undo: `${text(0, add)} DROP ${schema ?? publishedTable(sql, words, add + 1)};`,
    };
  }
  if (wordsAre(words, 0, 'ALTER TEXT SEARCH CONFIGURATION') && add > 0) {
    const mapping = findWords(words, 'WITH', add);
    return { sort: 'setting', subject: sql, undo: `${text(0, add)} DROP ${text(add + 1, mapping)};` };
  }
  const constraint = findWords(words, 'ADD CONSTRAINT ?');
  if (constraint > 0) {
    const undo = `${text(0, constraint)} DROP CONSTRAINT ${text(constraint + 2, constraint + 3)};`;
    return { sort: 'setting', subject: sql, undo };
  }
  const options = findWords(words, 'SET (');
  if (options > 0) return found(options, `${text(0, options)} RESET (${listedNames(sql, words, options + 1)})`);
  const setting = findWords(words, 'SET ? TO');
  if (setting > 0) return found(setting + 2, `${text(0, setting)} RESET ${text(setting + 1, setting + 2)}`);
  const defaults = findWords(words, 'SET DEFAULT');
  if (defaults > 0) return found(defaults, `${text(0, defaults)} DROP DEFAULT`);
  if (wordsAre(words, end - 2, 'DROP DEFAULT') || wordsAre(words, end - 3, 'SET NOT NULL')) return found(end, null);
  const owned = findWords(words, 'OWNED BY');
  if (owned > 0) return found(owned, `${text(0, owned)} OWNED BY NONE`);
  return { sort: 'setting', subject: sql, undo: null };
}

/** `TABLE ONLY s.t` of a member of a publication. */
function publishedTable(sql: string, words: readonly SqlWord[], from: number): string {
  const only = wordsAre(words, from, 'TABLE ONLY') ? from + 2 : from + 1;
  const end = words[only + 1]?.text === '.' ? only + 3 : only + 1;
  return `TABLE ONLY ${textBetween(sql, words, only, end)}`;
}
