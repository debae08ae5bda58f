/**
 * The start of PostgreSQL's protocol, before any session: a client's first packets and what the server sends up to its first
 * ReadyForQuery. Source: the protocol chapter of PostgreSQL's documentation (message formats, start-up, cancelling requests).
 */

export const SSL_REQUEST = 80_877_103;
export const GSSENC_REQUEST = 80_877_104;
export const CANCEL_REQUEST = 80_877_102;
const PROTOCOL_3 = 3;
/** A TLS record of the type handshake: direct TLS (17 and later), without SSLRequest. */
const TLS_HANDSHAKE = 0x16;
/** The server's own limit (MAX_STARTUP_PACKET_LENGTH). */
const STARTUP_MAX = 10_000;

export type FirstPacket =
  /** More bytes are needed. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'ssl' | 'gssenc'; readonly length: number }
  | { readonly kind: 'startup'; readonly length: number; readonly parameters: ReadonlyMap<string, string> }
  /** `key`: process id and secret as sent, for looking up who they belong to. */
  | { readonly kind: 'cancel'; readonly length: number; readonly key: string }
  | { readonly kind: 'direct-tls' }
  | { readonly kind: 'garbage' };

function parameters(bytes: Buffer): Map<string, string> | null {
  const parts = bytes.toString('utf8').split('\0');
  // Pairs, then an empty name, then what follows the last zero byte: nothing.
  if (parts.length < 2 || parts.at(-1) !== '' || parts.at(-2) !== '') return null;
  const found = new Map<string, string>();
  for (let index = 0; index + 1 < parts.length - 2; index += 2) found.set(parts[index] ?? '', parts[index + 1] ?? '');
  return found;
}

/** Reads what a client sent first. */
export function readFirstPacket(bytes: Buffer): FirstPacket {
  if (bytes.length === 0) return { kind: 'incomplete' };
  if (bytes[0] === TLS_HANDSHAKE) return { kind: 'direct-tls' };
  // Every length that is allowed starts with two zero bytes: other protocols are known for what they are by their first byte.
  if (bytes[0] !== 0) return { kind: 'garbage' };
  if (bytes.length < 4) return { kind: 'incomplete' };
  const length = bytes.readUInt32BE(0);
  if (length < 8 || length > STARTUP_MAX) return { kind: 'garbage' };
  if (bytes.length < 8) return { kind: 'incomplete' };
  const code = bytes.readUInt32BE(4);
  if (code === SSL_REQUEST) return length === 8 ? { kind: 'ssl', length } : { kind: 'garbage' };
  if (code === GSSENC_REQUEST) return length === 8 ? { kind: 'gssenc', length } : { kind: 'garbage' };
  // Keys of 4 bytes, up to 256 from protocol 3.2 on.
  if (code === CANCEL_REQUEST && (length < 16 || length > 268)) return { kind: 'garbage' };
  if (code !== CANCEL_REQUEST && code >>> 16 !== PROTOCOL_3) return { kind: 'garbage' };
  if (bytes.length < length) return { kind: 'incomplete' };
  if (code === CANCEL_REQUEST) return { kind: 'cancel', length, key: bytes.toString('hex', 8, length) };
  const found = parameters(bytes.subarray(8, length));
  return found ? { kind: 'startup', length, parameters: found } : { kind: 'garbage' };
}

/** An ErrorResponse of severity FATAL. */
export function errorResponse(sqlstate: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlstate}\0M${message}\0\0`, 'utf8');
  const head = Buffer.alloc(5);
  head[0] = 0x45;
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

export type ServerGreeting =
  | { readonly state: 'open' }
  /** The session has begun; `key` as a CancelRequest would name it, null when the server sent none. */
  | { readonly state: 'ready'; readonly key: string | null }
  /** Not the protocol (TLS was agreed on, for instance): there is nothing more to learn. */
  | { readonly state: 'unreadable' };

const BACKEND_KEY_DATA = 0x4b;
const READY_FOR_QUERY = 0x5a;
const MESSAGE_MAX = 1_000_000;

/** Watches the server's messages go by until its first ReadyForQuery, without holding them up. */
export function createGreetingReader(): (chunk: Buffer) => ServerGreeting {
  let held: Buffer = Buffer.alloc(0);
  let skip = 0;
  let key: string | null = null;
  return (chunk) => {
    let bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    held = Buffer.alloc(0);
    for (;;) {
      if (skip > 0) {
        const passed = Math.min(skip, bytes.length);
        skip -= passed;
        bytes = bytes.subarray(passed);
      }
      if (bytes.length < 5) break;
      const length = bytes.readUInt32BE(1);
      if (length < 4 || length > MESSAGE_MAX) return { state: 'unreadable' };
      if (bytes[0] === READY_FOR_QUERY) return { state: 'ready', key };
      if (bytes[0] === BACKEND_KEY_DATA) {
        if (bytes.length < length + 1) break;
        key = bytes.toString('hex', 5, length + 1);
      }
      skip = length + 1;
    }
    held = Buffer.from(bytes);
    return { state: 'open' };
  };
}
