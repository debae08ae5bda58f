/**
 * The connection has logged in already (TLS, tunnel, password: all done by our own client), but pg_dump's libpq begins with a login as
 * well. This answers its first message in the server's place and lets everything after it through.
 * Source of the formats: PostgreSQL's documentation, chapter Message Formats.
 */

interface Ends {
  toClient(bytes: Uint8Array): void;
  toServer(bytes: Buffer): void;
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** AuthenticationOk, a ParameterStatus for each parameter, an empty BackendKeyData (cancelling is ours), ReadyForQuery. */
export function loginAnswer(parameters: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat([
    message('R', Buffer.alloc(4)),
    ...Object.entries(parameters).map(([name, value]) => message('S', Buffer.from(`${name}\0${value}\0`))),
    message('K', Buffer.alloc(8)),
    message('Z', Buffer.from('I')),
  ]);
}

/** Returns what takes the client's bytes. Its StartupMessage may come in pieces. */
export function pretendLogin(parameters: Readonly<Record<string, string>>, ends: Ends): (bytes: Buffer) => void {
  let startup: Buffer | null = Buffer.alloc(0);
  return (bytes) => {
    if (startup === null) {
      ends.toServer(bytes);
      return;
    }
    startup = Buffer.concat([startup, bytes]);
    if (startup.length < 4) return;
    const length = startup.readInt32BE(0);
    if (startup.length < length) return;
    const rest = startup.subarray(length);
    startup = null;
    ends.toClient(Uint8Array.from(loginAnswer(parameters)));
    if (rest.length > 0) ends.toServer(rest);
  };
}
