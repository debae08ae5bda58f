import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A fixed address on loopback in front of a server that comes and goes, and the accidents of a network between them. */
export class Road {
  /** Port of the server. */
  target = 0;
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
    return (this.server.address() as AddressInfo).port;
  }
  /** Lets nothing through any more, without closing anything; connections that come later are swallowed as well. */
  silence(): void {
    this.silent = true;
    this.hush(...this.sockets);
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
  /** Connections that pass now. */
  get passing(): number {
    return this.sockets.size / 2;
  }
  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
  private hush(...sockets: readonly Socket[]): void {
    for (const socket of sockets) {
      socket.unpipe();
      socket.pause();
    }
  }
}
