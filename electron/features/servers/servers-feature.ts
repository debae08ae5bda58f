import type { Contract } from '../../../shared/contract/index';
import type { Emit, Handlers } from '../../../shared/contract/define';
import { AppError } from '../../../shared/errors';
import type { ServerDefinition, ServerView } from '../../../shared/model/server';
import { checkServer, type FieldProblem } from '../../../shared/model/server-rules';
import { timeLimit } from '../../adapters/postgres/deadline';
import type { PgSession } from '../../adapters/postgres/session';
import type { Logger } from '../../log';
import type { Connections, SecretStore } from '../../ports';
import { testConnection } from './connection-test';
import { createCredentials, type TypedSecrets } from './credentials';
import { createDatabase, listDatabases } from './databases';
import { createLiveServers } from './live-servers';
import { makeProfile } from './profile';
import { openRegistry } from './registry';

export interface ServersOptions {
  /** Where servers.json lives. */
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly emit: Emit<Contract['servers']>;
  readonly log: Logger;
  /** Told when servers.json could not be read and was put aside. */
  readonly onBroken?: (kept: string, reason: string) => void;
  /** Variables like PGHOST; the process's own when left out. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface ServersFeature {
  readonly handlers: Handlers<Contract['servers']>;
  readonly connections: Connections;
  /**
   * Registers an instance of the control plane, or brings its registration up to date: address, user and password; name, group and
   * looks stay as the person has them. Idempotent per `instanceId`. Returns the server's id.
   */
  register(definition: ServerDefinition, password: string): Promise<string>;
  close(): Promise<void>;
}

const WORDS: Readonly<Record<FieldProblem['key'], string>> = {
  required: 'This field is required',
  blanks: 'Remove the blanks at the beginning and the end',
  control: 'Remove line breaks and control characters',
  port: 'A port is a number from 1 to 65535',
  seconds: 'Seconds are a whole number from 0 to 86400',
  colour: 'A colour is written #rrggbb',
  tooLong: 'A name has at most 63 bytes',
  socketTunnel: 'A Unix socket cannot be reached through a tunnel',
  quotes: 'Close every quote',
  certificateMissing: 'A key needs its certificate',
  duplicateDatabase: 'Every database only once',
  emptyDatabase: 'A database needs a name',
};

function assertValid(problem: FieldProblem | undefined): void {
  if (problem)
    throw new AppError({ code: 'invalid-input', message: WORDS[problem.key], field: `server.${problem.field}` });
}

export function createServersFeature(options: ServersOptions): ServersFeature {
  const { secrets, emit, log, env = process.env } = options;
  const registry = openRegistry(options);
  const credentials = createCredentials(secrets, log);
  const changed = (): void => emit('changed', {});
  const live = createLiveServers(changed, log);
  const disconnectListeners = new Set<(serverId: string) => void>();

  const view = (server: ServerDefinition): ServerView => ({
    ...server,
    hasPassword: credentials.has(server.id, 'password'),
    hasSshPassword: credentials.has(server.id, 'sshPassword'),
    status: live.status(server.id),
  });
  const profileOf = (
    server: ServerDefinition,
    database: string | null,
    typed: TypedSecrets,
    signal: AbortSignal,
  ): ReturnType<typeof makeProfile> => makeProfile({ server, database, typed, signal }, credentials, env, log);

  const tellDisconnect = (id: string): void => {
    for (const listener of disconnectListeners) listener(id);
  };
  const ensureLive = (id: string, signal: AbortSignal): Promise<PgSession> =>
    live.open(id, () => profileOf(registry.get(id), null, {}, signal), signal);

  /** Another tunnel host has another key: what was confirmed does not hold for it. */
  const withHostKey = (server: ServerDefinition): ServerDefinition => {
    const before = registry.find(server.id)?.ssh;
    const moved = before && (before.host !== server.ssh.host || before.port !== server.ssh.port);
    return moved && before.hostKey === server.ssh.hostKey ? { ...server, ssh: { ...server.ssh, hostKey: '' } } : server;
  };

  const save = async (input: ServerDefinition, typed: TypedSecrets): Promise<ServerDefinition> => {
    const server = withHostKey(input);
    assertValid(checkServer(server)[0]);
    if (server.id !== '') registry.get(server.id);
    const stored = await registry.put(server);
    try {
      await credentials.apply(stored.id, typed);
    } catch (error) {
      // Without its password a new registration would look saved and not be what was asked for.
      if (input.id === '') await registry.remove(stored.id);
      throw error;
    }
    changed();
    return stored;
  };

  const handlers: Handlers<Contract['servers']> = {
    list: async () => ({ groups: [...registry.groups()], servers: registry.servers().map(view) }),
    save: async ({ server, secrets: typed }) => view(await save(server, typed)),
    async remove({ id }) {
      registry.get(id);
      tellDisconnect(id);
      await live.forget(id);
      await registry.remove(id);
      await credentials.removeAll(id);
      changed();
    },
    async duplicate({ id }) {
      const original = registry.get(id);
      const name = registry.freeName(`${original.name} (copy)`, original.groupId);
      const copy = await registry.put({ ...original, id: '', name, instanceId: null });
      await credentials.copy(id, copy.id);
      changed();
      return view(copy);
    },
    async move({ id, groupId }) {
      await registry.put({ ...registry.get(id), groupId });
      changed();
    },
    async saveGroup(group) {
      const stored = await registry.putGroup(group);
      changed();
      return stored;
    },
    async removeGroup({ id }) {
      await registry.removeGroup(id);
      changed();
    },
    async test({ server, secrets: typed }, { signal }) {
      // A name is not needed to try a connection.
      assertValid(checkServer(server).find((problem) => problem.field !== 'name'));
      const settled = withHostKey(server);
      return testConnection(() => profileOf(settled, null, typed, signal), signal);
    },
    async connect({ id, password, sshPassword, remember, acceptHostKey }, { signal }) {
      const registered = registry.get(id);
      const accepted = acceptHostKey !== undefined && registered.ssh.hostKey === '';
      const server = accepted ? { ...registered, ssh: { ...registered.ssh, hostKey: acceptHostKey } } : registered;
      try {
        await live.open(id, () => profileOf(server, null, { password, sshPassword }, signal), signal);
      } catch (error) {
        if (error instanceof AppError && error.code === 'authentication') credentials.forgetTyped(id);
        throw error;
      }
      if (password !== undefined) await credentials.keep(id, 'password', password, remember);
      if (sshPassword !== undefined) await credentials.keep(id, 'sshPassword', sshPassword, remember);
      if (accepted) await registry.put({ ...registry.get(id), ssh: server.ssh });
      changed();
      return live.status(id);
    },
    async disconnect({ id }) {
      registry.get(id);
      tellDisconnect(id);
      credentials.forgetTyped(id);
      await live.close(id);
    },
    async databases({ id }, { signal }) {
      const session = await ensureLive(id, signal);
      return listDatabases(session, registry.get(id).databaseRestriction, signal);
    },
    async createDatabase({ id, name, encoding }, { signal }) {
      await createDatabase(await ensureLive(id, signal), name, encoding, signal);
      changed();
    },
  };

  const connections: Connections = {
    async profile(serverId, database, signal) {
      const server = registry.get(serverId);
      const profile = await profileOf(server, database, {}, signal);
      const { connected, problem } = live.status(serverId);
      // A server that was lost comes back by itself when somebody works with it; how that went is in its status.
      if (!connected && problem !== '') ensureLive(serverId, timeLimit(60_000)).catch(() => undefined);
      return profile;
    },
    name: (serverId) => registry.find(serverId)?.name ?? '',
    onDisconnect(listener) {
      disconnectListeners.add(listener);
      return () => void disconnectListeners.delete(listener);
    },
    reportLost: (serverId, reason) => void live.check(serverId, reason),
  };

  return {
    handlers,
    connections,
    async register(definition, password) {
      const known = registry
        .servers()
        .find((each) => each.instanceId !== null && each.instanceId === definition.instanceId);
      const server = known
        ? {
            ...known,
            host: definition.host,
            port: definition.port,
            user: definition.user,
            database: definition.database,
          }
        : { ...definition, id: '', name: registry.freeName(definition.name, definition.groupId) };
      const stored = await save(server, password === '' ? {} : { password });
      const moved = known && (known.host !== stored.host || known.port !== stored.port || known.user !== stored.user);
      if (moved && live.status(stored.id).connected) await live.close(stored.id);
      return stored.id;
    },
    async close() {
      await live.closeAll();
      await registry.settled();
    },
  };
}
