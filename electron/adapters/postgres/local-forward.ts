import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors';
import type { ConnectionProfile } from '../../ports';
import { createDeadline } from './deadline';
import { openRoute } from './route';
import { createStepReporter } from './steps';

/** A port on loopback that leads to a server behind an SSH tunnel, for programs that know no tunnels. TLS, if any, passes through. */
export interface LocalForward {
  readonly host: string;
  readonly port: number;
  close(): void;
}

/** Opens the tunnel and the port. Fails with `unreachable` or `tunnel`. */
export async function openLocalForward(profile: ConnectionProfile, signal: AbortSignal): Promise<LocalForward> {
  const route = await openRoute(profile, createStepReporter(), createDeadline(profile.connectTimeout, signal));
  const open = new Set<Duplex>();
  const keep = (stream: Duplex): void => {
    open.add(stream);
    stream.once('close', () => open.delete(stream));
  };
  const serve = (client: Socket): void => {
    keep(client);
    client.setNoDelay(true);
    client.on('error', () => client.destroy());
    route.open(createDeadline(profile.connectTimeout, signal)).then(
      (server) => {
        keep(server);
        server.on('error', () => client.destroy());
        server.once('close', () => client.destroy());
        client.once('close', () => server.destroy());
        client.pipe(server).pipe(client);
      },
      () => client.destroy(),
    );
  };
  const listener = createServer(serve);
  const close = (): void => {
    listener.close();
    for (const each of open) each.destroy();
    route.close();
  };
  const port = await new Promise<number>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
      else reject(new Error('no port'));
    });
  }).catch((error: unknown) => {
    close();
    throw new AppError({ code: 'tunnel', message: `No local port for the tunnel: ${String(error)}` }, { cause: error });
  });
  return { host: '127.0.0.1', port, close };
}
