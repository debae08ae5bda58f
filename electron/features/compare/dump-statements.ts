import { findWords, sqlWords, type SqlWord } from '../../../shared/model/compare-words';

/**
 * Which statements of a dump are run in a scratch database. Threat: a dump is a program, and the server that lends the database is somebody's.
 * Only what is named here runs; everything else (data, roles, databases, privileges on them, settings of the server, code that runs at
 * once) is left out. Expressions that making an object itself evaluates, e.g. bounds of a partition, are run as in every restore.
 */

/** Kinds of objects that are in one database, by the words that name them. Longer ones first where one begins another. */
const KINDS = [
  'ACCESS METHOD',
  'AGGREGATE',
  'CAST',
  'COLLATION',
  'CONVERSION',
  'DOMAIN',
  'EVENT TRIGGER',
  'EXTENSION',
  'FOREIGN DATA WRAPPER',
  'FOREIGN TABLE',
  'FUNCTION',
  'INDEX',
  'LANGUAGE',
  'MATERIALIZED VIEW',
  'OPERATOR',
  'POLICY',
  'PROCEDURAL LANGUAGE',
  'PROCEDURE',
  'PUBLICATION',
  'ROUTINE',
  'RULE',
  'SCHEMA',
  'SEQUENCE',
  'SERVER',
  'STATISTICS',
  'TABLE',
  'TEXT SEARCH',
  'TRANSFORM',
  'TRIGGER',
  'TYPE',
  'USER MAPPING',
  'VIEW',
] as const;

/** What may stand between CREATE and the kind. */
const MODIFIERS = new Set(['CONSTRAINT', 'DEFAULT', 'OR', 'RECURSIVE', 'REPLACE', 'TRUSTED', 'UNIQUE', 'UNLOGGED']);

/** Parts of objects that have comments and labels. */
const PARTS = ['COLUMN', 'CONSTRAINT'] as const;

/** What privileges are given on; DATABASE, TABLESPACE, PARAMETER and LARGE OBJECT are not among them. */
const GRANTED = [
  'ALL',
  'DOMAIN',
  'FOREIGN DATA WRAPPER',
  'FOREIGN SERVER',
  'FUNCTION',
  'LANGUAGE',
  'PROCEDURE',
  'ROUTINE',
  'SCHEMA',
  'SEQUENCE',
  'TABLE',
  'TYPE',
] as const;

/** Settings that pg_dump writes and that concern the session only. Ours keeps its own encoding: what is sent is UTF-8. */
const SETTINGS = new Set([
  'CHECK_FUNCTION_BODIES',
  'CLIENT_MIN_MESSAGES',
  'DEFAULT_TABLE_ACCESS_METHOD',
  'DEFAULT_TABLESPACE',
  'DEFAULT_TOAST_COMPRESSION',
  'DEFAULT_WITH_OIDS',
  'ESCAPE_STRING_WARNING',
  'IDLE_IN_TRANSACTION_SESSION_TIMEOUT',
  'LOCK_TIMEOUT',
  'ROW_SECURITY',
  'SEARCH_PATH',
  'STANDARD_CONFORMING_STRINGS',
  'STATEMENT_TIMEOUT',
  'TRANSACTION_TIMEOUT',
  'XMLOPTION',
]);

/** The words with their keywords in capitals, so that they compare. */
const wordsOf = (sql: string): SqlWord[] =>
  sqlWords(sql).map((word) => (word.kind === 'name' ? { ...word, text: word.text.toUpperCase() } : word));

const keyword = (word: SqlWord | undefined): string => (word?.kind === 'name' ? word.text : '');

const namesOneOf = (words: readonly SqlWord[], at: number, kinds: readonly string[]): boolean =>
  kinds.some((kind) => kind.split(' ').every((each, offset) => keyword(words[at + offset]) === each));

function isCreate(words: readonly SqlWord[]): boolean {
  let at = 1;
  while (MODIFIERS.has(keyword(words[at]))) at += 1;
  if (!namesOneOf(words, at, KINDS)) return false;
  const kind = keyword(words[at]);
  // A schema may bring statements of its own, and a table or a view with rows runs a query.
  if (kind === 'SCHEMA') return !words.slice(at + 1).some((word) => ['CREATE', 'GRANT'].includes(keyword(word)));
  if (kind === 'TABLE') return findWords(words, 'AS', at) < 0;
  const last = words.filter(({ text }) => text !== ';').slice(-3);
  if (kind === 'MATERIALIZED') return namesOneOf(last, 0, ['WITH NO DATA']);
  // It would run when the database is opened to be read.
  return kind !== 'EVENT' || !words.some((word) => keyword(word) === 'LOGIN');
}

const isAlter = (words: readonly SqlWord[]): boolean =>
  namesOneOf(words, 1, ['DEFAULT PRIVILEGES']) ||
  // ALL IN TABLESPACE is about a place of the server.
  (namesOneOf(words, 1, KINDS) && !words.slice(2, 4).some((word) => keyword(word) === 'ALL'));

function isPrivilege(words: readonly SqlWord[]): boolean {
  // ON is reserved: memberships of roles have none.
  const on = words.findIndex((word) => keyword(word) === 'ON');
  return on > 0 && namesOneOf(words, on + 1, GRANTED);
}

function isSetting(words: readonly SqlWord[]): boolean {
  const at = ['SESSION', 'LOCAL'].includes(keyword(words[1])) ? 2 : 1;
  const sign = words[at + 1];
  return SETTINGS.has(keyword(words[at])) && (sign?.text === '=' || keyword(sign) === 'TO');
}

/** `SELECT pg_catalog.set_config('search_path', '', false)`, and nothing besides. */
function isSetConfig(words: readonly SqlWord[]): boolean {
  const rest = words.filter(({ text }) => text !== ';');
  const shape = rest.map(({ kind, text }) => (kind === 'string' ? "'" : text)).join(' ');
  const setting = rest[5]?.text.slice(1, -1).toUpperCase() ?? '';
  return /^SELECT PG_CATALOG \. SET_CONFIG \( ' , ' , (?:TRUE|FALSE) \)$/.test(shape) && SETTINGS.has(setting);
}

/** Whether a statement of a dump is run in the scratch database. It must be sent so that the server takes one command only. */
export function isStructure(sql: string): boolean {
  const words = wordsOf(sql);
  switch (keyword(words[0])) {
    case 'CREATE':
      return isCreate(words);
    case 'ALTER':
      return isAlter(words);
    case 'COMMENT':
    case 'SECURITY': {
      const on = words.findIndex((word) => keyword(word) === 'ON');
      return on > 0 && namesOneOf(words, on + 1, [...KINDS, ...PARTS]);
    }
    case 'GRANT':
    case 'REVOKE':
      return isPrivilege(words);
    case 'SET':
      return isSetting(words);
    case 'SELECT':
      return isSetConfig(words);
    default:
      return false;
  }
}

/** Whether it makes or changes something that runs with the statements after it. */
export const isEventTrigger = (sql: string): boolean => {
  const words = wordsOf(sql);
  return ['CREATE', 'ALTER'].includes(keyword(words[0])) && namesOneOf(words, 1, ['EVENT TRIGGER']);
};
