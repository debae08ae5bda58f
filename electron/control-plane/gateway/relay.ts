import type { Wire } from './wire';

/** Bytes that went through, by direction. */
export interface Traffic {
  /** From the client. */
  in: number;
  /** To the client. */
  out: number;
}

/** Ends the other side when one has gone: what was written to it is still to arrive there (the server's last words). */
function endWith(one: Wire, other: Wire): void {
  one.socket.once('end', () => other.socket.end());
  one.socket.once('close', () => {
    if (!other.socket.destroyed) other.socket.destroySoon();
  });
}

/** Joins client and server until either ends. Parses nothing; a slow receiver stops the sender. */
export function relay(client: Wire, server: Wire, traffic: Traffic): void {
  const moreOfClient = (): void => client.more();
  const moreOfServer = (): void => server.more();
  client.onBytes = (bytes) => {
    traffic.in += bytes.length;
    return server.write(bytes, moreOfClient);
  };
  server.onBytes = (bytes) => {
    traffic.out += bytes.length;
    return client.write(bytes, moreOfServer);
  };
  endWith(client, server);
  endWith(server, client);
}
