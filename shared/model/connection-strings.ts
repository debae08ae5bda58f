import { quoteWord } from './command-line';
import type { ServerDefinition } from './server';

/** What is typed, in the three forms that other programs read. No form ever holds a password. */
export interface ConnectionStrings {
  readonly uri: string;
  readonly psql: string;
  readonly keywords: string;
}

/** Keywords beside host, port, user and database, in libpq's names; only what differs from libpq's own default. */
function extraKeywords(server: ServerDefinition): [string, string][] {
  const { ssl } = server;
  const extras: [string, string][] = [
    ['service', server.service],
    ['sslmode', ssl.mode === 'prefer' ? '' : ssl.mode],
    ['sslrootcert', ssl.rootCert],
    ['sslcert', ssl.cert],
    ['sslkey', ssl.key],
    ['sslcrl', ssl.crl],
    ['sslsni', ssl.sni ? '' : '0'],
    ['application_name', server.applicationName],
    ['connect_timeout', server.connectTimeout > 0 ? String(server.connectTimeout) : ''],
    ['keepalives_idle', server.keepAlive > 0 ? String(server.keepAlive) : ''],
    ['options', server.options],
  ];
  return extras.filter(([, value]) => value !== '');
}

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const uriHost = (host: string): string => (host.includes(':') && !host.includes('/') ? `[${host}]` : encode(host));

const keywordValue = (value: string): string =>
  /^[^\s'\\]+$/.test(value) ? value : `'${value.replaceAll(/(['\\])/g, String.raw`\$1`)}'`;

export function connectionStrings(server: ServerDefinition): ConnectionStrings {
  const extras = extraKeywords(server);
  const user = server.user === '' ? '' : `${encode(server.user)}@`;
  const place = server.host === '' ? '' : `${uriHost(server.host)}:${server.port}`;
  const query = extras.map(([key, value]) => `${key}=${encode(value)}`).join('&');
  const main: [string, string][] = [
    ['host', server.host],
    ['port', server.host === '' ? '' : String(server.port)],
    ['dbname', server.database],
    ['user', server.user],
  ];
  const keywords = [...main, ...extras]
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${keywordValue(value)}`)
    .join(' ');
  return {
    uri: `postgresql://${user}${place}/${encode(server.database)}${query === '' ? '' : `?${query}`}`,
    psql: `psql ${quoteWord(keywords)}`,
    keywords,
  };
}
