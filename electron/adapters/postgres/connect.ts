import { Client } from 'pg';
import { AppError } from '../../../shared/errors';
import type { ConnectionProfile } from '../../ports';
import { serverError } from './errors';

export interface OpenedClient {
  readonly client: Client;
  readonly serverVersion: string;
  readonly serverVersionNum: number;
  readonly backendPid: number;
  /** Sends a CancelRequest for what runs on this connection. */
  cancel(): Promise<void>;
  /** Frees what lies under the connection (tunnel). Called once, after the end. */
  release(): void;
}

/** Opens one connection as the profile says. */
export async function openClient(profile: ConnectionProfile, _signal?: AbortSignal): Promise<OpenedClient> {
  const client = new Client({
    host: profile.host,
    port: profile.port,
    database: profile.database,
    user: profile.user,
    password: profile.password ?? '',
    application_name: profile.applicationName,
    connectionTimeoutMillis: profile.connectTimeout * 1000,
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; num: string; pid: number }>(
      "SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS num, pg_backend_pid() AS pid",
    );
    const facts = rows[0];
    if (!facts) throw new AppError({ code: 'lost-connection', message: 'The server did not tell its version' });
    return {
      client,
      serverVersion: facts.version,
      serverVersionNum: Number(facts.num),
      backendPid: facts.pid,
      async cancel() {
        const other = new Client({
          host: profile.host,
          port: profile.port,
          database: profile.database,
          user: profile.user,
          password: profile.password ?? '',
        });
        await other.connect();
        await other.query('SELECT pg_cancel_backend($1)', [facts.pid]).finally(() => other.end());
      },
      release: () => undefined,
    };
  } catch (error) {
    throw serverError(error);
  }
}
