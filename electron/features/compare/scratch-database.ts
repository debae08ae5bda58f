import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { timeLimit } from '../../adapters/postgres/deadline';
import { openSession, type PgSession } from '../../adapters/postgres/session';
import { openDumpStream, readError, recogniseFile } from '../../adapters/tools/dump-file';
import { archiveToScript } from '../../adapters/tools/pg-restore';
import { AppError, errorInfo, throwIfAborted } from '../../../shared/errors';
import { quoteIdent } from '../../../shared/model/quote';
import { leadingBlank } from '../../../shared/model/script-bytes';
import { ScriptScanner, type ScriptPiece } from '../../../shared/model/script-scanner';
import type { ConnectionProfile } from '../../ports';

export interface ScratchRequest {
  /** The dump: plain SQL (also gzipped), custom, tar or directory. */
  readonly path: string;
  /** Profile for a database of the server that lends the scratch database; null is its maintenance database. */
  readonly profile: (database: string | null) => Promise<ConnectionProfile>;
  /** Path of pg_restore, asked for when an archive needs it. */
  readonly restoreProgram: () => Promise<string>;
  readonly signal: AbortSignal;
}

/**
 * Statements that make structure. Threat: a dump is a program. Everything else in it (data, psql commands, roles, databases, settings of
 * the server) is left out; what definitions themselves run, e.g. the query of a view with rows, runs as in every restore.
 */
const MAKES =
  /^(?:create|alter|comment|grant|revoke|security\s+label|set(?!\s+(?:session\s+authorization|role)\b)|reset|select\s+pg_catalog\.set_config\b)/i;
const OUTSIDE =
  /^(?:create|alter|comment\s+on|security\s+label\s.*?\son)\s+(?:role|user(?!\s+mapping)|group|database|tablespace|system)\b/is;
const SUBSCRIBES = /^(?:create|alter)\s+subscription\b/i;

/** Whether a statement of a dump is run in the scratch database. */
export const isStructure = (sql: string): boolean => MAKES.test(sql) && !OUTSIDE.test(sql) && !SUBSCRIBES.test(sql);

const MAX_NOTES = 200;
const DROP_MS = 20_000;

/**
 * Loads the structure of a dump into a new database of a random name, hands its profile to `work` with what the server refused, and drops
 * the database again, whatever happens. Fails with `file`, `tool`, `sql` or `cancelled`.
 */
export async function withScratchDatabase<T>(
  request: ScratchRequest,
  work: (profile: ConnectionProfile, notes: readonly string[]) => Promise<T>,
): Promise<T> {
  const { signal, profile } = request;
  const name = `howdah_compare_${randomBytes(8).toString('hex')}`;
  const maintenance = await profile(null);
  const admin = await openSession(maintenance, signal);
  try {
    try {
      await admin.query(`CREATE DATABASE ${quoteIdent(name)} TEMPLATE template0`, [], signal);
    } finally {
      await admin.end();
    }
    const scratch = { ...(await profile(name)), readOnly: false };
    const session = await openSession(scratch, signal);
    let notes: readonly string[];
    try {
      notes = await loadStructure(session, request);
    } finally {
      await session.end();
    }
    return await work(scratch, notes);
  } finally {
    await drop(maintenance, name);
  }
}

/** Not under the caller's signal: the database goes also when the person gave up. */
async function drop(maintenance: ConnectionProfile, name: string): Promise<void> {
  const signal = timeLimit(DROP_MS);
  const admin = await openSession(maintenance, signal);
  try {
    await admin.query(
      'SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid()',
      [name],
      signal,
    );
    await admin.query(`DROP DATABASE IF EXISTS ${quoteIdent(name)}`, [], signal);
  } finally {
    await admin.end();
  }
}

/** Runs the statements of the dump one by one; returns what the server refused. */
async function loadStructure(session: PgSession, request: ScratchRequest): Promise<string[]> {
  const { signal } = request;
  const notes: string[] = [];
  const run = async (piece: ScriptPiece): Promise<void> => {
    throwIfAborted(signal);
    if (piece.kind !== 'statement' || piece.copy !== null) return;
    const { bytes } = piece;
    const sql = Buffer.from(bytes.subarray(leadingBlank(bytes))).toString('utf8');
    if (!isStructure(sql)) return;
    try {
      await session.query(sql, [], signal);
    } catch (error) {
      const { code, message } = errorInfo(error);
      if (code !== 'sql') throw error;
      if (notes.length < MAX_NOTES) notes.push(`${piece.line}: ${message}`);
    }
  };
  const { stream, done } = await openScript(request);
  const scanner = new ScriptScanner();
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      for (const piece of scanner.push(chunk)) await run(piece);
    }
    for (const piece of scanner.end().pieces) await run(piece);
    await done;
  } catch (error) {
    throw error instanceof AppError ? error : readError(request.path, error);
  } finally {
    stream.destroy();
  }
  return notes;
}

async function openScript({
  path,
  restoreProgram,
  signal,
}: ScratchRequest): Promise<{ readonly stream: Readable; readonly done: Promise<unknown> }> {
  const file = await recogniseFile(path);
  if (file.kind === 'unknown')
    throw new AppError({ code: 'file', message: `${file.name} is no dump`, hint: file.problem });
  if (file.kind === 'plain') return { stream: openDumpStream(file).stream, done: Promise.resolve() };
  const content = file.compression === 'gzip' ? openDumpStream(file).stream : null;
  const running = archiveToScript(
    { program: await restoreProgram(), path, content, signal, onMessage: () => undefined },
    { content: 'structure', schemas: [], tables: [], noOwner: false, noPrivileges: false, clean: false },
  );
  return { stream: running.stdout, done: running.done };
}
