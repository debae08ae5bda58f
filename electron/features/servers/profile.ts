import { userInfo } from 'node:os';
import { NEW_SERVER, type ServerDefinition } from '../../../shared/model/server';
import { noFields, takeKeyword } from '../../../shared/model/connection-keywords';
import { findInPasswordFile, passwordFilePath } from '../../adapters/postgres/password-file';
import { readService } from '../../adapters/postgres/service-file';
import type { Logger } from '../../log';
import type { ConnectionProfile } from '../../ports';
import type { Credentials, TypedSecrets } from './credentials';

export interface ProfileRequest {
  readonly server: ServerDefinition;
  /** Null: the maintenance database. */
  readonly database: string | null;
  readonly typed: TypedSecrets;
  readonly signal: AbortSignal;
}

/**
 * Makes the profile of one connection. What the person typed wins, then the service, then PG* variables, then libpq's defaults. Host and
 * port go together: an empty host takes both from the service. The password: typed, command, kept, service, PGPASSWORD, password file.
 * Fails with `invalid-input` (service), `tool` (password command), `secrets-locked`.
 */
export async function makeProfile(
  { server, database, typed, signal }: ProfileRequest,
  credentials: Credentials,
  env: NodeJS.ProcessEnv,
  log: Logger,
): Promise<ConnectionProfile> {
  const said = noFields();
  if (server.service !== '')
    for (const [key, value] of await readService(server.service, env)) takeKeyword(said, key, value);
  const variable = (name: string): string => env[name] ?? '';
  const first = (...values: (string | undefined)[]): string => values.find((value) => value) ?? '';

  const host = first(server.host, said.server.host, variable('PGHOST'), 'localhost');
  const port =
    server.host === ''
      ? (said.server.port ?? (/^\d+$/.test(variable('PGPORT')) ? Number(variable('PGPORT')) : server.port))
      : server.port;
  const user = first(server.user, said.server.user, variable('PGUSER'), userInfo().username);
  const maintenance = first(server.database, said.server.database, variable('PGDATABASE'), user);
  const place = { host, port, user, database: database ?? maintenance };

  const password = async (): Promise<string | null> => {
    if (typed.password !== undefined) return typed.password;
    if (server.passwordCommand.trim() !== '')
      return credentials.fromCommand(server, { command: server.passwordCommand, host, port, user }, signal);
    const kept = await credentials.get(server.id, 'password');
    const known = kept ?? said.password ?? first(variable('PGPASSWORD'));
    if (known) return known;
    const file = passwordFilePath(env);
    const found = await findInPasswordFile(file, place);
    if (found.refused)
      log.write('warn', 'the password file is not used: other users may read it (chmod 600)', { file });
    return found.password;
  };
  const sshPassword = async (): Promise<string | null> => {
    if (!server.ssh.enabled) return null;
    return typed.sshPassword === undefined ? credentials.get(server.id, 'sshPassword') : typed.sshPassword;
  };

  const { ssl } = server;
  return {
    ...place,
    password: await password(),
    role: server.role,
    ssl: {
      mode: ssl.mode === NEW_SERVER.ssl.mode ? (said.ssl.mode ?? ssl.mode) : ssl.mode,
      rootCert: first(ssl.rootCert, said.ssl.rootCert, variable('PGSSLROOTCERT')),
      cert: first(ssl.cert, said.ssl.cert, variable('PGSSLCERT')),
      key: first(ssl.key, said.ssl.key, variable('PGSSLKEY')),
      crl: first(ssl.crl, said.ssl.crl, variable('PGSSLCRL')),
      sni: ssl.sni && (said.ssl.sni ?? true),
    },
    ssh: server.ssh,
    sshPassword: await sshPassword(),
    applicationName: first(server.applicationName, said.server.applicationName, variable('PGAPPNAME'), 'Howdah'),
    connectTimeout: server.connectTimeout,
    statementTimeout: server.statementTimeout,
    keepAlive: server.keepAlive,
    options: first(server.options, said.server.options, variable('PGOPTIONS')),
    readOnly: server.readOnly,
  };
}
