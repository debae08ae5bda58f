import type { ConnectionProfile } from '../../ports';
import type { PrivateFolder } from './private-folder';

/** Where a client program really connects to, when that differs from the profile (a tunnel's end on loopback). */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const escapeField = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll(':', '\\:');

/** One line of a password file; empty when there is no password. `host` and `port` as they stand there. */
const passLine = ({ user, password }: ConnectionProfile, host: string, port: string): string =>
  password === null ? '' : `${host}:${port}:*:${escapeField(user)}:${escapeField(password)}\n`;

/** libpq looks for the name of the host that it was given; for a folder of sockets that is its own default, for `localhost`. */
function passLinesOf(profile: ConnectionProfile, env: Readonly<Record<string, string>>): string {
  const hosts = profile.host.startsWith('/') ? [profile.host, 'localhost'] : [profile.host];
  return hosts.map((host) => passLine(profile, escapeField(host), env['PGPORT'] ?? '')).join('');
}

/**
 * The environment in which a libpq program reaches a server as the profile says. The password goes into a file of the private folder, one
 * for each call; `applicationName` is how the program's sessions are found again on the server. A program that a person types into may be sent
 * elsewhere (`\connect`): `this-server` keeps the password from other servers.
 */
export async function connectionEnv(
  profile: ConnectionProfile,
  applicationName: string,
  folder: PrivateFolder,
  through: Address | null,
  { passwordFor }: { readonly passwordFor: 'any-server' | 'this-server' } = { passwordFor: 'any-server' },
): Promise<Record<string, string>> {
  const { ssl } = profile;
  const env: Record<string, string> = {
    PGHOST: profile.host,
    PGPORT: String(through?.port ?? profile.port),
    PGUSER: profile.user,
    PGDATABASE: profile.database,
    PGAPPNAME: applicationName,
    PGSSLMODE: ssl.mode,
    PGSSLSNI: ssl.sni ? '1' : '0',
    PGCONNECT_TIMEOUT: String(profile.connectTimeout),
    PGCLIENTENCODING: 'UTF8',
  };
  if (through) env['PGHOSTADDR'] = through.host;
  if (ssl.rootCert) env['PGSSLROOTCERT'] = ssl.rootCert;
  if (ssl.cert) env['PGSSLCERT'] = ssl.cert;
  if (ssl.key) env['PGSSLKEY'] = ssl.key;
  if (ssl.crl) env['PGSSLCRL'] = ssl.crl;
  const options = [profile.options, profile.role && `-c role=${profile.role.replaceAll(/([\\ ])/g, '\\$1')}`].filter(
    Boolean,
  );
  if (options.length > 0) env['PGOPTIONS'] = options.join(' ');
  env['PGPASSFILE'] = await folder.write(
    `pass-${applicationName.replaceAll(/[^\w.-]+/g, '-')}`,
    passwordFor === 'any-server' ? passLine(profile, '*', '*') : passLinesOf(profile, env),
  );
  return env;
}
