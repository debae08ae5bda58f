import type { Readable } from 'node:stream';
import { openDumpStream, readError, type DumpFile } from '../../adapters/tools/dump-file';
import type { Handover } from '../../adapters/postgres/handover';
import { startEmbeddedDump } from '../../adapters/tools/embedded/embedded-pg-dump';
import { dumpArgs, startDump } from '../../adapters/tools/pg-dump';
import { archiveToScript, type RestoreChoice } from '../../adapters/tools/pg-restore';
import type { ToolMessage } from '../../../shared/model/tool-errors';

/** A script on its way: from a file, out of an archive, or from a running pg_dump. */
export interface ScriptSource {
  readonly stream: Readable;
  /** Bytes of `totalBytes` that were read so far; null where it can't be known. */
  position(): number;
  /** 0 when unknown. */
  readonly totalBytes: number;
  /** Resolves when the source ended well. Fails with `tool`, `file` or `cancelled`. */
  readonly done: Promise<void>;
  /** Turns an error of `stream` into what happened. */
  explain(error: unknown): unknown;
  close(): void;
}

/** A plain file, gunzipped where needed. */
export function fileSource(file: DumpFile): ScriptSource {
  const opened = openDumpStream(file);
  return {
    stream: opened.stream,
    position: opened.position,
    totalBytes: file.sizeBytes,
    done: Promise.resolve(),
    explain: (error) => (isStreamError(error) ? readError(file.path, error) : error),
    close: () => opened.stream.destroy(),
  };
}

const isStreamError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(Z_|E[A-Z]+$)/.test(error.code);

/** An archive turned into its script by pg_restore. */
export function archiveSource(
  file: DumpFile,
  program: string,
  choice: RestoreChoice,
  signal: AbortSignal,
  onMessage: (message: ToolMessage) => void,
): ScriptSource {
  const packed = file.compression === 'gzip' ? openDumpStream(file) : null;
  const ender = new AbortController();
  let damage: unknown;
  packed?.stream.on('error', (error) => {
    damage = readError(file.path, error);
    ender.abort();
  });
  const running = archiveToScript(
    {
      program,
      path: file.path,
      content: packed?.stream ?? null,
      signal: AbortSignal.any([signal, ender.signal]),
      onMessage,
    },
    choice,
  );
  const done = running.done.then(
    () => undefined,
    (error: unknown) => {
      throw damage ?? error;
    },
  );
  done.catch(() => undefined);
  return {
    stream: running.stdout,
    position: () => packed?.position() ?? 0,
    totalBytes: packed ? file.sizeBytes : 0,
    done,
    explain: (error) => damage ?? error,
    close: () => {
      packed?.stream.destroy();
      ender.abort();
    },
  };
}

/** A running pg_dump. */
export function dumpSource(
  program: string,
  choice: RestoreChoice,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onLine: (line: string) => void,
): ScriptSource {
  const ender = new AbortController();
  const running = startDump({
    program,
    args: ['--verbose', ...dumpArgs(choice)],
    env,
    signal: AbortSignal.any([signal, ender.signal]),
    onErrorLine: onLine,
  });
  const done = running.done.then(() => undefined);
  done.catch(() => undefined);
  return {
    stream: running.stdout,
    position: () => 0,
    totalBytes: 0,
    done,
    explain: (error) => error,
    close: () => ender.abort(),
  };
}

/** The built-in pg_dump over a connection of ours. */
export function embeddedDumpSource(
  handover: Handover,
  where: { readonly database: string; readonly user: string },
  choice: RestoreChoice,
  signal: AbortSignal,
  onLine: (line: string) => void,
): ScriptSource {
  const ender = new AbortController();
  const running = startEmbeddedDump({
    ...where,
    stream: handover.stream,
    parameters: handover.parameters,
    args: ['--verbose', ...dumpArgs(choice)],
    signal: AbortSignal.any([signal, ender.signal]),
    onErrorLine: onLine,
  });
  running.done.catch(() => handover.cancel()).finally(() => handover.release());
  return {
    stream: running.stdout,
    position: () => 0,
    totalBytes: 0,
    done: running.done,
    explain: (error) => error,
    close: () => ender.abort(),
  };
}
