import { passCancel, type CancelKeys } from './cancel';
import { relay, type Traffic } from './relay';
import type { Route, SessionFacts } from './route';
import { createGreetingReader, errorResponse, readFirstPacket } from './startup';
import { dialledWire, type Wire } from './wire';

export interface SessionLimits {
  /** A client must have said what it wants in this time. */
  readonly startupMs: number;
  /** The server must have begun the session in this time. */
  readonly loginMs: number;
  /** How long a new connection waits while the route is held. */
  readonly holdMs: number;
  /** How long a server that cannot be reached is tried again: it may be about to take over. */
  readonly retryMs: number;
}

/** What a session may ask its gateway. */
export interface SessionHost {
  readonly limits: SessionLimits;
  readonly keys: CancelKeys;
  /** The route as it is now; null when it was removed. */
  route(): Route | null;
  /** The client has said what it wants. */
  greeted(session: Session): void;
  /** Waits for the route to open, in the order of arrival. */
  whenOpen(ms: number): Promise<'open' | 'removed' | 'late' | 'full'>;
  /** Servers of sessions whose keys cannot be read (TLS). */
  unreadable(): Route['target'][];
  log(text: string): void;
}

export interface Session extends Pick<SessionFacts, 'client' | 'since'> {
  /** The client's, without its port. */
  readonly address: string;
  readonly traffic: Traffic;
  readonly state: SessionFacts['state'];
  readonly user: string;
  readonly database: string;
  readonly application: string;
  readonly tls: boolean;
  /** Of a session that is open. */
  readonly target: Route['target'] | null;
  end(): void;
  /** Its server is lost: ends the session; one that the server has not answered yet starts again instead. Returns whether it ended. */
  cut(): boolean;
}

type Hello = 'startup' | 'ssl' | 'direct-tls';
type Attempt = 'answered' | 'failed' | 'cut';
interface Upstream extends Wire {
  readonly target: Route['target'];
}

/** cannot_connect_now, too_many_connections */
const [NOT_NOW, TOO_MANY] = ['57P03', '53300'];
const RETRY_PAUSE_MS = 30;
const [NO_TLS, TLS] = [0x4e, 0x53];
const NOTHING = Buffer.alloc(0);
const goOn = (): boolean => true;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const isSame = (a: Route['target'], b: Route['target']): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Serves one connection of a client from its first byte. `ended` runs once, when nothing is left of it. */
export function serveClient(client: Wire, host: SessionHost, ended: () => void): Session {
  const { limits } = host;
  const { socket } = client;
  const address = socket.remoteAddress ?? '';
  let server: Upstream | null = null;
  /** The server said no to TLS and waits for what the client wants then. */
  let isPlain = false;
  let isRefused = false;
  let giveUp: ((as: Attempt) => void) | null = null;

  const end = (): void => {
    socket.destroy();
    server?.socket.destroy();
  };
  let timer = setTimeout(end, limits.startupMs);
  const within = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(end, ms);
  };
  const session: { -readonly [Fact in keyof Session]: Session[Fact] } = {
    address,
    client: `${address}:${socket.remotePort ?? 0}`,
    since: Date.now(),
    traffic: { in: 0, out: 0 },
    state: 'starting',
    user: '',
    database: '',
    application: '',
    tls: false,
    target: null,
    end,
    cut(): boolean {
      const isOpen = session.state === 'open';
      if (isOpen) end();
      else if (giveUp) giveUp('cut');
      else server?.socket.destroy();
      return isOpen;
    },
  };

  let isOver = false;
  const finish = (): void => {
    if (isOver || !socket.closed || (server && !server.socket.closed)) return;
    isOver = true;
    clearTimeout(timer);
    ended();
  };

  const refuse = (hello: Hello, sqlstate: string, message: string): void => {
    clearTimeout(timer);
    // Who speaks TLS already does not understand a word.
    if (hello === 'direct-tls') return end();
    isRefused = true;
    client.onBytes = goOn;
    client.more();
    socket.end(errorResponse(sqlstate, message));
    socket.setTimeout(1_000, end);
  };

  /** Follows the server's messages until the session has begun, to learn its cancel key. */
  const watchLogin = (upstream: Upstream): void => {
    const forward = upstream.onBytes;
    const read = createGreetingReader();
    upstream.onBytes = (bytes) => {
      const seen = read(bytes);
      if (seen.state !== 'open') {
        clearTimeout(timer);
        upstream.onBytes = forward;
      }
      if (seen.state === 'ready' && seen.key !== null) {
        upstream.socket.once('close', host.keys.remember(seen.key, upstream.target));
      }
      return forward(bytes);
    };
  };

  /** The server's first bytes: from here on both talk to each other. Returns whether the server's side is read on. */
  const begin = (hello: Hello, upstream: Upstream, answer: Buffer): boolean => {
    if (hello === 'ssl' && answer[0] === NO_TLS && answer.length === 1) {
      session.traffic.out += 1;
      isPlain = true;
      within(limits.startupMs);
      client.onBytes = onFirst;
      upstream.onBytes = goOn;
      socket.write('N');
      return true;
    }
    session.state = 'open';
    session.target = upstream.target;
    session.tls = hello === 'direct-tls' || (hello === 'ssl' && answer[0] === TLS);
    relay(client, upstream, session.traffic);
    if (session.tls) clearTimeout(timer);
    else watchLogin(upstream);
    return upstream.onBytes(answer);
  };

  /** Sends what the client wants and waits for the server's first bytes. */
  const ask = (hello: Hello, packet: Buffer, upstream: Upstream): Promise<Attempt> =>
    new Promise((resolve) => {
      let early: Buffer = NOTHING;
      client.onBytes = (bytes) => {
        early = Buffer.from(bytes);
        return false;
      };
      const settle = (as: Attempt): void => {
        giveUp = null;
        upstream.socket.off('close', failed);
        if (as !== 'answered') upstream.socket.destroy();
        resolve(as);
      };
      const failed = (): void => settle('failed');
      giveUp = settle;
      upstream.socket.once('close', failed);
      within(limits.loginMs);
      upstream.onBytes = (bytes) => {
        settle('answered');
        session.traffic.in += packet.length;
        const goesOn = begin(hello, upstream, bytes);
        // A client that did not wait for the answer.
        if (early.length > 0 && client.onBytes(early)) client.more();
        return goesOn;
      };
      upstream.socket.write(packet);
    });

  const dial = (target: Route['target']): Upstream => {
    const upstream = Object.assign(dialledWire(target), { target });
    upstream.socket.once('error', (error) => {
      if (!socket.destroyed) host.log(`the connection to the server failed: ${error.message}`);
    });
    upstream.socket.once('close', finish);
    return upstream;
  };

  /** The server that said no to TLS if it is still the right one, otherwise a new connection. */
  const connectTo = (target: Route['target']): Upstream => {
    if (server && !server.socket.destroyed && isSame(server.target, target)) return server;
    server?.socket.destroy();
    return dial(target);
  };

  /** Finds a server for what the client wants, waiting and trying again as long as that makes sense. */
  const join = async (hello: Hello, packet: Buffer): Promise<void> => {
    let failedAt = 0;
    const heldUntil = Date.now() + limits.holdMs;
    for (;;) {
      clearTimeout(timer);
      if (host.route()?.state === 'hold') session.state = 'waiting';
      const verdict = await host.whenOpen(heldUntil - Date.now());
      session.state = 'starting';
      const route = host.route();
      if (socket.destroyed || verdict === 'removed' || !route) return end();
      if (verdict === 'late') return refuse(hello, NOT_NOW, 'the database system is restarting; try again in a moment');
      if (verdict === 'full')
        return refuse(hello, TOO_MANY, 'too many clients wait for the database system to restart');
      const upstream = connectTo(route.target);
      server = upstream;
      const attempt = await ask(hello, packet, upstream);
      if (attempt === 'answered') return;
      if (socket.destroyed) return end();
      if (attempt === 'cut') continue;
      // A server that does not understand the packet hangs up, now and always.
      if (hello === 'direct-tls' && upstream.socket.bytesWritten > 0) return end();
      failedAt ||= Date.now();
      if (Date.now() - failedAt > limits.retryMs) return refuse(hello, NOT_NOW, 'the database server does not run');
      await pause(RETRY_PAUSE_MS);
      if (socket.destroyed) return end();
    }
  };

  const targetsOf = (key: string): Route['target'][] => {
    const known = host.keys.targetOf(key);
    return known ? [known] : host.unreadable();
  };

  let held: Buffer = NOTHING;
  let mayAskGss = true;
  const onFirst = (chunk: Buffer): boolean => {
    // A copy: the bytes are ours during this call only.
    held = Buffer.concat([held, chunk]);
    const packet = readFirstPacket(held);
    if (packet.kind === 'incomplete') return true;
    if (packet.kind === 'gssenc' && mayAskGss) {
      mayAskGss = false;
      // GSSAPI encryption is not offered: the client goes on with SSLRequest or in plain text.
      held = held.subarray(packet.length);
      socket.write('N');
      return held.length === 0 || onFirst(NOTHING);
    }
    if (
      packet.kind === 'garbage' ||
      packet.kind === 'gssenc' ||
      (isPlain && packet.kind !== 'startup' && packet.kind !== 'cancel')
    ) {
      end();
      return true;
    }
    if (packet.kind === 'cancel') {
      clearTimeout(timer);
      server?.socket.destroy();
      passCancel(client, held.subarray(0, packet.length), targetsOf(packet.key));
      return true;
    }
    if (packet.kind === 'startup') {
      session.user = packet.parameters.get('user') ?? '';
      session.database = packet.parameters.get('database') ?? session.user;
      session.application = packet.parameters.get('application_name') ?? '';
    }
    // TLS is the server's to answer; whatever is agreed on is between the two.
    const all = held;
    held = NOTHING;
    host.greeted(session);
    void join(packet.kind, all);
    return true;
  };

  client.onBytes = onFirst;
  socket.on('error', end);
  // Who leaves before the session has begun does not want it any more.
  socket.once('end', () => {
    if (isRefused) socket.destroySoon();
    else if (session.state !== 'open') end();
  });
  socket.once('close', () => {
    if (session.state !== 'open') server?.socket.destroy();
    finish();
  });
  return session;
}
