import type { Socket } from 'node:net';
import type { Route } from './route';
import { dialledWire, type Wire } from './wire';

type Target = Route['target'];

/** Which server gave which cancel key, so that a request reaches the server of its session wherever the route leads by now. */
export interface CancelKeys {
  /** Returns the function that forgets it. */
  remember(key: string, target: Target): () => void;
  targetOf(key: string): Target | null;
}

export function createCancelKeys(): CancelKeys {
  const keys = new Map<string, { readonly target: Target }>();
  return {
    remember(key, target) {
      const entry = { target };
      keys.set(key, entry);
      return () => {
        if (keys.get(key) === entry) keys.delete(key);
      };
    },
    targetOf: (key) => keys.get(key)?.target ?? null,
  };
}

const PASS_MS = 10_000;

/** Hands a CancelRequest to these servers; one that does not know the key takes no notice of it. */
export function passCancel(client: Wire, packet: Buffer, targets: readonly Target[]): void {
  const servers: Socket[] = [];
  let left = targets.length;
  const one = (): void => {
    left -= 1;
    // The client knows by the end of the connection that its request was handed over.
    if (left <= 0) client.socket.destroy();
  };
  if (left === 0) one();
  client.onBytes = () => true;
  for (const target of targets) {
    const { socket } = dialledWire(target);
    servers.push(socket);
    socket.setTimeout(PASS_MS, () => socket.destroy());
    socket.once('error', () => socket.destroy());
    socket.once('close', one);
    socket.end(packet);
  }
  client.socket.once('close', () => {
    for (const each of servers) each.destroySoon();
  });
}
