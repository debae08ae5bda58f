import { createCredentials } from '../features/servers/credentials';
import { makeProfile } from '../features/servers/profile';
import { NEW_SERVER, type ServerDefinition } from '../../shared/model/server';
import { parseConnectionText } from '../../shared/model/connection-text';
import type { Logger } from '../log';
import type { Connections, SecretStore } from '../ports';
import { usageError } from './args';

/** Servers named on the command line: reached by the same rules as registered ones, kept in memory only. */
export interface CliConnections extends Connections {
  /** Reads a URI or `keyword=value` text and returns the server's id and the database it names. Fails with `invalid-input`. */
  add(text: string): { serverId: string; database: string };
}

const NO_SECRETS: SecretStore = {
  get: async () => null,
  set: async () => undefined,
  delete: async () => undefined,
  has: () => false,
};

export function createCliConnections(log: Logger, env: NodeJS.ProcessEnv = process.env): CliConnections {
  const known = new Map<string, { readonly server: ServerDefinition; readonly password: string | null }>();
  const credentials = createCredentials(NO_SECRETS, log);
  const find = (serverId: string) => {
    const entry = known.get(serverId);
    if (!entry) throw usageError('The server is not known');
    return entry;
  };
  return {
    add(text) {
      const fields = parseConnectionText(text);
      const bad = fields?.notes.find((note) => note.key === 'invalid');
      if (!fields || bad) throw usageError('This is no connection: write postgresql://user@host:port/database');
      const serverId = `cli-${known.size + 1}`;
      const server: ServerDefinition = {
        ...NEW_SERVER,
        user: '',
        database: '',
        host: '',
        ...fields.server,
        id: serverId,
        ssl: { ...NEW_SERVER.ssl, ...fields.ssl },
      };
      // Databases are made from a maintenance connection, which must not be the one to be made.
      known.set(serverId, { server: { ...server, database: 'postgres' }, password: fields.password });
      return { serverId, database: server.database || env['PGDATABASE'] || server.user || 'postgres' };
    },
    profile(serverId, database, signal) {
      const { server, password } = find(serverId);
      const typed = password === null ? {} : { password };
      return makeProfile({ server, database, typed, signal }, credentials, env, log);
    },
    name(serverId) {
      const { server } = find(serverId);
      return `${server.host || 'localhost'}:${server.port}`;
    },
    onDisconnect: () => () => undefined,
    reportLost: () => undefined,
  };
}
