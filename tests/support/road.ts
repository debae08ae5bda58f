import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A fixed address on loopback in front of a server that comes and goes, and the accidents of a network between them. */
export class Road {
  /** Port of the server. */
  target = 0;
  /** Its own port, once it is open. */
  port = 0;
  private silent = false;
  private closed = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  constructor() {
    this.server = createServer((incoming) => {
      if (this.closed) {
        incoming.destroy();
        return;
      }
      const outgoing = connect(this.target, '127.0.0.1');
      for (const socket of [incoming, outgoing]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => this.sockets.delete(socket));
      }
      incoming.pipe(outgoing).pipe(incoming);
      incoming.on('close', () => outgoing.destroy());
      outgoing.on('close', () => incoming.destroy());
      if (this.silent) this.hush(incoming, outgoing);
    });
  }
  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return this.port;
  }
  /**
   * Lets nothing through any more, without closing anything; connections that come later are swallowed as well. Answers whether those that
   * were there are still open.
   */
  silence(): () => boolean {
    this.silent = true;
    const open = [...this.sockets];
    this.hush(...open);
    return () => open.some((socket) => this.sockets.has(socket));
  }
  /** Cuts every connection; those that come later are cut as well until `mend`. */
  cut(): void {
    this.closed = true;
    for (const socket of this.sockets) socket.destroy();
  }
  /** New connections pass again. What was silenced stays so: its bytes are lost. */
  mend(): void {
    this.silent = false;
    this.closed = false;
  }
  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
  private hush(...sockets: readonly Socket[]): void {
    for (const socket of sockets) {
      socket.unpipe();
      // Read on, into nothing: a socket that is paused would not notice that the other side has closed it.
      socket.resume();
    }
  }
}
