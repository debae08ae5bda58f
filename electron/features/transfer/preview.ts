import { openDumpStream, readError, recogniseFile, type DumpFile } from '../../adapters/tools/dump-file';
import { chooseRestore } from '../../adapters/tools/locate';
import { archiveToScript } from '../../adapters/tools/pg-restore';
import { AppError, errorInfo } from '../../../shared/errors';
import type { ClientTool, DumpPreview } from '../../../shared/model/import';
import { scanScript, type ScriptScan } from './scan-script';

/** How much of a plain dump a preview reads, in bytes of SQL: about two seconds. */
const PREVIEW_BYTES = 256 * 1024 * 1024;

const EVERYTHING = {
  content: 'structure',
  schemas: [],
  tables: [],
  noOwner: false,
  noPrivileges: false,
  clean: false,
} as const;

function fromScan(file: DumpFile, scan: ScriptScan): DumpPreview {
  const { facts } = scan;
  const cutOff =
    scan.scannedAll && file.kind === 'plain' && (scan.end !== 'complete' || (facts.startMark && !facts.endMark));
  return {
    ...bare(
      file,
      cutOff ? 'It is cut off: the last part of the dump is missing. Copy or download the file again.' : '',
    ),
    encoding: facts.encoding || (scan.utf8 ? 'UTF8' : ''),
    encodingStated: facts.encoding !== '',
    serverVersion: facts.serverVersion,
    dumpVersion: facts.dumpVersion,
    schemas: [...facts.schemas].toSorted(),
    tables: [...facts.tables].toSorted(),
    roles: [...facts.roles].toSorted(),
    extensions: [...facts.extensions].toSorted(),
    typesOf: [...facts.typesOf].filter((name) => !facts.extensions.has(name)).toSorted(),
    unsafeLines: scan.unsafeLines,
    connects: facts.connects,
    scannedAll: scan.scannedAll,
  };
}

function bare(file: DumpFile, problem: string): DumpPreview {
  return {
    fileName: file.name,
    kind: file.kind,
    problem,
    compression: file.compression,
    sizeBytes: file.sizeBytes,
    encoding: '',
    encodingStated: false,
    serverVersion: '',
    dumpVersion: '',
    schemas: [],
    tables: [],
    roles: [],
    extensions: [],
    typesOf: [],
    unsafeLines: [],
    connects: [],
    scannedAll: false,
  };
}

/**
 * Recognises a file and reads what it says about itself. Archives are read through pg_restore; without one only their kind is known. Damage
 * is told in `problem`. Fails with `file` when the file is missing or unreadable.
 */
export async function previewFile(
  path: string,
  tools: readonly ClientTool[],
  signal: AbortSignal,
): Promise<DumpPreview> {
  const file = await recogniseFile(path);
  if (file.kind === 'unknown' || file.kind === 'directory') return bare(file, file.problem);
  if (file.kind === 'plain') {
    try {
      return fromScan(file, await scanScript(openDumpStream(file).stream, PREVIEW_BYTES, signal));
    } catch (error) {
      if (signal.aborted) throw error;
      const { message, hint } = readError(path, error).info;
      return bare(file, hint === undefined ? message : `${message}. ${hint}`);
    }
  }
  const restore = chooseRestore(tools);
  if (!restore) return bare(file, '');
  try {
    const content = file.compression === 'gzip' ? openDumpStream(file).stream : null;
    let damaged: unknown;
    content?.on('error', (error) => {
      damaged = error;
    });
    const running = archiveToScript(
      { program: restore.path, path, content, signal, onMessage: () => undefined },
      EVERYTHING,
    );
    const scan = await scanScript(running.stdout, PREVIEW_BYTES, signal);
    content?.destroy();
    if (damaged !== undefined) throw readError(path, damaged);
    await running.done;
    return fromScan(file, scan);
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    return bare(file, archiveProblem(errorInfo(error).message, restore));
  }
}

function archiveProblem(message: string, restore: ClientTool): string {
  if (/unsupported version/.test(message))
    return `pg_restore ${restore.version} cannot read this archive: ${message}. Install newer client programs and choose their folder in the settings.`;
  return `pg_restore cannot read this archive: ${message}. It may be cut off or damaged: copy or download it again.`;
}
