import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { Client } from 'pg';
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

/** Logs in over an open stream. Never throws; the stream is gone after a failure. */
export async function login(
  profile: ConnectionProfile,
  stream: Duplex,
  deadline: Deadline,
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
  try {
    await within(deadline, client.connect(), () => stream.destroy());
  } catch (error) {
    stream.destroy();
    return { failure: asLoginError(error), authenticated, method };
  }
  const { processID, secretKey } = inside(client);
  return { client, method, backend: { pid: processID ?? 0, key: secretKey ?? 0 } };
}

function asLoginError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const words = error instanceof Error ? error.message : String(error);
  if (words.startsWith('SASL'))
    return new AppError(
      { code: 'authentication', message: words, hint: 'Check the password.', field: 'password' },
      { cause: error },
    );
  return loginError(error);
}
