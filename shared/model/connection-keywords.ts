import { SSL_MODES, type ServerDefinition, type SslMode, type SslSettings } from './server';

/** What a pasted text says about a server. Only what it says: the rest of the form stays. */
export interface ConnectionFields {
  server: {
    -readonly [
      K in
        | 'host'
        | 'port'
        | 'database'
        | 'user'
        | 'service'
        | 'applicationName'
        | 'connectTimeout'
        | 'keepAlive'
        | 'options'
    ]?: ServerDefinition[K];
  };
  ssl: { -readonly [K in keyof SslSettings]?: SslSettings[K] };
  password: string | null;
  /** Parts of the text that were left out. */
  notes: ConnectionNote[];
}

/** `otherHosts`: more than one host was named, the first is used. `ignored`: a keyword without a field here. `invalid`: a value that cannot be. */
export interface ConnectionNote {
  readonly key: 'otherHosts' | 'ignored' | 'invalid';
  readonly value: string;
}

export const noFields = (): ConnectionFields => ({ server: {}, ssl: {}, password: null, notes: [] });

const isSslMode = (value: string): value is SslMode => (SSL_MODES as readonly string[]).includes(value);

/** First element of a comma-separated list of hosts or ports; the others are noted. */
function firstOf(list: string, fields: ConnectionFields, noteOthers: boolean): string {
  const [first = '', ...others] = list.split(',');
  if (noteOthers && others.length > 0) fields.notes.push({ key: 'otherHosts', value: others.join(', ') });
  return first;
}

function wholeNumber(key: string, value: string, fields: ConnectionFields, least: number, most: number): number | null {
  const number = /^\d{1,6}$/.test(value.trim()) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  fields.notes.push({ key: 'invalid', value: `${key}=${value}` });
  return null;
}

/** Adds a `-c name=value` to the options, with libpq's escaping of blanks and backslashes. */
export function addOption(fields: ConnectionFields, name: string, value: string): void {
  const option = `-c ${name}=${value.replaceAll(/([\\ ])/g, String.raw`\$1`)}`;
  fields.server.options = fields.server.options ? `${fields.server.options} ${option}` : option;
}

/** Takes one libpq keyword into the fields. Source of the names: PostgreSQL documentation, "Parameter Key Words". */
export function takeKeyword(fields: ConnectionFields, key: string, value: string): void {
  const { server, ssl } = fields;
  switch (key) {
    case 'host':
      server.host = firstOf(value, fields, true);
      return;
    case 'hostaddr':
      server.host ??= firstOf(value, fields, true);
      return;
    case 'port': {
      const first = firstOf(value, fields, false);
      const port = first === '' ? 5432 : wholeNumber(key, first, fields, 1, 65_535);
      if (port !== null) server.port = port;
      return;
    }
    case 'dbname':
      server.database = value;
      return;
    case 'user':
      server.user = value;
      return;
    case 'password':
      fields.password = value;
      return;
    case 'service':
      server.service = value;
      return;
    case 'application_name':
    case 'fallback_application_name':
      server.applicationName = value;
      return;
    case 'connect_timeout': {
      const seconds = wholeNumber(key, value, fields, 0, 86_400);
      if (seconds !== null) server.connectTimeout = seconds;
      return;
    }
    case 'keepalives':
      if (value === '0') server.keepAlive = 0;
      return;
    case 'keepalives_idle': {
      const seconds = wholeNumber(key, value, fields, 0, 86_400);
      if (seconds !== null) server.keepAlive = seconds;
      return;
    }
    case 'options':
      server.options = server.options ? `${value} ${server.options}` : value;
      return;
    case 'sslmode':
      if (isSslMode(value)) ssl.mode = value;
      else fields.notes.push({ key: 'invalid', value: `${key}=${value}` });
      return;
    case 'sslrootcert':
      ssl.rootCert = value;
      return;
    case 'sslcert':
      ssl.cert = value;
      return;
    case 'sslkey':
      ssl.key = value;
      return;
    case 'sslcrl':
      ssl.crl = value;
      return;
    case 'sslsni':
      ssl.sni = value !== '0';
      return;
    default:
      fields.notes.push({ key: 'ignored', value: key });
  }
}

/** Keywords that a `key=value` text may hold; others show that the text is something else. */
export const LIBPQ_KEYWORDS = new Set(
  (
    'host hostaddr port dbname user password passfile channel_binding connect_timeout client_encoding options application_name ' +
    'fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout replication gssencmode ' +
    'sslmode requiressl sslnegotiation sslcompression sslcert sslkey sslpassword sslcertmode sslrootcert sslcrl sslcrldir sslsni ' +
    'requirepeer ssl_min_protocol_version ssl_max_protocol_version min_protocol_version max_protocol_version krbsrvname gsslib ' +
    'gssdelegation service servicefile target_session_attrs load_balance_hosts require_auth sslkeylogfile scram_client_key ' +
    'scram_server_key oauth_issuer oauth_client_id oauth_client_secret oauth_scope'
  ).split(' '),
);
