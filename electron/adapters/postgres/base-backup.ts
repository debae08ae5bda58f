import type { Duplex } from 'node:stream';
import { AppError, throwIfAborted } from '../../../shared/errors';
import type { ConnectionProfile } from '../../ports';
import { createDeadline } from './deadline';
import { serverError } from './errors';
import { login } from './login';
import { openRoute } from './route';
import { createStepReporter } from './steps';
import { WireDecoder } from './wire-decoder';
import { BACKEND, parseNotice, queryMessage, TERMINATE, type WireNotice } from './wire-messages';
import { decodeRow, rowSize } from './wire-rows';

/** What the server tells before the first file. */
export interface BackupHeader {
  /** Where replay has to begin. */
  readonly startLsn: string;
  readonly timeline: number;
  /** Folders outside of the data folder. */
  readonly tablespaces: readonly string[];
  /** The server's estimate of all bytes; the log that is added at the end is not in it. */
  readonly totalBytes: number;
}

/** Where a base backup goes. Chunks are valid only until the promise resolves; the server waits meanwhile. */
export interface BackupSink {
  /** May refuse the backup by throwing. */
  begin(header: BackupHeader): void;
  /** The next bytes of the data folder's tar. */
  data(chunk: Buffer): Promise<void>;
  /** The next bytes of the manifest; servers before 13 have none. */
  manifest(chunk: Buffer): void;
}

export interface BackupOptions {
  /** `server_version_num` / 10,000. */
  readonly major: number;
  readonly label: string;
  readonly signal?: AbortSignal | undefined;
}

/** So long without a byte while we want one: a server that hangs. Longer than a checkpoint on a busy disk takes. */
const SILENCE_MS = 300_000;
const CELL_LIMIT = 10_000;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * With the log that is needed to make it consistent, so that the copy is whole by itself; not waiting for an archive, for the same reason.
 * Source: "Streaming Replication Protocol" of each version.
 */
function backupCommand({ major, label }: BackupOptions): string {
  if (major >= 15) {
    return `BASE_BACKUP (LABEL ${literal(label)}, PROGRESS, CHECKPOINT 'fast', WAL, WAIT false, MANIFEST 'yes')`;
  }
  const manifest = major >= 13 ? ` MANIFEST 'yes'` : '';
  return `BASE_BACKUP LABEL ${literal(label)} PROGRESS FAST WAL NOWAIT${manifest}`;
}

type Message = { readonly type: number; readonly body: Buffer } | { readonly type: 'row'; readonly body: Buffer };

/** The messages of the server's stream, in order. Bodies are valid until the next one is asked for. */
async function* messages(stream: Duplex, onSilence: () => void): AsyncGenerator<Message> {
  let found: Message[] = [];
  const decoder = new WireDecoder({
    rows(chunk, start, end) {
      for (let at = start; at < end; at += rowSize(chunk, at)) {
        found.push({ type: 'row', body: chunk.subarray(at, at + rowSize(chunk, at)) });
      }
    },
    message: (type, body) => void found.push({ type, body }),
  });
  const silence = setTimeout(onSilence, SILENCE_MS);
  try {
    for await (const chunk of stream) {
      decoder.push(chunk as Buffer);
      yield* found;
      found = [];
      silence.refresh();
    }
  } finally {
    clearTimeout(silence);
  }
}

/** Sub-messages of one copy stream (15 and later): `n` archive, `m` manifest, `d` data, `p` progress. */
const NEW_ARCHIVE = 0x6e;
const MANIFEST = 0x6d;
const DATA = 0x64;

const refused = (notice: WireNotice): AppError =>
  new AppError({
    code: 'sql',
    message: notice.message,
    sqlstate: notice.sqlstate,
    ...(notice.detail ? { detail: notice.detail } : {}),
    ...(notice.hint ? { hint: notice.hint } : {}),
  });

const broken = (what: string): AppError =>
  new AppError({ code: 'lost-connection', message: `The base backup broke off: ${what}`, retry: true });

/** Reads one answer to BASE_BACKUP up to ReadyForQuery. Two copy streams (to 14: the archive, then the manifest) or one with sub-messages. */
class BackupReader {
  private readonly results: (string | null)[][][] = [];
  private archives = 0;
  private manifests = 0;
  private begun = false;
  private inManifest = false;
  private failure: AppError | null = null;

  constructor(
    private readonly major: number,
    private readonly sink: BackupSink,
  ) {}

  /** True when the answer is complete. */
  async take({ type, body }: Message): Promise<boolean> {
    switch (type) {
      case 'row':
        this.results.at(-1)?.push(decodeRow(body, 0, CELL_LIMIT) as (string | null)[]);
        return false;
      case BACKEND.rowDescription:
        this.results.push([]);
        return false;
      case BACKEND.copyOutResponse:
        this.begin();
        return false;
      case BACKEND.copyData:
        // A server that has failed has said so; nothing after that counts.
        if (!this.failure) await this.copied(body);
        return false;
      case BACKEND.error:
        this.failure ??= refused(parseNotice(body));
        return false;
      case BACKEND.readyForQuery:
        this.finish();
        return true;
      default:
        return false;
    }
  }

  get refusal(): AppError | null {
    return this.failure;
  }

  private begin(): void {
    if (!this.begun) {
      this.begun = true;
      const [start, spaces = []] = this.results;
      const [startLsn, timeline] = start?.[0] ?? [];
      this.sink.begin({
        startLsn: startLsn ?? '',
        timeline: Number(timeline ?? 0),
        tablespaces: spaces.flatMap(([oid, location]) => (oid === null ? [] : [location ?? ''])),
        totalBytes: spaces.reduce((sum, [, , kilobytes]) => sum + Number(kilobytes ?? 0) * 1024, 0),
      });
    }
    if (this.major >= 15) return;
    this.inManifest = this.archives > 0;
    if (this.inManifest) this.manifests += 1;
    else this.archives += 1;
  }

  private async copied(body: Buffer): Promise<void> {
    if (this.major < 15) return this.content(body);
    switch (body[0]) {
      case NEW_ARCHIVE:
        this.archives += 1;
        this.inManifest = false;
        if (this.archives > 1) throw broken('more than one archive came');
        return;
      case MANIFEST:
        this.manifests += 1;
        this.inManifest = true;
        return;
      case DATA:
        return this.content(body.subarray(1));
      default:
        // Progress is counted by ourselves; kinds that later versions add may be skipped.
        return;
    }
  }

  private async content(chunk: Buffer): Promise<void> {
    if (this.archives === 0) throw broken('data came before its archive');
    if (this.inManifest) this.sink.manifest(chunk);
    else await this.sink.data(chunk);
  }

  private finish(): void {
    if (this.failure) throw this.failure;
    const wanted = this.major >= 13 ? 1 : 0;
    // The last result is the end position: without it the copy lacks the end of the log.
    if (this.archives !== 1 || this.manifests !== wanted || !this.results.at(2)?.[0]?.[0])
      throw broken('a part is missing');
  }
}

async function openReplication(profile: ConnectionProfile, signal: AbortSignal | undefined): Promise<Duplex> {
  const deadline = createDeadline(profile.connectTimeout, signal);
  const route = await openRoute(profile, createStepReporter(undefined), deadline);
  if (!route.local) {
    route.close();
    throw new Error('base backups are taken over a Unix socket only');
  }
  const outcome = await login(profile, await route.open(deadline), deadline, 'server');
  if ('failure' in outcome) throw outcome.failure;
  const stream: Duplex = outcome.client.connection.stream;
  stream.removeAllListeners('data');
  return stream;
}

/**
 * Takes a base backup over the replication protocol, from a Unix socket (10 to 18). Resolves when everything, the log included, went into the
 * sink. Fails with `sql` when the server refuses, `lost-connection`, `cancelled`, or with what the sink throws.
 */
export async function takeBaseBackup(
  profile: ConnectionProfile,
  options: BackupOptions,
  sink: BackupSink,
): Promise<void> {
  const { signal } = options;
  throwIfAborted(signal);
  const stream = await openReplication(profile, signal);
  const reader = new BackupReader(options.major, sink);
  let silent = false;
  const cut = (): void => void stream.destroy();
  signal?.addEventListener('abort', cut, { once: true });
  try {
    stream.write(queryMessage(backupCommand(options)));
    const silence = (): void => {
      silent = true;
      cut();
    };
    for await (const message of messages(stream, silence)) {
      if (!(await reader.take(message))) continue;
      stream.write(TERMINATE);
      return;
    }
    throw reader.refusal ?? broken('the server closed the connection');
  } catch (error) {
    throwIfAborted(signal);
    if (silent) throw broken(`the server sent nothing for ${SILENCE_MS / 1000} s`);
    if (error instanceof AppError) throw error;
    // The connection broke; anything else is the sink's own failure (a full disk).
    const code = error instanceof Error && 'code' in error ? error.code : '';
    throw code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE'
      ? (reader.refusal ?? serverError(error))
      : error;
  } finally {
    signal?.removeEventListener('abort', cut);
    stream.destroy();
  }
}
