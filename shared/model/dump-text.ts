/** What the text of a dump says about itself: versions, encoding, names, and psql commands that reach outside the database. */

/** Facts of a plain dump, filled statement by statement. Sets keep the order of first mention. */
export interface DumpFacts {
  encoding: string;
  serverVersion: string;
  dumpVersion: string;
  /** pg_dump's own first and last comment lines were seen. */
  startMark: boolean;
  endMark: boolean;
  /** A dump of a whole server, or one that makes and enters its own database. */
  connects: string[];
  statements: number;
  readonly schemas: Set<string>;
  readonly tables: Set<string>;
  readonly roles: Set<string>;
  readonly extensions: Set<string>;
  /** Extensions whose types tables use though the script does not make them. */
  readonly typesOf: Set<string>;
}

export const newFacts = (): DumpFacts => ({
  encoding: '',
  serverVersion: '',
  dumpVersion: '',
  startMark: false,
  endMark: false,
  connects: [],
  statements: 0,
  schemas: new Set(),
  tables: new Set(),
  roles: new Set(),
  extensions: new Set(),
  typesOf: new Set(),
});

const NAME = '("(?:[^"]|"")+"|[^\\s"().,;]+)';
const QUALIFIED = `${NAME}(?:\\s*\\.\\s*${NAME})?`;
const CREATE_SCHEMA = new RegExp(`^create\\s+schema\\s+(?:if\\s+not\\s+exists\\s+)?${NAME}`, 'i');
const CREATE_TABLE = new RegExp(
  `^create\\s+(?:global\\s+|local\\s+)?(?:temp\\w*\\s+|unlogged\\s+|foreign\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?${QUALIFIED}`,
  'i',
);
const CREATE_EXTENSION = new RegExp(`^create\\s+extension\\s+(?:if\\s+not\\s+exists\\s+)?${NAME}`, 'i');
const OWNER_TO = new RegExp(`\\bowner\\s+to\\s+${NAME}\\s*;\\s*$`, 'i');
const GRANTEES =
  /^(?:grant|revoke)\s[^]*?\s(?:to|from)\s+([^;]+?)(?:\s+with\s+grant\s+option|\s+granted\s+by\s[^;]+|\s+cascade)?\s*;/i;
const DEFAULT_PRIVILEGES = new RegExp(`^alter\\s+default\\s+privileges\\s+for\\s+(?:role|user)\\s+${NAME}`, 'i');
const CLIENT_ENCODING = /^set\s+client_encoding\s*(?:=|\bto\b)\s*'?([\w-]+)/i;
const SEARCH_PATH = /^set\s+search_path\s*(?:=|\bto\b)\s*(?:"((?:[^"]|"")+)"|'([^']+)'|([^\s,;"']+))/i;

/** Takes the quotes off an identifier as PostgreSQL reads it. */
export const unquoteIdent = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();

/** Types that well-known extensions bring. */
const TYPE_OF: Readonly<Record<string, string>> = {
  geometry: 'postgis',
  geography: 'postgis',
  raster: 'postgis_raster',
  vector: 'vector',
  hstore: 'hstore',
  citext: 'citext',
  ltree: 'ltree',
};
/** A column's name, then one of these types. */
const EXTENSION_TYPE =
  /[\w"]\s+(?:\w+\.)?(geometry|geography|raster|vector|hstore|citext|ltree)\b(?=\s*[(,[)\n]|\s+(?:not|null|default|constraint|collate|primary|unique|references)\b)/gi;

/** The extension that a missing type belongs to; null when it is none of the well-known. */
export function extensionOfType(message: string): string | null {
  return TYPE_OF[/^type "(?:\w+\.)?(\w+)" does not exist/.exec(message)?.[1] ?? ''] ?? null;
}

const MAX_NAMES = 20_000;
const add = (set: Set<string>, name: string): void => {
  if (set.size < MAX_NAMES) set.add(name);
};

/** Reads the comments before a statement. */
export function readComment(facts: DumpFacts, text: string): void {
  if (!text.includes('--')) return;
  if (/^-- PostgreSQL database (cluster )?dump\s*$/m.test(text)) facts.startMark = true;
  if (/^-- PostgreSQL database (cluster )?dump complete\s*$/m.test(text)) facts.endMark = true;
  facts.serverVersion ||= /^-- Dumped from database version (\S+)/m.exec(text)?.[1] ?? '';
  facts.dumpVersion ||= /^-- Dumped by pg_dump version (\S+)/m.exec(text)?.[1] ?? '';
}

/** Remembers the names that one statement (without leading comments; long ones cut) makes or needs. */
export function readStatement(facts: DumpFacts, text: string): void {
  facts.statements += 1;
  const first = text.slice(0, 6).toLowerCase();
  if (first.startsWith('create')) {
    const schema = CREATE_SCHEMA.exec(text);
    if (schema && !/^authorization$/i.test(schema[1] ?? '')) add(facts.schemas, unquoteIdent(schema[1] ?? ''));
    const table = CREATE_TABLE.exec(text);
    if (table) {
      for (const [, type = ''] of text.matchAll(EXTENSION_TYPE)) facts.typesOf.add(TYPE_OF[type.toLowerCase()] ?? type);
      const names = [table[1], table[2]].filter((each) => each !== undefined).map(unquoteIdent);
      add(facts.tables, names.length === 2 ? names.join('.') : `${currentSchema(facts)}${names[0] ?? ''}`);
      if (names.length === 2) add(facts.schemas, names[0] ?? '');
    }
    const extension = CREATE_EXTENSION.exec(text);
    if (extension) add(facts.extensions, unquoteIdent(extension[1] ?? ''));
    return;
  }
  if (first.startsWith('set ')) {
    facts.encoding ||= CLIENT_ENCODING.exec(text)?.[1]?.toUpperCase() ?? '';
    const path = SEARCH_PATH.exec(text);
    if (path) searchPaths.set(facts, path[1] ?? path[2] ?? path[3] ?? '');
    return;
  }
  if (text.length > 20_000) return;
  const owner = OWNER_TO.exec(text);
  if (owner) addRole(facts, owner[1] ?? '');
  const grant = GRANTEES.exec(text);
  for (const role of grant?.[1]?.split(',') ?? []) addRole(facts, role.trim());
  const defaults = DEFAULT_PRIVILEGES.exec(text);
  if (defaults) addRole(facts, defaults[1] ?? '');
}

/** Old dumps name tables without schema and set the path before. */
const searchPaths = new WeakMap<DumpFacts, string>();
const currentSchema = (facts: DumpFacts): string => `${searchPaths.get(facts) ?? 'public'}.`;

function addRole(facts: DumpFacts, text: string): void {
  const bare = text.replace(/^group\s+/i, '');
  if (bare === '' || /^(public|current_user|session_user|current_role)$/i.test(bare)) return;
  add(facts.roles, unquoteIdent(bare));
}

/**
 * What to do with a psql command of a script. `quiet`: belongs to the dump's own frame and is left out. `harmless`: prints or sets psql's
 * variables. `connect`: goes on in another database. `unsafe`: reads or writes files, runs programs, or is unknown.
 */
export type MetaClass = 'quiet' | 'harmless' | 'connect' | 'unsafe';

const HARMLESS =
  /^\\(echo|qecho|warn|set|unset|encoding|pset|timing|x|t|a|f|H|C|p|r|q|if|elif|else|endif|conninfo|errverbose|d\S*|l|z|sf\+?|sv\+?|gset|gexec|gdesc|crosstabview|bind|g|gx)$/;

/** Judges one backslash command. A backquote runs a program in any command, so does `\g |`; a second command in the line is never looked into. */
export function classifyMeta(text: string): MetaClass {
  const command = /^\\\S*/.exec(text)?.[0] ?? '';
  const rest = text.slice(command.length).trim();
  if (command === '\\restrict' || command === '\\unrestrict') return 'quiet';
  if (rest.includes('`') || rest.includes('\\')) return 'unsafe';
  if (command === '\\connect' || command === '\\c') return 'connect';
  if (!HARMLESS.test(command)) return 'unsafe';
  if ((command === '\\g' || command === '\\gx') && rest !== '') return 'unsafe';
  return 'harmless';
}
