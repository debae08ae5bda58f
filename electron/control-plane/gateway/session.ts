import { connect, type Socket } from 'node:net';
import { relay, type Traffic } from './relay';
import type { Route } from './route';
import { createGreetingReader, errorResponse, readFirstPacket } from './startup';

export interface SessionLimits {
  /** A client must have said what it wants in this time. */
  readonly startupMs: number;
  /** The server must have begun the session in this time. */
  readonly loginMs: number;
  /** How long a new connection waits while the route is held. */
  readonly holdMs: number;
}

/** What a session may ask its gateway. */
export interface SessionHost {
  readonly limits: SessionLimits;
  /** The route as it is now; null when it was removed. */
  route(): Route | null;
  /** Resolves true when the route is open, false when it was removed or the time is over. */
  whenOpen(ms: number): Promise<boolean>;
  rememberKey(key: string, target: Route['target']): void;
  forgetKey(key: string): void;
  targetOf(key: string): Route['target'] | null;
  log(text: string): void;
}

export interface Session {
  readonly client: string;
  readonly since: number;
  readonly traffic: Traffic;
  /** Whether the server has begun the session. */
  started: boolean;
  readonly address: string;
  state: 'starting' | 'waiting' | 'open';
  user: string;
  database: string;
  application: string;
  tls: boolean;
  end(): void;
}

const dial = (target: Route['target']): Socket =>
  'path' in target ? connect({ path: target.path }) : connect({ host: target.host, port: target.port, noDelay: true });

/** cannot_connect_now */
const NOT_NOW = '57P03';

/** Passes a CancelRequest on to the server that gave the key, or to the one behind the route. */
function passCancel(client: Socket, packet: Buffer, key: string, host: SessionHost): void {
  const target = host.targetOf(key) ?? host.route()?.target;
  if (!target) {
    client.destroy();
    return;
  }
  const server = dial(target);
  server.setTimeout(host.limits.loginMs, () => server.destroy());
  server.once('error', () => client.destroy());
  // The client knows by the end of the connection that its request was handed over.
  server.once('close', () => client.destroy());
  server.end(packet);
  server.resume();
}

const ANSWER_NO_TLS = 0x4e;

/**
 * Tells once when the server has begun the session, with its cancel key; or with null as soon as nothing can be read (TLS was agreed on). A
 * client that asked for TLS gets a one-byte answer first, and goes on in plain text after `N`.
 */
function watchGreeting(server: Socket, asksTls: boolean, done: (key: string | null) => void): void {
  const read = createGreetingReader();
  let answered = !asksTls;
  const look = (chunk: Buffer): void => {
    const wasAnswered = answered;
    answered = true;
    if (!wasAnswered && chunk[0] !== ANSWER_NO_TLS) {
      server.off('data', look);
      done(null);
      return;
    }
    const seen = read(wasAnswered ? chunk : chunk.subarray(1));
    if (seen.state === 'open') return;
    server.off('data', look);
    done(seen.state === 'ready' ? seen.key : null);
  };
  server.on('data', look);
}

/** Serves one connection of a client from its first byte. `ended` runs once, when nothing is left of it. */
export function serveClient(client: Socket, host: SessionHost, ended: () => void): Session {
  const traffic: Traffic = { in: 0, out: 0 };
  let server: Socket | null = null;
  let over = false;
  const end = (): void => {
    client.destroy();
    server?.destroy();
  };
  const finish = (): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    ended();
  };
  const session: Session = {
    client: `${client.remoteAddress ?? ''}:${client.remotePort ?? 0}`,
    since: Date.now(),
    traffic,
    started: false,
    address: client.remoteAddress ?? '',
    state: 'starting',
    user: '',
    database: '',
    application: '',
    tls: false,
    end,
  };
  let timer = setTimeout(end, host.limits.startupMs);
  client.setNoDelay(true);
  client.on('error', end);
  client.once('close', () => {
    if (!server) finish();
  });

  const refuse = (sqlstate: string, message: string): void => {
    client.end(errorResponse(sqlstate, message));
    client.setTimeout(1_000, () => client.destroy());
    client.resume();
  };

  const join = async (first: Buffer, asksTls: boolean): Promise<void> => {
    client.pause();
    clearTimeout(timer);
    session.state = 'waiting';
    if (!(await host.whenOpen(host.limits.holdMs))) {
      refuse(NOT_NOW, 'the database system is restarting; try again in a moment');
      return;
    }
    const route = host.route();
    if (over || client.destroyed || !route) {
      end();
      return;
    }
    session.state = 'open';
    const upstream = dial(route.target);
    server = upstream;
    client.once('close', () => upstream.destroySoon());
    upstream.once('error', (error) => {
      host.log(`the connection to the server failed: ${error.message}`);
      if (traffic.out === 0 && !client.destroyed) refuse(NOT_NOW, 'the database server does not run');
      else client.destroySoon();
    });
    upstream.once('close', () => {
      if (!session.started) finish();
    });
    upstream.once('connect', () => {
      timer = setTimeout(end, host.limits.loginMs);
      let key: string | null = null;
      watchGreeting(upstream, asksTls, (found) => {
        clearTimeout(timer);
        session.started = true;
        key = found;
        if (key !== null) host.rememberKey(key, route.target);
      });
      upstream.write(first);
      traffic.in += first.length;
      relay(client, upstream, traffic, () => {
        if (key !== null) host.forgetKey(key);
        finish();
      });
      client.resume();
    });
  };

  let held: Buffer = Buffer.alloc(0);
  const onFirst = (chunk: Buffer): void => {
    held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    const packet = readFirstPacket(held);
    switch (packet.kind) {
      case 'incomplete':
        return;
      case 'garbage':
        client.destroy();
        return;
      case 'gssenc':
        // GSSAPI encryption is not offered: the client goes on with SSLRequest or in plain text.
        held = held.subarray(packet.length);
        client.write('N');
        if (held.length > 0) onFirst(Buffer.alloc(0));
        return;
      case 'cancel':
        client.off('data', onFirst);
        clearTimeout(timer);
        passCancel(client, held.subarray(0, packet.length), packet.key, host);
        return;
      case 'ssl':
      case 'direct-tls':
        // The server answers; whatever is agreed on is between the two.
        client.off('data', onFirst);
        void join(held, true);
        return;
      case 'startup':
        client.off('data', onFirst);
        session.user = packet.parameters.get('user') ?? '';
        session.database = packet.parameters.get('database') ?? session.user;
        session.application = packet.parameters.get('application_name') ?? '';
        void join(held, false);
    }
  };
  // Who leaves before having said what it wants will not say it any more.
  client.once('end', () => {
    if (client.listeners('data').includes(onFirst)) end();
  });
  client.on('data', onFirst);
  return session;
}
