import { splitCommandLine } from './command-line';
import { addOption, LIBPQ_KEYWORDS, noFields, takeKeyword, type ConnectionFields } from './connection-keywords';
import { splitPgpassLine } from './pgpass-line';

export const CONNECTION_FORMATS = ['uri', 'psql', 'keywords', 'jdbc', 'dotnet', 'pgpass'] as const;
export type ConnectionFormat = (typeof CONNECTION_FORMATS)[number];

/** What was recognised, or null when the text is none of the known forms. */
export type ConnectionText = (ConnectionFields & { readonly format: ConnectionFormat }) | null;

/**
 * Reads a pasted connection text: a URI, a `psql` command line, a libpq `keyword=value` string, a JDBC URL, a .NET connection string or a
 * line of `.pgpass`. Never throws.
 */
export function parseConnectionText(pasted: string): ConnectionText {
  const text = pasted.trim();
  if (text === '' || text.length > 20_000) return null;
  const unquoted = /^(["'`])([\s\S]*)\1$/.exec(text)?.[2]?.trim() ?? text;
  return (
    named('jdbc', parseJdbc(unquoted)) ??
    named('uri', parseUri(unquoted)) ??
    named('psql', parsePsql(text)) ??
    named('keywords', parseKeywords(unquoted)) ??
    named('dotnet', parseDotNet(unquoted)) ??
    named('pgpass', parsePgpass(unquoted))
  );
}

const named = (format: ConnectionFormat, fields: ConnectionFields | null): ConnectionText =>
  fields && { ...fields, format };

/** Decodes %XX; what is not valid stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `host`, `host:port`, `[::1]:port`. */
function splitHostPort(text: string): { host: string; port: string } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) return { host: bracketed[1] ?? '', port: bracketed[2] ?? '' };
  const colon = text.lastIndexOf(':');
  return colon === -1 ? { host: text, port: '' } : { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

function takeHosts(fields: ConnectionFields, list: string): void {
  const hosts = list.split(',').map(splitHostPort);
  const first = hosts[0];
  if (!first) return;
  if (first.host !== '') fields.server.host = decode(first.host);
  if (first.port !== '') takeKeyword(fields, 'port', first.port);
  if (hosts.length > 1) fields.notes.push({ key: 'otherHosts', value: list.split(',').slice(1).join(', ') });
}

/** Names and values after the `?` of a URI; `+` is a plus sign, as libpq has it. */
function queryPairs(query: string): (readonly [string, string])[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at === -1 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
    });
}

/**
 * Cuts `user:password@hosts/database?query`. People paste passwords that should have been percent-encoded: the last `@` before the path
 * ends the password, and a `/` or `?` belongs to the password when nothing before it could be a host and port.
 */
function cutUri(rest: string): { userInfo: string; hosts: string; path: string; query: string } {
  const pathAt = rest.search(/[/?]/);
  const authority = pathAt === -1 ? rest : rest.slice(0, pathAt);
  let at = authority.lastIndexOf('@');
  if (at === -1 && pathAt !== -1 && /^[^:@[\]]+:(?!\d*$)/.test(authority)) at = rest.lastIndexOf('@');
  const userInfo = at === -1 ? '' : rest.slice(0, at);
  const after = rest.slice(at + 1);
  const parts = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(after);
  return { userInfo, hosts: parts?.[1] ?? '', path: parts?.[2] ?? '', query: parts?.[3] ?? '' };
}

function parseUri(text: string): ConnectionFields | null {
  const scheme = /^postgres(?:ql)?:\/\//i.exec(text);
  if (!scheme || /\s/.test(text)) return null;
  const { userInfo, hosts, path, query } = cutUri(text.slice(scheme[0].length));
  const fields = noFields();
  if (userInfo !== '') {
    const colon = userInfo.indexOf(':');
    fields.server.user = decode(colon === -1 ? userInfo : userInfo.slice(0, colon));
    if (colon !== -1) fields.password = decode(userInfo.slice(colon + 1));
  }
  takeHosts(fields, hosts);
  if (path !== '') fields.server.database = decode(path);
  for (const [key, value] of queryPairs(query)) {
    // Other programs' spelling of sslmode=require, which libpq accepts too.
    if (key === 'ssl' && value === 'true') takeKeyword(fields, 'sslmode', 'require');
    else takeKeyword(fields, key, value);
  }
  return fields;
}

const JDBC_KEYWORDS: Readonly<Record<string, string>> = {
  ApplicationName: 'application_name',
  connectTimeout: 'connect_timeout',
  loginTimeout: 'connect_timeout',
  databaseName: 'dbname',
};

function parseJdbc(text: string): ConnectionFields | null {
  const scheme = /^jdbc:postgresql:/i.exec(text);
  if (!scheme) return null;
  const rest = text.slice(scheme[0].length);
  const question = rest.indexOf('?');
  const before = question === -1 ? rest : rest.slice(0, question);
  const fields = noFields();
  const located = /^\/\/([^/]*)(?:\/(.*))?$/s.exec(before);
  if (located) takeHosts(fields, located[1] ?? '');
  const database = located ? (located[2] ?? '') : before.replace(/^\/+/, '');
  if (database !== '') fields.server.database = decode(database);
  for (const [key, value] of question === -1 ? [] : queryPairs(rest.slice(question + 1))) {
    if (key === 'currentSchema') addOption(fields, 'search_path', value);
    // pgJDBC: ssl=true without sslmode means verify-full.
    else if (key === 'ssl') fields.ssl.mode ??= value === 'false' ? 'prefer' : 'verify-full';
    else takeKeyword(fields, JDBC_KEYWORDS[key] ?? key, value);
  }
  return fields;
}

/** Environment variables that people put before the command. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  PGHOST: 'host',
  PGHOSTADDR: 'hostaddr',
  PGPORT: 'port',
  PGDATABASE: 'dbname',
  PGUSER: 'user',
  PGPASSWORD: 'password',
  PGSERVICE: 'service',
  PGSSLMODE: 'sslmode',
  PGSSLROOTCERT: 'sslrootcert',
  PGSSLCERT: 'sslcert',
  PGSSLKEY: 'sslkey',
  PGSSLCRL: 'sslcrl',
  PGAPPNAME: 'application_name',
  PGCONNECT_TIMEOUT: 'connect_timeout',
  PGOPTIONS: 'options',
};

const SHORT: Readonly<Record<string, string>> = { h: 'host', p: 'port', U: 'user', d: 'dbname' };
const LONG: Readonly<Record<string, string>> = { host: 'host', port: 'port', username: 'user', dbname: 'dbname' };
/** Options of psql that take a value which is not about the connection. */
const OTHER_WITH_VALUE = new Set('c f v o F P R L T'.split(' '));
const OTHER_LONG_WITH_VALUE = new Set(
  'command file set variable output field-separator pset record-separator log-file table-attr'.split(' '),
);

function parsePsql(text: string): ConnectionFields | null {
  const words = splitCommandLine(text.replace(/^[$#>]\s+/, ''));
  const start = words?.findIndex((word) => /(^|[\\/])psql(\.exe)?$/i.test(word)) ?? -1;
  if (!words || start === -1 || words.slice(0, start).some((word) => word !== 'env' && !/^\w+=/.test(word)))
    return null;
  const fields = noFields();
  for (const word of words.slice(0, start)) {
    const at = word.indexOf('=');
    const keyword = at === -1 ? undefined : ENVIRONMENT[word.slice(0, at)];
    if (keyword) takeKeyword(fields, keyword, word.slice(at + 1));
  }
  const positional: string[] = [];
  for (let i = start + 1; i < words.length; i++) {
    const word = words[i] ?? '';
    const long = /^--([\w-]+)(?:=(.*))?$/s.exec(word);
    const short = /^-(\w)(.*)$/s.exec(word);
    if (long) {
      const name = long[1] ?? '';
      const keyword = LONG[name];
      const takesValue = keyword !== undefined || OTHER_LONG_WITH_VALUE.has(name);
      const value = long[2] ?? (takesValue ? (words[++i] ?? '') : '');
      if (keyword) takePsqlValue(fields, keyword, value);
    } else if (short) {
      const name = short[1] ?? '';
      const keyword = SHORT[name];
      const takesValue = keyword !== undefined || OTHER_WITH_VALUE.has(name);
      const value = short[2] !== '' ? (short[2] ?? '') : takesValue ? (words[++i] ?? '') : '';
      if (keyword) takePsqlValue(fields, keyword, value);
    } else positional.push(word);
  }
  const [database, user] = positional;
  if (database !== undefined) takePsqlValue(fields, fields.server.database === undefined ? 'dbname' : 'user', database);
  if (user !== undefined) takeKeyword(fields, 'user', user);
  return fields;
}

/** `-d` may be a whole URI or keyword string; it then overrides what it names. */
function takePsqlValue(fields: ConnectionFields, keyword: string, value: string): void {
  const whole = keyword === 'dbname' ? (parseUri(value) ?? parseKeywords(value)) : null;
  if (!whole) {
    takeKeyword(fields, keyword, value);
    return;
  }
  Object.assign(fields.server, whole.server);
  Object.assign(fields.ssl, whole.ssl);
  fields.password = whole.password ?? fields.password;
  fields.notes.push(...whole.notes);
}

/** libpq's `key = 'value'` string: blanks separate, quotes group, backslash escapes. Null when a keyword is not libpq's. */
function parseKeywords(text: string): ConnectionFields | null {
  const fields = noFields();
  const pair = /\s*([A-Za-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)(?:[^\s\\]|\\.)*)?)(?=\s|$)/sy;
  let count = 0;
  while (text.slice(pair.lastIndex).trim() !== '') {
    const found = pair.exec(text);
    if (!found) return null;
    const key = found[1] ?? '';
    const value = (found[2] ?? found[3] ?? '').replaceAll(/\\(.)/gs, '$1');
    if (!LIBPQ_KEYWORDS.has(key)) return null;
    if (key !== 'password' && /;\s*[A-Za-z][\w ]*=/.test(value)) return null;
    takeKeyword(fields, key, value);
    count++;
  }
  return count > 0 ? fields : null;
}

/** Npgsql's names, lower case without blanks. */
const DOTNET_KEYWORDS: Readonly<Record<string, string>> = {
  host: 'host',
  server: 'host',
  datasource: 'host',
  port: 'port',
  database: 'dbname',
  db: 'dbname',
  initialcatalog: 'dbname',
  username: 'user',
  userid: 'user',
  uid: 'user',
  user: 'user',
  password: 'password',
  pwd: 'password',
  psw: 'password',
  applicationname: 'application_name',
  timeout: 'connect_timeout',
  connecttimeout: 'connect_timeout',
  keepalive: 'keepalives_idle',
  options: 'options',
  rootcertificate: 'sslrootcert',
  sslcertificate: 'sslcert',
  sslkey: 'sslkey',
};
const DOTNET_SSL_MODES: Readonly<Record<string, string>> = { verifyca: 'verify-ca', verifyfull: 'verify-full' };

function parseDotNet(text: string): ConnectionFields | null {
  const fields = noFields();
  const pair = /\s*([A-Za-z][\w ]*?)\s*=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^;'"][^;]*)?)\s*(?:;|$)/sy;
  let known = 0;
  while (text.slice(pair.lastIndex).trim() !== '') {
    const found = pair.exec(text);
    if (!found) return null;
    const name = (found[1] ?? '').toLowerCase().replaceAll(/[ _]/g, '');
    const value = found[2]?.replaceAll('""', '"') ?? found[3]?.replaceAll("''", "'") ?? (found[4] ?? '').trim();
    const keyword = DOTNET_KEYWORDS[name];
    if (keyword === 'host') takeHosts(fields, value);
    else if (keyword) takeKeyword(fields, keyword, value);
    else if (name === 'sslmode') {
      const mode = value.toLowerCase().replaceAll('-', '');
      takeKeyword(fields, 'sslmode', DOTNET_SSL_MODES[mode] ?? mode);
    } else if (name === 'searchpath') addOption(fields, 'search_path', value);
    else {
      fields.notes.push({ key: 'ignored', value: found[1] ?? '' });
      continue;
    }
    known++;
  }
  // A host holds no blanks: this was something else with an equals sign.
  if (/\s/.test(fields.server.host ?? '')) return null;
  return known > 0 && (fields.server.host !== undefined || known > 1) ? fields : null;
}

function parsePgpass(text: string): ConnectionFields | null {
  if (/[\r\n]/.test(text)) return null;
  const line = splitPgpassLine(text);
  if (!line || !/^(\d{1,5}|\*)$/.test(line.port)) return null;
  const fields = noFields();
  if (line.host !== '*') fields.server.host = line.host;
  if (line.port !== '*') takeKeyword(fields, 'port', line.port);
  if (line.database !== '*') fields.server.database = line.database;
  if (line.user !== '*') fields.server.user = line.user;
  fields.password = line.password;
  return fields;
}
