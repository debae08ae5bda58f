import { once } from 'node:events';
import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';
import { Zip, type AsyncFlateStreamHandler, type ZipInputFile } from 'fflate';
import type { Sink } from './result-writer';

const DEFLATE = 8;

/** A file within an archive, compressed by Node's own threads while it is written. */
class DeflatedFile implements ZipInputFile {
  size = 0;
  crc = 0;
  readonly compression = DEFLATE;
  ondata?: AsyncFlateStreamHandler;
  private readonly deflate: DeflateRaw = createDeflateRaw();
  private readonly ended: Promise<void>;

  constructor(readonly filename: string) {
    this.deflate.on('data', (chunk: Buffer<ArrayBuffer>) => this.ondata?.(null, chunk, false));
    this.ended = once(this.deflate, 'end').then(() => this.ondata?.(null, new Uint8Array(), true));
    // Told by whoever writes next; alone it would be unhandled.
    this.ended.catch(() => undefined);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.size += bytes.length;
    this.crc = crc32(bytes, this.crc);
    if (!this.deflate.write(bytes)) await once(this.deflate, 'drain');
  }

  async end(): Promise<void> {
    this.deflate.end();
    await this.ended;
  }
}

/** A zip archive that is written file after file, with as much memory as one chunk needs. */
export class ZipFile {
  private readonly waiting: Uint8Array[] = [];
  private failure: Error | null = null;
  private current: DeflatedFile | null = null;
  private readonly zip = new Zip((error, chunk) => {
    if (error) this.failure = error;
    else this.waiting.push(chunk);
  });
  /** Bytes given to the sink so far. */
  written = 0;

  constructor(private readonly sink: Sink) {}

  /** Bytes of the open file before compression. */
  get fileSize(): number {
    return this.current?.size ?? 0;
  }

  begin(name: string): void {
    this.current = new DeflatedFile(name);
    this.zip.add(this.current);
  }

  async write(text: string): Promise<void> {
    await this.current?.write(Buffer.from(text));
    await this.pass();
  }

  async endFile(): Promise<void> {
    await this.current?.end();
    this.current = null;
    await this.pass();
  }

  async end(): Promise<void> {
    this.zip.end();
    await this.pass();
  }

  private async pass(): Promise<void> {
    if (this.failure) throw this.failure;
    for (const chunk of this.waiting.splice(0)) {
      this.written += chunk.length;
      await this.sink(chunk);
    }
  }
}
