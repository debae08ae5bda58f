import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerAccount } from './account';
import type { ReceivedFile } from './backup-manifest';
import { crc32c, CRC32C_START } from './crc32c';
import { own } from './owned-file';
import { TarReader, type TarEntry } from './tar-reader';

/** A file that is coming: small ones are gathered and written in one go, the others as they come. */
interface Running {
  readonly path: string;
  readonly gathered: Buffer | null;
  readonly handle: FileHandle | null;
  size: number;
  checksum: number;
}

/** A cluster has a thousand files of this size: writing them one after the other would wait for the disk's queue four times for each. */
const SMALL = 256 * 1024;
const MOST_AT_ONCE = 12;

/**
 * Unpacks the archive of a base backup into a folder that only we can enter, as it comes: memory does not grow with the data (one large file
 * and a dozen small ones are open at a time). Nothing is overwritten and no link is followed or made.
 */
export class Unpacker {
  private readonly tar = new TarReader();
  private readonly received = new Map<string, ReceivedFile>();
  private readonly made: string[] = [];
  private readonly writing = new Set<Promise<void>>();
  private running: Running | null = null;
  private failure: { readonly error: unknown } | null = null;

  constructor(
    private readonly folder: string,
    private readonly account: ServerAccount | null,
    /** Whether checksums are wanted. */
    private readonly sums: boolean,
  ) {}

  /** Files by their path, and what came of them. */
  get files(): ReadonlyMap<string, ReceivedFile> {
    return this.received;
  }

  /** Full paths of all folders. */
  get folders(): readonly string[] {
    return [this.folder, ...this.made];
  }

  /** The chunk is not used after the promise has resolved. */
  async write(chunk: Buffer): Promise<void> {
    for (const part of this.tar.read(chunk)) {
      if (part.kind === 'entry') await this.begin(part.entry);
      else if (part.kind === 'end') await this.end();
      else if (this.running) await this.append(this.running, part.bytes);
    }
  }

  /** Fails when the archive broke off or something could not be written. */
  async finish(): Promise<void> {
    this.tar.finish();
    await this.close();
    if (this.failure) throw this.failure.error;
  }

  /** Nothing is written any more when it resolves. */
  async close(): Promise<void> {
    const { running } = this;
    this.running = null;
    await running?.handle?.close();
    await Promise.all(this.writing);
  }

  private async begin({ path, kind, size }: TarEntry): Promise<void> {
    if (this.failure) throw this.failure.error;
    const place = join(this.folder, path);
    if (kind === 'folder') {
      if ((await mkdir(place, { recursive: true, mode: 0o700 })) === undefined) return;
      await own(place, this.account);
      this.made.push(place);
      return;
    }
    const gathered = size <= SMALL ? Buffer.allocUnsafe(size) : null;
    this.running = {
      path,
      gathered,
      handle: gathered ? null : await this.create(place),
      size: 0,
      checksum: CRC32C_START,
    };
  }

  /** `wx`: a second file of the same name is refused, and a link that stands there is not followed. */
  private async create(place: string): Promise<FileHandle> {
    const handle = await open(place, 'wx', 0o600);
    if (this.account) await handle.chown(this.account.uid, this.account.gid);
    return handle;
  }

  private async append(running: Running, bytes: Buffer): Promise<void> {
    if (this.sums) running.checksum = crc32c(bytes, running.checksum);
    if (running.gathered) bytes.copy(running.gathered, running.size);
    else if (running.handle) await writeAll(running.handle, bytes);
    running.size += bytes.length;
  }

  private async end(): Promise<void> {
    const { running } = this;
    if (!running) return;
    this.running = null;
    if (running.gathered) await this.writeAside(running.path, running.gathered);
    else await running.handle?.close();
    this.received.set(running.path, { size: running.size, checksum: running.checksum });
  }

  private async writeAside(path: string, bytes: Buffer): Promise<void> {
    while (this.writing.size >= MOST_AT_ONCE) await Promise.race(this.writing);
    const work = this.writeWhole(join(this.folder, path), bytes)
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => this.writing.delete(work));
    this.writing.add(work);
  }

  private async writeWhole(place: string, bytes: Buffer): Promise<void> {
    const handle = await this.create(place);
    try {
      await writeAll(handle, bytes);
    } finally {
      await handle.close();
    }
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
  }
}
