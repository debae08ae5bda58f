import type { ConnectionProfile } from '../../ports';
import type { PrivateFolder } from './private-folder';

/** Where a client program really connects to, when that differs from the profile (a tunnel's end on loopback). */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const escapeField = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll(':', '\\:');

/**
 * The environment in which a libpq program reaches a server as the profile says. The password goes into a file of the private folder, one
 * for each call; `applicationName` is how the program's sessions are found again on the server.
 */
export async function connectionEnv(
  profile: ConnectionProfile,
  applicationName: string,
  folder: PrivateFolder,
  through: Address | null,
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
  const line = profile.password === null ? '' : `*:*:*:${escapeField(profile.user)}:${escapeField(profile.password)}\n`;
  env['PGPASSFILE'] = await folder.write(`pass-${applicationName}`, line);
  return env;
}
