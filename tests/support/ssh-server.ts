import { createHash } from 'node:crypto';
import { connect, createServer, type AddressInfo } from 'node:net';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';

const { Server, utils } = ssh2;

/** A real SSH server on loopback that forwards TCP connections: the tunnel host of a test. */
export interface SshHost {
  readonly port: number;
  /** SHA-256 of the host key, base64 without padding. */
  readonly fingerprint: string;
  /** Destinations that were asked for, e.g. `127.0.0.1:5432`. */
  readonly forwarded: readonly string[];
  /** How many logins are open. */
  open(): number;
  /** Cuts every login at once, as a lost network does. */
  cut(): void;
  stop(): Promise<void>;
}

export interface SshHostOptions {
  readonly user: string;
  readonly password: string;
  /** Public key in OpenSSH format that may log in. */
  readonly authorizedKey?: string;
  /** Private key of the host; made anew when left out. */
  readonly hostKey?: string;
  readonly refuseForwarding?: boolean;
  /** Asks for the password by keyboard-interactive only, as many hosts with PAM do. */
  readonly interactiveOnly?: boolean;
}

/** One of some two hundred keys that ssh2 makes is one that it cannot read itself: such a key is made again. */
export function newSshKey(passphrase?: string): { private: string; public: string } {
  for (;;) {
    const made = utils.generateKeyPairSync(
      'ed25519',
      passphrase === undefined ? {} : { passphrase, cipher: 'aes256-ctr', rounds: 4 },
    );
    if (!(utils.parseKey(made.private, passphrase) instanceof Error)) return made;
  }
}

function mayEnter(options: SshHostOptions, connection: Connection): void {
  const allowed = options.authorizedKey === undefined ? undefined : utils.parseKey(options.authorizedKey);
  connection.on('authentication', (context) => {
    if (context.username !== options.user) {
      context.reject();
      return;
    }
    if (context.method === 'password' && !options.interactiveOnly && context.password === options.password) {
      context.accept();
      return;
    }
    if (context.method === 'keyboard-interactive') {
      context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
        if (answers[0] === options.password) context.accept();
        else context.reject();
      });
      return;
    }
    if (context.method === 'publickey' && allowed && !(allowed instanceof Error) && !Array.isArray(allowed)) {
      const known = allowed.getPublicSSH().equals(context.key.data);
      // ssh2 gives an Error, not false, for a signature it cannot read.
      const signed: unknown =
        context.signature === undefined || context.blob === undefined
          ? true
          : allowed.verify(context.blob, context.signature, context.hashAlgo);
      const proved = signed === true;
      if (known && proved) {
        context.accept();
        return;
      }
    }
    context.reject(options.interactiveOnly ? ['keyboard-interactive'] : ['password', 'publickey']);
  });
}

export async function startSshHost(options: SshHostOptions): Promise<SshHost> {
  const hostKey = options.hostKey ?? newSshKey().private;
  const parsed = utils.parseKey(hostKey);
  if (parsed instanceof Error || Array.isArray(parsed)) throw new Error('not a host key');
  const fingerprint = createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '');
  const forwarded: string[] = [];
  const logins = new Set<Connection>();
  const sockets = new Set<{ destroy(): void }>();

  const server = new Server({ hostKeys: [hostKey] }, (connection) => {
    mayEnter(options, connection);
    connection.on('ready', () => logins.add(connection));
    connection.on('close', () => logins.delete(connection));
    connection.on('error', () => logins.delete(connection));
    connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
      forwarded.push(`${destIP}:${destPort}`);
      if (options.refuseForwarding) {
        reject();
        return;
      }
      const target = connect(destPort, destIP).setNoDelay(true);
      target.once('connect', () => {
        const channel: ServerChannel = accept();
        channel.pipe(target).pipe(channel);
        channel.on('error', () => target.destroy());
        channel.on('close', () => target.destroy());
      });
      target.once('error', () => reject());
    });
  });
  // A listener of our own keeps hold of the raw sockets, to cut them; without delay, as sshd has them.
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (listener.address() as AddressInfo).port,
    fingerprint,
    forwarded,
    open: () => logins.size,
    cut,
    async stop() {
      cut();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}
