import type { Socket } from 'node:net';

/** Bytes that went through, by direction. */
export interface Traffic {
  /** From the client. */
  in: number;
  /** To the client. */
  out: number;
}

/** Passes bytes on from one socket to the other; a slow receiver stops the sender. */
function oneWay(from: Socket, to: Socket, count: (bytes: number) => void): void {
  const resume = (): void => void from.resume();
  from.on('data', (chunk: Buffer) => {
    count(chunk.length);
    if (!to.write(chunk)) {
      from.pause();
      to.once('drain', resume);
    }
  });
  from.once('end', () => to.end());
}

/** Joins client and server until either ends. Parses nothing. `ended` runs once, when both sockets are gone. */
export function relay(client: Socket, server: Socket, traffic: Traffic, ended: () => void): void {
  let closed = 0;
  const close = (other: Socket) => (): void => {
    closed += 1;
    if (closed === 2) ended();
    // What was written to the other side is still to arrive there (the server's last words), then it ends as well.
    if (!other.destroyed) other.destroySoon();
  };
  oneWay(client, server, (bytes) => (traffic.in += bytes));
  oneWay(server, client, (bytes) => (traffic.out += bytes));
  client.once('close', close(server));
  server.once('close', close(client));
}
