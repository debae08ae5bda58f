import type { Duplex } from 'node:stream';
import type { ConnectionProfile } from '../../ports';
import type { Deadline } from './deadline';
import { describePlace, openSocket, resolvePlace, type Place } from './sockets';
import { openTunnel, type Tunnel } from './ssh-tunnel';
import type { StepReporter } from './steps';

/** The way to a server, found once: more connections (a second try without TLS, a CancelRequest) take the same. */
export interface Route {
  /** Whether the way ends in a Unix socket, where libpq never asks for TLS. */
  readonly local: boolean;
  /** Opens one stream to the server's port. Fails with `unreachable`. */
  open(deadline: Deadline): Promise<Duplex>;
  /** Ends the tunnel, if there is one. */
  close(): void;
}

/** Resolves the name and logs in on the tunnel host. Fails with `unreachable` or `tunnel`. */
export async function openRoute(profile: ConnectionProfile, steps: StepReporter, deadline: Deadline): Promise<Route> {
  const { ssh, host, port } = profile;
  if (!ssh.enabled) {
    const place = await steps.run('name', () => resolvePlace(host, port, deadline), describePlace);
    steps.skip('tunnel');
    return {
      local: place.kind === 'unix',
      open: (limit) => openSocket(place, profile.keepAlive, limit),
      close: () => undefined,
    };
  }
  const place: Place = await steps.run('name', () => resolvePlace(ssh.host, ssh.port, deadline), describePlace);
  const tunnel: Tunnel = await steps.run(
    'tunnel',
    async () => openTunnel(await openSocket(place, ssh.keepAlive, deadline), ssh, profile.sshPassword, deadline),
    (made) => `SHA256:${made.hostKey}`,
  );
  return {
    local: false,
    open: (limit) => tunnel.forward(host, port, limit),
    close: () => tunnel.close(),
  };
}
