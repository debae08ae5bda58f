import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import {
  controlProof,
  GATEWAY_VERSION,
  failureOf,
  introduction,
  lineReader,
  request,
  sameProof,
  type Reply,
  type Request,
} from './control-protocol';
import type { GatewayControl } from './route';

export interface ControlServerOptions {
  readonly path: string;
  readonly secret: string;
  readonly gateway: GatewayControl & { keepOnly(ids: readonly string[]): Promise<void> };
  readonly onEnd: () => void;
  readonly log: (text: string) => void;
}

const INTRODUCTION_MS = 5_000;

/** Listens for the daemon. Any number may connect (an old one that is about to die beside the new one); each must prove itself. */
export async function serveControl(options: ControlServerOptions): Promise<Server> {
  const { gateway } = options;

  const perform = async (wanted: Request): Promise<Omit<Reply, 'id'>> => {
    switch (wanted.do) {
      case 'set':
        await gateway.setRoute(wanted.route);
        return {};
      case 'rules':
        await gateway.setRules(wanted.routeId, wanted.rules);
        return {};
      case 'exchange':
        await gateway.exchange(wanted.routes);
        return {};
      case 'remove':
        await gateway.removeRoute(wanted.routeId);
        return {};
      case 'keep':
        await gateway.keepOnly(wanted.routeIds);
        return {};
      case 'cut':
        return { cut: await gateway.cut(wanted.routeIds) };
      case 'sessions':
        return { sessions: await gateway.sessions() };
      case 'ping':
        return {};
      case 'end':
        setImmediate(options.onEnd);
        return {};
    }
  };

  const serve = (socket: Socket): void => {
    const nonce = randomBytes(16).toString('hex');
    let trusted = false;
    const send = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);
    const timer = setTimeout(() => socket.destroy(), INTRODUCTION_MS);
    const onLine = (line: string): void => {
      if (!trusted) {
        const daemon = introduction.parse(JSON.parse(line));
        if (!sameProof(daemon.proof, controlProof(options.secret, 'daemon', nonce))) throw new Error('wrong proof');
        trusted = true;
        clearTimeout(timer);
        send({
          proof: controlProof(options.secret, 'gateway', daemon.nonce),
          pid: process.pid,
          version: GATEWAY_VERSION,
        });
        return;
      }
      const wanted = request.parse(JSON.parse(line));
      perform(wanted).then(
        (done) => send({ id: wanted.id, ...done }),
        (error: unknown) => send({ id: wanted.id, failure: failureOf(error) }),
      );
    };
    const read = lineReader(onLine);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      try {
        read(chunk);
      } catch (error) {
        options.log(`control channel: ${error instanceof Error ? error.message : String(error)}`);
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.once('close', () => clearTimeout(timer));
    send({ nonce });
  };

  // Only one gateway of a state folder runs (its daemon starts it and holds the lock): a file in the way is a dead one's.
  rmSync(options.path, { force: true });
  const server = createServer(serve);
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.path, resolve);
    });
  } finally {
    process.umask(mask);
  }
  chmodSync(options.path, 0o600);
  return server;
}
