import type { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import { Client, DatabaseError } from 'pg';
import { AppError } from '../../../shared/errors';
import type { ConnectionProfile } from '../../ports';
import { within, type Deadline } from './deadline';
import { loginError } from './errors';

/** A client that has said who it is, and how far it came when it failed. */
export interface Login {
  readonly client: Client;
  /** Process id and secret of the backend: what a CancelRequest names. */
  readonly backend: { readonly pid: number; readonly key: number };
  /** e.g. `SCRAM-SHA-256`, `md5`, or empty when the server asked for nothing. */
  readonly method: string;
}

/** A login that failed. `authenticated` tells whether the server had accepted who we are. */
export interface FailedLogin {
  readonly failure: AppError;
  readonly authenticated: boolean;
  readonly method: string;
}

/** What pg's client has beyond its published types (pg 8: lib/client.js, lib/connection.js). */
interface ClientInside {
  readonly connection: EventEmitter;
  readonly processID: number | null;
  readonly secretKey: number | null;
}
const inside = (client: Client): ClientInside => client as unknown as ClientInside;

/** pg opens its stream by `connect` and waits for the event of that name; ours is open already. */
function asOpened(stream: Duplex): Duplex {
  return Object.assign(stream, {
    connect: () => {
      queueMicrotask(() => stream.emit('connect'));
      return stream;
    },
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  });
}

/**
 * Threat: pg's parser throws inside the stream's listener when a server sends what it does not know, which would end the program. What it
 * throws becomes an error of the stream. Returns the function that ends the guard for listeners added later.
 */
function guardParser(stream: Duplex): () => void {
  const guarded = (event: string | symbol, listener: (...args: unknown[]) => void): Duplex => {
    if (event !== 'data') return Duplex.prototype.on.call(stream, event, listener);
    return Duplex.prototype.on.call(stream, 'data', (chunk: Buffer) => {
      try {
        listener(chunk);
      } catch (error) {
        stream.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
  };
  Object.defineProperty(stream, 'on', { value: guarded, configurable: true });
  return () => void Reflect.deleteProperty(stream, 'on');
}

/** libpq options of the person, then ours: settings given at start survive DISCARD ALL and RESET ALL. */
export function startOptions(profile: ConnectionProfile): string {
  return [
    profile.options.trim(),
    profile.statementTimeout > 0 ? `-c statement_timeout=${profile.statementTimeout * 1000}` : '',
    profile.readOnly ? '-c default_transaction_read_only=on' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const METHODS: Readonly<Record<string, string>> = {
  authenticationCleartextPassword: 'password',
  authenticationMD5Password: 'md5',
  authenticationSASL: 'SCRAM-SHA-256',
};

/** What a connection is for: statements, a walsender for the server as a whole, or one that runs statements of a database as well. */
export type Replication = 'none' | 'server' | 'database';
const REPLICATION: Readonly<Record<Replication, object>> = {
  none: {},
  server: { replication: 'true' },
  database: { replication: 'database' },
};

/** Logs in over an open stream, for replication when asked. Never throws; the stream is gone after a failure. */
export async function login(
  profile: ConnectionProfile,
  stream: Duplex,
  deadline: Deadline,
  replication: Replication = 'none',
): Promise<Login | FailedLogin> {
  let authenticated = false;
  let method = '';
  const options = startOptions(profile);
  const client = new Client({
    host: profile.host,
    port: profile.port,
    user: profile.user,
    database: profile.database,
    application_name: profile.applicationName,
    ssl: false,
    // A parameter of pg that its published types lack.
    ...REPLICATION[replication],
    ...(options === '' ? {} : { options }),
    stream: () => asOpened(stream),
    password: () => {
      if (profile.password !== null && profile.password !== '') return profile.password;
      throw new AppError({
        code: 'authentication',
        message: 'The server asks for a password and none is known',
        hint: 'Enter the password, or put it into the password file (.pgpass).',
        field: 'password',
      });
    },
  });
  const { connection } = inside(client);
  connection.once('authenticationOk', () => (authenticated = true));
  for (const [event, name] of Object.entries(METHODS)) connection.once(event, () => (method = name));
  // Until the session listens, a broken stream is told by the promise below; the event must not become an uncaught exception.
  client.on('error', () => undefined);
  const endGuard = guardParser(stream);
  try {
    const connecting = client.connect();
    endGuard();
    await within(deadline, connecting, () => stream.destroy());
  } catch (error) {
    stream.destroy();
    return { failure: asLoginError(error), authenticated, method };
  }
  const { processID, secretKey } = inside(client);
  return { client, method, backend: { pid: processID ?? 0, key: secretKey ?? 0 } };
}

function asLoginError(error: unknown): AppError {
  if (error instanceof AppError || error instanceof DatabaseError) return loginError(error);
  const words = error instanceof Error ? error.message : String(error);
  if (words.startsWith('SASL'))
    return new AppError(
      { code: 'authentication', message: words, hint: 'Check the password.', field: 'password' },
      { cause: error },
    );
  if (/unknown authentication/i.test(words))
    return new AppError(
      {
        code: 'authentication',
        message: 'The server asks for a kind of authentication that is not supported here (GSSAPI, SSPI or the like)',
        detail: words,
        hint: 'Ask for a pg_hba.conf line with scram-sha-256 or cert for this user.',
        field: 'server.user',
      },
      { cause: error },
    );
  return new AppError(
    {
      code: 'unreachable',
      message: 'The server closed the connection during the login',
      detail: words,
      hint: "Look into the server's log. A proxy or a firewall in between may have cut the connection.",
      retry: true,
    },
    { cause: error },
  );
}
