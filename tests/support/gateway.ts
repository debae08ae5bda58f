import { connect, Socket } from 'node:net';
import { Client } from 'pg';

/** What tests of the gateway share: raw packets, sockets, waiting. */

export async function until(check: () => Promise<boolean> | boolean, what = 'the condition'): Promise<void> {
  for (const deadline = Date.now() + 15_000; !(await check()); await new Promise((done) => setTimeout(done, 10))) {
    if (Date.now() > deadline) throw new Error(`${what} did not come true`);
  }
}

/** Everything that the socket gets until it is closed. */
export const closed = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(text));
  });

/** What the socket gets next. */
export const nextBytes = (socket: Socket): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    socket.once('data', resolve);
    socket.once('close', () => reject(new Error('closed')));
  });

function packet(code: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.writeUInt32BE(code, 4);
  return Buffer.concat([head, body]);
}

export const startupPacket = (parameters: Readonly<Record<string, string>>): Buffer =>
  packet(196_608, Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`));
export const sslRequest = packet(80_877_103, Buffer.alloc(0));
export const gssRequest = packet(80_877_104, Buffer.alloc(0));

export interface CancelKey {
  readonly processID: number;
  readonly secretKey: number;
}

const cancelKeyOf = (client: Client): CancelKey => {
  const { processID, secretKey } = client as unknown as CancelKey;
  return { processID, secretKey };
};

/** Sends a CancelRequest and waits until the other side has closed. */
export async function cancel(port: number, { processID, secretKey }: CancelKey): Promise<void> {
  const body = Buffer.alloc(8);
  body.writeInt32BE(processID, 0);
  body.writeInt32BE(secretKey, 4);
  const socket = connect({ host: '127.0.0.1', port });
  const gone = closed(socket);
  socket.write(packet(80_877_102, body));
  await gone;
}

/** A socket that connects from this address. */
function socketFrom(localAddress: string): Socket {
  const socket = new Socket();
  const plain = socket.connect.bind(socket);
  return Object.assign(socket, {
    connect: (port: number, host: string) => plain({ port, host, localAddress }),
  });
}

/** A session of user `postgres`; `from`: the client's own address. */
export async function openSession(port: number, options: object = {}, from?: string): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    database: 'postgres',
    ...(from === undefined ? {} : { stream: () => socketFrom(from) }),
    ...options,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A session that answers nothing for half a minute; `done`: how it ended (SQLSTATE). */
export async function sleepingSession(
  port: number,
  options: object = {},
): Promise<{ client: Client; key: CancelKey; done: Promise<string> }> {
  const client = await openSession(port, options);
  const done = client.query('SELECT pg_sleep(30)').then(
    () => 'slept',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
  return { client, key: cancelKeyOf(client), done };
}
