import { lookup } from 'node:dns/promises';
import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { within, type Deadline } from './deadline';
import { networkError } from './errors';

/** Where a TCP or Unix socket leads, ready to be opened. */
export type Place =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly addresses: readonly string[] }
  | { readonly kind: 'unix'; readonly path: string };

/** Finds the addresses of a host (or the path of a Unix socket, for a host that starts with `/` or `@`). Fails with `unreachable`. */
export async function resolvePlace(host: string, port: number, deadline: Deadline): Promise<Place> {
  if (host.startsWith('/')) return { kind: 'unix', path: `${host.replace(/\/+$/, '')}/.s.PGSQL.${port}` };
  if (isIP(host) !== 0) return { kind: 'tcp', host, port, addresses: [host] };
  try {
    const found = await within(deadline, lookup(host, { all: true }), () => undefined);
    return { kind: 'tcp', host, port, addresses: found.map((each) => each.address) };
  } catch (error) {
    throw networkError(error, host);
  }
}

export const describePlace = (place: Place): string =>
  place.kind === 'unix' ? place.path : place.addresses.join(', ');

function openOne(target: { path: string } | { host: string; port: number }, deadline: Deadline): Promise<Socket> {
  const socket = connectSocket(target);
  socket.setNoDelay(true);
  // Between two users of the socket nobody listens; an error then must not end the program. The next user finds the socket closed.
  socket.on('error', () => undefined);
  const connected = new Promise<Socket>((resolve, reject) => {
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
  return within(deadline, connected, () => socket.destroy());
}

/**
 * Opens the socket, trying each address in turn as libpq does.
 * @param keepAlive seconds between TCP keep-alives; 0 is off.
 */
export async function openSocket(place: Place, keepAlive: number, deadline: Deadline): Promise<Socket> {
  if (place.kind === 'unix') {
    try {
      return await openOne({ path: place.path }, deadline);
    } catch (error) {
      throw networkError(error, place.path);
    }
  }
  let last: unknown;
  for (const host of place.addresses) {
    try {
      const socket = await openOne({ host, port: place.port }, deadline);
      if (keepAlive > 0) socket.setKeepAlive(true, keepAlive * 1000);
      return socket;
    } catch (error) {
      last = error;
      if (deadline.signal.aborted) break;
    }
  }
  throw networkError(last, `${place.host}:${place.port}`);
}
