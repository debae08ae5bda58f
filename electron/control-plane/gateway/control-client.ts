import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { AppError } from '../../../shared/errors';
import {
  controlProof,
  hello,
  lineReader,
  reply,
  sameProof,
  welcome,
  type Reply,
  type Request,
} from './control-protocol';

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** One proven connection to a gateway process. */
export interface ControlClient {
  readonly pid: number;
  /** Of the gateway's side of the protocol. */
  readonly version: string;
  send(wanted: WithoutId<Request>): Promise<Reply>;
  onClose(listener: () => void): void;
  close(): void;
}

const ANSWER_MS = 15_000;

/** Connects and lets both sides prove themselves. Fails when nobody listens or the gateway is not ours. */
export function connectControl(path: string, secret: string, timeoutMs: number): Promise<ControlClient> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(path);
    const ours = randomBytes(16).toString('hex');
    let stage: 'hello' | 'welcome' | 'open' = 'hello';
    let next = 1;
    const waiting = new Map<number, { resolve: (done: Reply) => void; reject: (error: Error) => void }>();
    const closers: (() => void)[] = [];
    const timer = setTimeout(() => socket.destroy(new Error('the gateway does not answer')), timeoutMs);

    const client = (pid: number, version: string): ControlClient => ({
      pid,
      version,
      send(wanted) {
        const id = next++;
        return new Promise<Reply>((done, failed) => {
          const late = setTimeout(() => socket.destroy(new Error('the gateway does not answer')), ANSWER_MS);
          const settle =
            <T>(then: (value: T) => void) =>
            (value: T): void => {
              clearTimeout(late);
              waiting.delete(id);
              then(value);
            };
          waiting.set(id, { resolve: settle(done), reject: settle(failed) });
          socket.write(`${JSON.stringify({ ...wanted, id })}\n`);
        });
      },
      onClose: (listener) => void closers.push(listener),
      close: () => socket.destroy(),
    });

    const onLine = (line: string): void => {
      const message: unknown = JSON.parse(line);
      if (stage === 'hello') {
        const { nonce } = hello.parse(message);
        stage = 'welcome';
        socket.write(`${JSON.stringify({ proof: controlProof(secret, 'daemon', nonce), nonce: ours })}\n`);
        return;
      }
      if (stage === 'welcome') {
        const { proof, pid, version } = welcome.parse(message);
        if (!sameProof(proof, controlProof(secret, 'gateway', ours))) throw new Error('the gateway is not ours');
        stage = 'open';
        clearTimeout(timer);
        resolve(client(pid, version));
        return;
      }
      const answer = reply.parse(message);
      waiting.get(answer.id)?.resolve(answer);
    };
    const read = lineReader(onLine);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      try {
        read(chunk);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    let reason: Error = new Error('the gateway has gone');
    socket.once('error', (error) => (reason = error));
    socket.once('close', () => {
      clearTimeout(timer);
      reject(reason);
      const lost = new AppError(
        { code: 'lost-connection', message: `The gateway was lost: ${reason.message}`, retry: true },
        { cause: reason },
      );
      for (const each of waiting.values()) each.reject(lost);
      for (const each of closers) each();
    });
  });
}
