import type { Duplex } from 'node:stream';
import { TLSSocket, type ConnectionOptions } from 'node:tls';
import type { Client } from 'pg';
import { AppError, throwIfAborted } from '../../../shared/errors';
import { quoteIdent } from '../../../shared/model/quote';
import type { ConnectionStep } from '../../../shared/model/server';
import type { ConnectionProfile } from '../../ports';
import { createDeadline, type Deadline, within } from './deadline';
import { roleError, serverError } from './errors';
import { login, type Login, type Replication } from './login';
import { openRoute, type Route } from './route';
import { createStepReporter, type OnStep, type StepReporter } from './steps';
import { describeTls, handshake, requestTls, tlsOptions } from './tls';

export interface OpenedClient {
  readonly client: Client;
  readonly serverVersion: string;
  readonly serverVersionNum: number;
  readonly backendPid: number;
  /** e.g. `TLSv1.3 TLS_AES_256_GCM_SHA384`; empty is plain text. */
  readonly tls: string;
  /** Sends a CancelRequest for what runs on this connection, by the same route and encryption. Never fails: the query tells how it ended. */
  cancel(): Promise<void>;
  /** Cuts the connection at once, for when the other side does not answer any more. */
  destroy(): void;
  /** Frees what lies under the connection (tunnel). Called once, after the end. */
  release(): void;
}

/** CancelRequest: length 16, code 1234.5678, process id, secret. Source: PostgreSQL's protocol documentation. */
function cancelRequest(backend: Login['backend']): Buffer {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80_877_102, 4);
  message.writeInt32BE(backend.pid, 8);
  message.writeInt32BE(backend.key, 12);
  return message;
}

const CANCEL_SECONDS = 5;

async function sendCancel(route: Route, tls: ConnectionOptions | null, backend: Login['backend']): Promise<void> {
  const deadline = createDeadline(CANCEL_SECONDS, undefined);
  const stream = await openStream(route, tls, deadline);
  const closed = new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.once('error', () => resolve());
    stream.resume();
  });
  stream.end(cancelRequest(backend));
  await within(deadline, closed, () => stream.destroy());
}

/** One stream to the server, encrypted when `tls` is given. */
async function openStream(route: Route, tls: ConnectionOptions | null, deadline: Deadline): Promise<Duplex> {
  const stream = await route.open(deadline);
  if (!tls) return stream;
  if (await requestTls(stream, deadline)) return handshake(stream, tls, deadline);
  stream.destroy();
  throw noTls();
}

const noTls = (): AppError =>
  new AppError({
    code: 'tls',
    message: 'The server does not offer TLS',
    hint: 'Turn ssl on at the server, or choose the mode prefer or disable.',
    field: 'server.ssl.mode',
  });

/** One attempt of libpq's order: with TLS (`preferred` goes on in plain text when the server has none), or without. */
type Attempt = 'plain' | 'tls' | 'tls-if-offered';

function attemptsFor(profile: ConnectionProfile, local: boolean): readonly Attempt[] {
  if (local) return ['plain'];
  switch (profile.ssl.mode) {
    case 'disable':
      return ['plain'];
    case 'allow':
      return ['plain', 'tls'];
    case 'prefer':
      return ['tls-if-offered', 'plain'];
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return ['tls'];
  }
}

interface Entered extends Login {
  readonly tls: ConnectionOptions | null;
  readonly tlsName: string;
  readonly stream: Duplex;
}

async function attempt(
  profile: ConnectionProfile,
  route: Route,
  kind: Attempt,
  replication: Replication,
  steps: StepReporter,
  deadline: Deadline,
): Promise<Entered> {
  const raw = await steps.run(
    'tcp',
    () => route.open(deadline),
    () => `${profile.host}:${profile.port}`,
  );
  let stream = raw;
  let tls: ConnectionOptions | null = null;
  if (kind === 'plain') steps.skip('tls');
  else {
    stream = await steps.run(
      'tls',
      async () => {
        const options = await tlsOptions(profile.ssl, profile.host).catch((error: unknown) => {
          raw.destroy();
          throw error;
        });
        if (await requestTls(raw, deadline)) {
          tls = options;
          return handshake(raw, options, deadline);
        }
        if (kind === 'tls-if-offered') return raw;
        raw.destroy();
        throw noTls();
      },
      (made) => (made instanceof TLSSocket ? describeTls(made) : null),
    );
  }
  const tlsName = stream instanceof TLSSocket ? describeTls(stream) : '';
  return { ...(await enter(profile, stream, replication, steps, deadline)), tls, tlsName, stream };
}

/** Authentication and database: one exchange with the server, reported as the two steps it consists of. */
async function enter(
  profile: ConnectionProfile,
  stream: Duplex,
  replication: Replication,
  steps: StepReporter,
  deadline: Deadline,
): Promise<Login> {
  const outcome = await steps.run(
    'authentication',
    async () => {
      const tried = await login(profile, stream, deadline, replication);
      if ('failure' in tried && !tried.authenticated) throw tried.failure;
      return tried;
    },
    ({ method }) => (method === '' ? profile.user : `${profile.user}, ${method}`),
  );
  return steps.run(
    'database',
    async () => {
      if ('failure' in outcome) throw outcome.failure;
      return outcome;
    },
    () => profile.database,
  );
}

/** Whether libpq would go on to its next kind of encryption after a failure in this step. */
function mayTryNext(error: unknown, kind: Attempt, step: ConnectionStep): boolean {
  if (!(error instanceof AppError)) return false;
  if (step === 'authentication') return error.info.sqlstate !== undefined;
  return step === 'tls' && kind === 'tls-if-offered' && error.code === 'tls';
}

async function enterByMode(
  profile: ConnectionProfile,
  route: Route,
  replication: Replication,
  steps: StepReporter,
  deadline: Deadline,
): Promise<Entered> {
  const attempts = attemptsFor(profile, route.local);
  let first: unknown = null;
  for (const [index, kind] of attempts.entries()) {
    try {
      return await attempt(profile, route, kind, replication, steps, deadline);
    } catch (error) {
      if (deadline.signal.aborted) throw deadline.error();
      if (index + 1 === attempts.length || !mayTryNext(error, kind, steps.current)) throw moreTelling(first, error);
      first = error;
    }
  }
  throw new Error('no attempt was made');
}

const stateOf = (error: unknown): string | undefined => (error instanceof AppError ? error.info.sqlstate : undefined);

/** After two attempts the person should read the one that speaks of the password, not that pg_hba.conf lacks the other encryption. */
function moreTelling(first: unknown, last: unknown): unknown {
  return stateOf(first) === '28P01' && stateOf(last) === '28000' ? first : last;
}

interface Facts {
  version: string;
  num: string;
  pid: number;
}

async function askFacts(client: Client, deadline: Deadline): Promise<Facts> {
  const asked = client.query<Facts>(
    "SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS num, pg_backend_pid() AS pid",
  );
  const facts = (await within(deadline, asked, () => destroy(client))).rows[0];
  if (!facts) throw new AppError({ code: 'lost-connection', message: 'The server did not tell its version' });
  return facts;
}

const destroy = (client: Client): void => void client.end().catch(() => undefined);

/**
 * Opens one connection as the profile says, step by step; `onStep` hears each step's end (a step may come twice when sslmode allows a second try).
 * The time limit covers all steps. Fails with `unreachable`, `tls`, `tunnel`, `authentication`, `sql` or `cancelled`.
 */
export async function openClient(
  profile: ConnectionProfile,
  signal?: AbortSignal,
  onStep?: OnStep,
  replication: Exclude<Replication, 'server'> = 'none',
): Promise<OpenedClient> {
  throwIfAborted(signal);
  const deadline = createDeadline(profile.connectTimeout, signal);
  const steps = createStepReporter(onStep);
  const route = await openRoute(profile, steps, deadline);
  try {
    const { client, backend, tls, tlsName, stream } = await enterByMode(profile, route, replication, steps, deadline);
    try {
      const facts = await askFacts(client, deadline);
      if (profile.role === '') steps.skip('role');
      else
        await steps.run(
          'role',
          () =>
            within(deadline, client.query(`SET ROLE ${quoteIdent(profile.role)}`), () => destroy(client)).catch(
              (error: unknown) => {
                throw roleError(error, profile.role);
              },
            ),
          () => profile.role,
        );
      return {
        client,
        serverVersion: facts.version,
        serverVersionNum: Number(facts.num),
        backendPid: facts.pid,
        tls: tlsName,
        cancel: () => sendCancel(route, tls, backend).catch(() => undefined),
        destroy: () => void stream.destroy(),
        release: () => route.close(),
      };
    } catch (error) {
      destroy(client);
      throw serverError(error);
    }
  } catch (error) {
    route.close();
    throw error;
  }
}
