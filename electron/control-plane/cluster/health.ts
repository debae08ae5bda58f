import { connect } from 'node:net';

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Whether a server takes new connections: a fresh connection must get the one-byte answer to SSLRequest. A TCP or socket connect alone
 * proves nothing, because the kernel accepts for a server that hangs; nor does a session that was open before.
 */
export function answers(path: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const done = (alive: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(alive);
    };
    const timer = setTimeout(() => done(false), timeoutMs);
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', (answer) => done(answer[0] === 0x4e || answer[0] === 0x53));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
  });
}
