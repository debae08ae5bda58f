import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
// The default import: Node cannot see every name that this CommonJS package exports.
import ssh2, { type ConnectConfig } from 'ssh2';
import { AppError } from '../../../shared/errors';
import type { SshTunnel } from '../../../shared/model/server';
import { within, type Deadline } from './deadline';
import { errnoOf } from './errors';

/** A login on the tunnel host, through which sockets to the server can be opened. */
export interface Tunnel {
  /** SHA-256 fingerprint of the host's key, base64 without padding, as `ssh-keygen -l` shows it after `SHA256:`. */
  readonly hostKey: string;
  /** Opens one connection from the tunnel host to the server. Fails with `unreachable`. */
  forward(host: string, port: number, deadline: Deadline): Promise<Duplex>;
  close(): void;
}

const tunnelError = (message: string, hint: string, field: string, detail?: string, cause?: unknown): AppError =>
  new AppError(
    { code: 'tunnel', message, hint, field, ...(detail === undefined ? {} : { detail }) },
    cause === undefined ? undefined : { cause },
  );

const fingerprintOf = (key: Buffer): string => createHash('sha256').update(key).digest('base64').replace(/=+$/, '');

const notAPrivateKey = (detail?: string): AppError =>
  tunnelError(
    'The identity file is not a private key',
    'Choose a private key in OpenSSH or PEM format, not the .pub file.',
    'server.ssh.identityFile',
    detail,
  );

async function credentials(ssh: SshTunnel, secret: string | null): Promise<Partial<ConnectConfig>> {
  if (ssh.auth === 'password') {
    if (secret === null)
      throw tunnelError('The tunnel needs a password', 'Enter the password of the tunnel user.', 'sshPassword');
    return { password: secret, tryKeyboard: true };
  }
  let privateKey: Buffer;
  try {
    privateKey = await readFile(ssh.identityFile);
  } catch (error) {
    throw tunnelError(
      `${ssh.identityFile} cannot be read: ${errnoOf(error)}`,
      'Choose a private key that exists and that you may read.',
      'server.ssh.identityFile',
      undefined,
      error,
    );
  }
  const parsed = ssh2.utils.parseKey(privateKey, secret ?? undefined);
  if (!(parsed instanceof Error)) {
    if ([parsed].flat().every((key) => key.isPrivateKey()))
      return { privateKey, ...(secret === null ? {} : { passphrase: secret }) };
    throw notAPrivateKey();
  }
  if (/no passphrase/i.test(parsed.message))
    throw tunnelError('The identity file is protected by a passphrase', 'Enter its passphrase.', 'sshPassword');
  if (/passphrase|integrity|decrypt/i.test(parsed.message))
    throw tunnelError(
      'The passphrase does not open the identity file',
      'Check the passphrase.',
      'sshPassword',
      parsed.message,
    );
  throw notAPrivateKey(parsed.message);
}

/** Compares the key that the host shows with the one that was confirmed; null is in order. */
function judgeHostKey(ssh: SshTunnel, shown: string): AppError | null {
  if (ssh.hostKey === shown) return null;
  if (ssh.hostKey === '')
    return tunnelError(
      `The key of ${ssh.host} is not known yet`,
      'Compare the fingerprint with what its administrator tells, then confirm it.',
      'ssh.hostKey',
      shown,
    );
  return tunnelError(
    `The key of ${ssh.host} has changed: it was confirmed as SHA256:${ssh.hostKey} and is now SHA256:${shown}`,
    'Somebody may be posing as this host, or it was set up anew. Ask its administrator. Only then forget the confirmed key (SSH Tunnel tab) and confirm the new one.',
    'ssh.hostKey',
    shown,
  );
}

function loginError(error: unknown, ssh: SshTunnel): AppError {
  if (error instanceof AppError) return error;
  const words = error instanceof Error ? error.message : String(error);
  const level = error instanceof Error && 'level' in error ? String(error.level) : '';
  if (level === 'client-authentication')
    return ssh.auth === 'password'
      ? tunnelError(
          'The tunnel host refused the password',
          'Check user and password of the tunnel.',
          'sshPassword',
          words,
          error,
        )
      : tunnelError(
          'The tunnel host refused the identity file',
          "Check the user and that the public key stands in the host's authorized_keys.",
          'server.ssh.identityFile',
          words,
          error,
        );
  return tunnelError(
    words,
    'Check that an SSH server listens at this host and port.',
    'server.ssh.host',
    undefined,
    error,
  );
}

/**
 * Logs in on the tunnel host over an open socket. A host key other than the confirmed one is refused before any secret is sent.
 * Fails with `tunnel`; field `ssh.hostKey` and the fingerprint as detail when the key is new or changed.
 */
export async function openTunnel(
  socket: Socket,
  ssh: SshTunnel,
  secret: string | null,
  deadline: Deadline,
): Promise<Tunnel> {
  const login = await credentials(ssh, secret).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
  const client = new ssh2.Client();
  let shown = '';
  let judgement: AppError | null = null;
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.on('error', reject);
    client.once('close', () => reject(new Error('The tunnel host closed the connection')));
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) =>
      finish(prompts.map(() => secret ?? '')),
    );
  });
  client.connect({
    sock: socket,
    username: ssh.user,
    ...login,
    readyTimeout: 0,
    keepaliveInterval: ssh.keepAlive * 1000,
    hostVerifier: (key: Buffer) => {
      shown = fingerprintOf(key);
      judgement = judgeHostKey(ssh, shown);
      return judgement === null;
    },
  });
  try {
    await within(deadline, ready, () => client.destroy());
  } catch (error) {
    client.destroy();
    socket.destroy();
    throw judgement ?? loginError(error, ssh);
  }
  return {
    hostKey: shown,
    async forward(host, port, limit) {
      const opened = new Promise<Duplex>((resolve, reject) =>
        client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
          if (error) return reject(error);
          channel.on('error', () => undefined);
          resolve(channel);
        }),
      );
      try {
        // A channel that comes too late is closed; the tunnel itself may carry other connections.
        return await within(
          limit,
          opened,
          () => void opened.then((channel) => channel.destroy()).catch(() => undefined),
        );
      } catch (error) {
        if (error instanceof AppError) throw error;
        const words = error instanceof Error ? error.message : String(error);
        throw new AppError(
          {
            code: 'unreachable',
            message: `${ssh.host} cannot reach ${host}:${port}`,
            detail: words,
            hint: 'Host and port are those that the tunnel host sees. Check them, and that the tunnel host allows forwarding.',
            field: 'server.host',
            retry: true,
          },
          { cause: error },
        );
      }
    },
    close: () => void client.end(),
  };
}
