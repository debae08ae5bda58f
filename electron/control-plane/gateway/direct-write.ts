import type { Socket } from 'node:net';

/**
 * Writing past the stream layer of the runtime. A stream's write makes several objects and a deferred callback each time, although almost
 * every write of a gateway goes out at once: for short messages that is half of all its work. What is used here is not documented, but as
 * old as the runtime; each part is looked for, and where one is missing the stream layer does the work.
 */

/** The runtime fills it in only when a write could not go out at once. */
interface WriteRequest {
  buffer: Uint8Array | null;
  oncomplete: (status: number) => void;
}

interface Handle {
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
}

interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  readonly streamBaseState: Int32Array;
  readonly kLastWriteWasAsync: number;
}

function isBinding(found: object): found is StreamBinding {
  const { WriteWrap, streamBaseState, kLastWriteWasAsync } = found as Partial<StreamBinding>;
  return (
    typeof WriteWrap === 'function' &&
    ArrayBuffer.isView(streamBaseState) &&
    typeof kLastWriteWasAsync === 'number' &&
    typeof streamBaseState[kLastWriteWasAsync] === 'number'
  );
}

function findBinding(): StreamBinding | null {
  const { binding } = process as { binding?: (name: string) => unknown };
  try {
    const found = binding?.('stream_wrap');
    return typeof found === 'object' && found !== null && isBinding(found) ? found : null;
  } catch {
    return null;
  }
}

const binding = findBinding();

/** What the runtime keeps behind a connected socket; null when it has been closed, or is something else than expected. */
export function handleOf(socket: Socket): object | null {
  const { _handle: handle } = socket as { _handle?: unknown };
  return typeof handle === 'object' ? handle : null;
}

function writable(socket: Socket): Handle | null {
  const handle: Partial<Handle> | null = handleOf(socket);
  return typeof handle?.writeBuffer === 'function' ? (handle as Handle) : null;
}

/**
 * Writes bytes to a socket. True: they are out. False: `done` runs when they are (never after an error: the socket is destroyed then), and
 * they must not be changed before.
 */
export type Write = (bytes: Buffer, done: () => void) => boolean;

function writeToStream(socket: Socket, bytes: Buffer, done: () => void): boolean {
  let isOut = false;
  socket.write(bytes, (error) => {
    if (!isOut && !error) done();
  });
  isOut = socket.writableLength === 0;
  return isOut;
}

export function createWrite(socket: Socket): Write {
  if (!binding) return (bytes, done) => writeToStream(socket, bytes, done);
  const { WriteWrap, streamBaseState, kLastWriteWasAsync } = binding;
  let request = new WriteWrap();
  return (bytes, done) => {
    // What the stream still holds goes first.
    const handle = socket.writableLength === 0 && !socket.connecting ? writable(socket) : null;
    if (!handle) return socket.destroyed || writeToStream(socket, bytes, done);
    if (handle.writeBuffer(request, bytes) !== 0) {
      socket.destroy();
      return true;
    }
    if (streamBaseState[kLastWriteWasAsync] === 0) return true;
    request.buffer = bytes;
    request.oncomplete = (status) => {
      if (status === 0) done();
      else socket.destroy();
    };
    request = new WriteWrap();
    return false;
  };
}
