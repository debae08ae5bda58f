import { connect, Socket } from 'node:net';
import { createWrite, handleOf, type Write } from './direct-write';
import type { Route } from './route';

/**
 * One side of a session. Reads into one buffer again and again instead of a new one each time, and hands it on without the stream layer: what
 * arrives is read when what came before has gone out, so a slow receiver stops the sender, and nothing is queued here.
 */
export interface Wire {
  readonly socket: Socket;
  /**
   * Gets what arrives. The bytes are valid during the call only. False stops the reading: then they stay valid until `more` is called, which
   * is when the next ones are read.
   */
  onBytes: (bytes: Buffer) => boolean;
  more(): void;
  readonly write: Write;
}

const SMALL = 4 * 1024;
/** Measured: larger ones gain nothing. */
const LARGE = 64 * 1024;
/** So many short reads in a row make a large buffer small again: sessions that are idle after a COPY cost no memory. */
const SHORT_READS = 200;
/** Short messages have few lengths; the views of the buffer are kept. */
const VIEWS_MAX = 32;

/** The buffer of one socket and its growth. `next` is the new one after a change, otherwise undefined. */
function createReading(): { take(bytes: number): Buffer; next(): Buffer | undefined } {
  let buffer = Buffer.allocUnsafeSlow(SMALL);
  let changed = true;
  let short = 0;
  const views = new Map<number, Buffer>();
  const change = (size: number): void => {
    buffer = Buffer.allocUnsafeSlow(size);
    views.clear();
    short = 0;
    changed = true;
  };
  return {
    take(bytes) {
      let view = views.get(bytes);
      if (!view) {
        view = buffer.subarray(0, bytes);
        if (views.size < VIEWS_MAX) views.set(bytes, view);
      }
      if (buffer.length === SMALL) {
        if (bytes === SMALL) change(LARGE);
      } else {
        short = bytes < SMALL ? short + 1 : 0;
        if (short === SHORT_READS) change(SMALL);
      }
      return view;
    },
    next() {
      if (!changed) return undefined;
      changed = false;
      return buffer;
    },
  };
}

const ignore = (): boolean => true;

/** `onread` of the runtime; that a function may return nothing to keep the buffer is not in its types. */
function reader(wire: () => Wire): { buffer: () => Buffer; callback: (bytes: number) => boolean } {
  const reading = createReading();
  return {
    buffer: reading.next as () => Buffer,
    callback: (bytes) => wire().onBytes(reading.take(bytes)),
  };
}

/** `read(0)` starts the reading of a socket that has a buffer of its own. */
const wireOf = (socket: Socket): Wire => ({
  socket,
  onBytes: ignore,
  more: () => void socket.read(0),
  write: createWrite(socket),
});

function streamWire(socket: Socket): Wire {
  const wire: Wire = { socket, onBytes: ignore, more: () => void socket.resume(), write: createWrite(socket) };
  socket.on('data', (chunk: Buffer) => {
    if (!wire.onBytes(chunk)) socket.pause();
  });
  // `pauseOnConnect` stopped it.
  socket.resume();
  return wire;
}

/**
 * The side of a client that a server with `pauseOnConnect` accepted. Accepted sockets cannot be given a buffer, so the connection moves to a
 * socket that has one; where that is not possible it is read as a stream.
 */
export function acceptedWire(accepted: Socket): Wire {
  const handle = handleOf(accepted);
  if (!handle || !('useUserBuffer' in handle)) return streamWire(accepted);
  (accepted as { _handle?: unknown })._handle = null;
  // Takes it off the server's count.
  accepted.destroy();
  const options = { handle, allowHalfOpen: true, onread: reader(() => wire) };
  const wire = wireOf(new Socket(options));
  return wire;
}

/** Connects to a server. */
export function dialledWire(target: Route['target']): Wire {
  const onread = reader(() => wire);
  const wire = wireOf(
    'path' in target
      ? connect({ path: target.path, onread })
      : connect({ host: target.host, port: target.port, noDelay: true, onread }),
  );
  return wire;
}
