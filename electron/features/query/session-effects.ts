import { isKeyword, plainConstant, type StatementWord } from '../../../shared/model/statement-words';
import { quoteIdent, quoteLiteral } from '../../../shared/model/quote';

/** State that lives in a server's session and goes with it, as far as the statements that ran tell. */
export interface SessionEffects {
  /** Temporary tables, views and sequences; the value: it is dropped at the end of the transaction. */
  readonly tables: ReadonlyMap<string, boolean>;
  readonly prepared: ReadonlySet<string>;
  /** The value: it outlives its transaction (WITH HOLD). */
  readonly cursors: ReadonlyMap<string, boolean>;
  readonly locks: readonly string[];
  readonly channels: ReadonlySet<string>;
  /** The statement that sets it, by the setting's name. */
  readonly settings: ReadonlyMap<string, string>;
  /** The statement that sets `search_path` until the end of the transaction. */
  readonly localPath: string | null;
  /** Of SET ROLE; empty is none. */
  readonly role: string;
}

export const NO_EFFECTS: SessionEffects = {
  tables: new Map(),
  prepared: new Set(),
  cursors: new Map(),
  locks: [],
  channels: new Set(),
  settings: new Map(),
  localPath: null,
  role: '',
};

const withKey = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): Map<K, V> => new Map(map).set(key, value);
const without = <K, V>(map: ReadonlyMap<K, V>, key: K): Map<K, V> => new Map([...map].filter(([each]) => each !== key));
const withMember = (set: ReadonlySet<string>, member: string): Set<string> => new Set(set).add(member);
const withoutMember = (set: ReadonlySet<string>, member: string): Set<string> =>
  new Set([...set].filter((each) => each !== member));
const wordAt = (words: readonly StatementWord[], index: number): string =>
  words[index]?.kind === 'word' ? (words[index]?.text ?? '') : '';
const nameAt = (words: readonly StatementWord[], index: number): string => {
  const word = words[index];
  return word?.kind === 'word' || word?.kind === 'name' ? word.text : '';
};
const hasRun = (words: readonly StatementWord[], ...run: string[]): boolean =>
  words.some((_word, index) => run.every((text, step) => isKeyword(words[index + step], text)));

/** What a statement that succeeded leaves in the session. `sql` is its text, `words` what it is made of. */
export function effectsAfter(before: SessionEffects, sql: string, words: readonly StatementWord[]): SessionEffects {
  const second = nameAt(words, 1);
  switch (wordAt(words, 0)) {
    case 'create':
      return afterCreate(before, words);
    case 'drop':
      return { ...before, tables: withoutDropped(before.tables, words) };
    case 'prepare':
      return second === 'transaction' ? before : { ...before, prepared: withMember(before.prepared, second) };
    case 'deallocate': {
      const name = isKeyword(words[1], 'prepare') ? nameAt(words, 2) : second;
      return { ...before, prepared: name === 'all' ? new Set() : withoutMember(before.prepared, name) };
    }
    case 'declare':
      return { ...before, cursors: withKey(before.cursors, second, hasRun(words, 'with', 'hold')) };
    case 'close':
      return { ...before, cursors: isKeyword(words[1], 'all') ? new Map() : without(before.cursors, second) };
    case 'listen':
      return { ...before, channels: withMember(before.channels, second) };
    case 'unlisten':
      return { ...before, channels: words[1]?.text === '*' ? new Set() : withoutMember(before.channels, second) };
    case 'discard':
      return afterDiscard(before, second);
    case 'reset':
      return afterReset(before, words);
    case 'set':
      return afterSet(before, sql, words);
    default:
      return afterFunctions(afterInto(before, words), words);
  }
}

/** What is left at the end of a transaction that was committed. */
export function effectsCommitted(effects: SessionEffects): SessionEffects {
  return {
    ...effects,
    tables: new Map([...effects.tables].filter(([, dropped]) => !dropped)),
    cursors: new Map([...effects.cursors].filter(([, hold]) => hold)),
    localPath: null,
  };
}

/** Rolled back to what was before; advisory locks of the session do not take part in transactions. */
export const effectsRolledBack = (now: SessionEffects, before: SessionEffects): SessionEffects => ({
  ...before,
  locks: now.locks,
});

const TEMPORARY = new Set(['temp', 'temporary']);
const RELATIONS = new Set(['table', 'view', 'sequence']);

/** Index after `a.b.c` parts, at the last part. */
function lastPart(words: readonly StatementWord[], from: number): number {
  let at = from;
  while (words[at + 1]?.text === '.') at += 2;
  return at;
}

function afterCreate(before: SessionEffects, words: readonly StatementWord[]): SessionEffects {
  const kind = words.findIndex((word, index) => index < 7 && word.kind === 'word' && RELATIONS.has(word.text));
  if (kind < 0) return before;
  let at = kind + 1;
  if (isKeyword(words[at], 'if')) at += 3;
  const temporary =
    words.slice(1, kind).some(({ text }) => TEMPORARY.has(text)) || nameAt(words, at).startsWith('pg_temp');
  const name = nameAt(words, lastPart(words, at));
  if (!temporary || name === '') return before;
  return { ...before, tables: withKey(before.tables, name, hasRun(words, 'on', 'commit', 'drop')) };
}

/** `SELECT … INTO TEMP TABLE name`. */
function afterInto(before: SessionEffects, words: readonly StatementWord[]): SessionEffects {
  const into = words.findIndex((word) => word.depth === 0 && isKeyword(word, 'into'));
  if (into < 0 || wordAt(words, 0) === 'insert') return before;
  let at = into + 1;
  if (['global', 'local'].includes(wordAt(words, at))) at += 1;
  if (!TEMPORARY.has(wordAt(words, at))) return before;
  at += isKeyword(words[at + 1], 'table') ? 2 : 1;
  return { ...before, tables: withKey(before.tables, nameAt(words, lastPart(words, at)), false) };
}

/** A permanent object of the same name is not told from a temporary one: the name that is found first is the temporary one's. */
function withoutDropped(
  tables: ReadonlyMap<string, boolean>,
  words: readonly StatementWord[],
): ReadonlyMap<string, boolean> {
  const kind = words.findIndex((word, index) => index < 3 && word.kind === 'word' && RELATIONS.has(word.text));
  if (kind < 0) return tables;
  let left = tables;
  for (let at = isKeyword(words[kind + 1], 'if') ? kind + 3 : kind + 1; at < words.length; at += 2) {
    const schema = words[at + 1]?.text === '.' ? nameAt(words, at) : '';
    at = lastPart(words, at);
    if (schema === '' || schema.startsWith('pg_temp')) left = without(left, nameAt(words, at));
  }
  return left;
}

function afterDiscard(before: SessionEffects, what: string): SessionEffects {
  if (what === 'all') return NO_EFFECTS;
  return what === 'temp' || what === 'temporary' ? { ...before, tables: new Map() } : before;
}

function afterReset(before: SessionEffects, words: readonly StatementWord[]): SessionEffects {
  const name = settingName(words, 1).name;
  if (name === 'all') return { ...before, settings: new Map(), localPath: null };
  if (name === 'role') return { ...before, role: '' };
  return { ...forgetting(before, name), settings: without(before.settings, name) };
}

/** What a setting of the session puts an end to: a path for the transaction only, the role of whom the session was before. */
function forgetting(before: SessionEffects, name: string): SessionEffects {
  if (name === 'session_authorization') return { ...before, role: '' };
  return name === 'search_path' ? { ...before, localPath: null } : before;
}

/** The setting that is named from `at` on, and where its value stands. */
function settingName(words: readonly StatementWord[], at: number): { name: string; value: number } {
  const first = nameAt(words, at);
  if (first === 'time' && isKeyword(words[at + 1], 'zone')) return { name: 'timezone', value: at + 2 };
  if (first === 'session' && isKeyword(words[at + 1], 'authorization')) {
    return { name: 'session_authorization', value: at + 2 };
  }
  if (first === 'names') return { name: 'client_encoding', value: at + 1 };
  if (first === 'schema') return { name: 'search_path', value: at + 1 };
  if (first === 'role' && words[at + 1]?.text !== '=' && !isKeyword(words[at + 1], 'to')) {
    return { name: 'role', value: at + 1 };
  }
  const last = lastPart(words, at);
  const name = words
    .slice(at, last + 1)
    .map(({ text }) => text)
    .join('');
  return { name, value: last + 2 };
}

function afterSet(before: SessionEffects, sql: string, words: readonly StatementWord[]): SessionEffects {
  const scope = wordAt(words, 1);
  const authorization = isKeyword(words[2], 'authorization') || isKeyword(words[2], 'characteristics');
  if (scope === 'local') {
    return settingName(words, 2).name === 'search_path' ? { ...before, localPath: sql } : before;
  }
  if (scope === 'transaction' || scope === 'constraints') return before;
  if (isKeyword(words[2], 'characteristics')) {
    return { ...before, settings: withKey(before.settings, 'session characteristics', sql) };
  }
  const { name, value } = settingName(words, scope === 'session' && !authorization ? 2 : 1);
  const given = words[value];
  if (name === 'role') return { ...before, role: roleOf(given) };
  if (isKeyword(given, 'default') || (name === 'timezone' && isKeyword(given, 'local'))) {
    return { ...forgetting(before, name), settings: without(before.settings, name) };
  }
  return { ...forgetting(before, name), settings: withKey(before.settings, name, sql) };
}

function roleOf(given: StatementWord | undefined): string {
  if (isKeyword(given, 'none') || isKeyword(given, 'default')) return '';
  const name = plainConstant(given) ?? given?.text ?? '';
  return name === 'none' ? '' : name;
}

const LOCKS = /^pg_(?:try_)?advisory_lock(?:_shared)?$/;
const UNLOCK = /^pg_advisory_unlock(?:_shared)?$/;

/** Calls of a query that leave something in the session: advisory locks and set_config. */
function afterFunctions(before: SessionEffects, words: readonly StatementWord[]): SessionEffects {
  let effects = before;
  for (const [index, { text }] of words.entries()) {
    if (words[index + 1]?.text !== '(') continue;
    const list = callArguments(words, index + 1);
    const call = `(${list.map((word) => word.text).join('')})`;
    if (LOCKS.test(text)) effects = { ...effects, locks: [...effects.locks, `${text}${call}`] };
    else if (UNLOCK.test(text)) effects = { ...effects, locks: withoutLock(effects.locks, text, call) };
    else if (text === 'pg_advisory_unlock_all') effects = { ...effects, locks: [] };
    else if (text === 'set_config') effects = afterConfig(effects, list);
  }
  return effects;
}

function callArguments(words: readonly StatementWord[], open: number): readonly StatementWord[] {
  const depth = words[open]?.depth ?? 0;
  const close = words.findIndex((word, index) => index > open && word.depth === depth);
  return words.slice(open + 1, close < 0 ? words.length : close);
}

function withoutLock(locks: readonly string[], unlock: string, call: string): string[] {
  const shared = unlock.endsWith('_shared');
  const at = locks.findLastIndex((lock) => lock.endsWith(call) && lock.includes('_shared(') === shared);
  return locks.filter((_lock, index) => index !== at);
}

function afterConfig(before: SessionEffects, list: readonly StatementWord[]): SessionEffects {
  const name = plainConstant(list[0])?.toLowerCase();
  const value = plainConstant(list[2]);
  if (name === undefined || value === null) return before;
  const sql = `SELECT pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false)`;
  if (name === 'search_path' && isKeyword(list[4], 'true')) return { ...before, localPath: sql };
  if (!isKeyword(list[4], 'false')) return before;
  if (name === 'role') return { ...before, role: value === 'none' ? '' : value };
  return { ...forgetting(before, name), settings: withKey(before.settings, name, sql) };
}

/** The statements that set again what can be. */
export const restoringSql = ({ settings, channels }: SessionEffects): string[] => [
  ...settings.values(),
  ...[...channels].map((channel) => `LISTEN ${quoteIdent(channel)}`),
];
