import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { timeLimit } from '../../adapters/postgres/deadline';
import { openSession, type OwnSession, type PgSession } from '../../adapters/postgres/session';
import { openDumpStream, readError, recogniseFile } from '../../adapters/tools/dump-file';
import { archiveToScript } from '../../adapters/tools/pg-restore';
import { AppError, errorInfo, throwIfAborted } from '../../../shared/errors';
import { quoteIdent } from '../../../shared/model/quote';
import { leadingBlank } from '../../../shared/model/script-bytes';
import { ScriptScanner, type ScriptPiece } from '../../../shared/model/script-scanner';
import type { ConnectionProfile } from '../../ports';
import { isEventTrigger, isStructure } from './dump-statements';

export interface ScratchRequest {
  /** The dump: plain SQL (also gzipped), custom, tar or directory. */
  readonly path: string;
  /** Profile for a database of the server that lends the scratch database; null is its maintenance database. */
  readonly profile: (database: string | null) => Promise<ConnectionProfile>;
  /** Path of pg_restore, asked for when an archive needs it. */
  readonly restoreProgram: () => Promise<string>;
  readonly signal: AbortSignal;
}

const MAX_NOTES = 200;
const DROP_MS = 20_000;

/** Name of a scratch database: when it was made by the server's clock, in seconds, and something that nobody guesses. */
const NAME = /^howdah_compare_(\d+)_[0-9a-f]{16}$/;
/** Seconds after which a database of such a name that nobody is in was left behind, e.g. by a program that was killed. */
const ABANDONED = 3600;
/** First version that ends sessions as it drops their database. */
const FORCE_SINCE = 130_000;

/** What `work` made of the scratch database. */
export interface ScratchResult<T> {
  readonly result: T;
  /** What the server refused. */
  readonly notes: readonly string[];
}

/**
 * Loads the structure of a dump into a new database of a random name, hands its profile to `work`, and drops the database again, whatever
 * happens; those that were left behind are dropped too. Fails with `file`, `tool`, `sql` or `cancelled`.
 */
export async function withScratchDatabase<T>(
  request: ScratchRequest,
  work: (profile: ConnectionProfile) => Promise<T>,
): Promise<ScratchResult<T>> {
  const { signal, profile } = request;
  const maintenance = await profile(null);
  const name = await create(maintenance, signal);
  let done: ScratchResult<T>;
  try {
    const scratch = { ...(await profile(name)), readOnly: false };
    const session = await openSession(scratch, signal);
    let notes: readonly string[];
    try {
      notes = await loadStructure(session, request);
    } finally {
      await session.end();
    }
    done = { result: await work(scratch), notes };
  } catch (error) {
    const left = await drop(maintenance, name);
    const info = errorInfo(error);
    if (left === null || !(error instanceof AppError) || info.code === 'cancelled') throw error;
    const detail = [info.detail, left].filter(Boolean).join('\n');
    throw new AppError({ ...info, detail }, { cause: error });
  }
  const left = await drop(maintenance, name);
  return left === null ? done : { ...done, notes: [left, ...done.notes] };
}

async function create(maintenance: ConnectionProfile, signal: AbortSignal): Promise<string> {
  const admin = await openSession(maintenance, signal);
  let name = '';
  try {
    const [clock] = await admin.query<{ now: string }>(
      'SELECT pg_catalog.floor(extract(epoch FROM pg_catalog.now()))::text AS now',
      [],
      signal,
    );
    const now = Number(clock?.now);
    await removeAbandoned(admin, now, signal);
    name = `howdah_compare_${now}_${randomBytes(8).toString('hex')}`;
    await admin.query(`CREATE DATABASE ${quoteIdent(name)} TEMPLATE template0`, [], signal);
    return name;
  } catch (error) {
    // The server may have made it all the same.
    if (name !== '' && errorInfo(error).code !== 'sql') await drop(maintenance, name);
    throw error;
  } finally {
    await admin.end();
  }
}

/** Drops our own scratch databases that are old and that nobody is in; one that can't be dropped stays. */
async function removeAbandoned(admin: PgSession, now: number, signal: AbortSignal): Promise<void> {
  const idle = await admin.query<{ name: string }>(
    `SELECT d.datname::text AS name FROM pg_catalog.pg_database d
      WHERE pg_catalog.strpos(d.datname::text, 'howdah_compare_') = 1 AND pg_catalog.pg_get_userbyid(d.datdba) = current_user
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)`,
    [],
    signal,
  );
  for (const { name } of idle) {
    const made = NAME.exec(name)?.[1];
    if (made === undefined || now - Number(made) < ABANDONED) continue;
    await ignoringSql(admin.query(`DROP DATABASE IF EXISTS ${quoteIdent(name)}`, [], signal));
  }
}

/** Null when it worked, the server's words when it was refused. */
async function ignoringSql(running: Promise<unknown>): Promise<string | null> {
  try {
    await running;
    return null;
  } catch (error) {
    const { code, message } = errorInfo(error);
    if (code !== 'sql') throw error;
    return message;
  }
}

/** Not under the caller's signal: the database goes also when the person gave up. Returns what to tell when it stays, null when it is gone. */
async function drop(maintenance: ConnectionProfile, name: string): Promise<string | null> {
  const signal = timeLimit(DROP_MS);
  try {
    const admin = await openSession(maintenance, signal);
    try {
      await dropWith(admin, name, signal);
    } finally {
      await admin.end();
    }
    return null;
  } catch (error) {
    return `The scratch database ${name} could not be dropped: ${errorInfo(error).message}`;
  }
}

async function dropWith(admin: PgSession, name: string, signal: AbortSignal): Promise<void> {
  const statement = `DROP DATABASE IF EXISTS ${quoteIdent(name)}`;
  if (admin.serverVersionNum >= FORCE_SINCE) {
    if ((await ignoringSql(admin.query(`${statement} WITH (FORCE)`, [], signal))) === null) return;
  }
  // Somebody else's process, e.g. autovacuum's, may be refused to us; the server itself sends that away.
  await ignoringSql(
    admin.query(
      `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
        WHERE datname = $1 AND usename = current_user AND backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()`,
      [name],
      signal,
    ),
  );
  await admin.query(statement, [], signal);
}

/** Runs the statements of the dump one by one; returns what the server refused. */
async function loadStructure(session: OwnSession, request: ScratchRequest): Promise<string[]> {
  const { signal } = request;
  const notes: string[] = [];
  // They come last: they would run with what follows them.
  const late: ScriptPiece[] = [];
  const run = async (piece: ScriptPiece, isLate = false): Promise<void> => {
    throwIfAborted(signal);
    if (piece.kind !== 'statement' || piece.copy !== null) return;
    const { bytes } = piece;
    const sql = Buffer.from(bytes.subarray(leadingBlank(bytes))).toString('utf8');
    if (!isStructure(sql)) return;
    if (!isLate && isEventTrigger(sql)) {
      late.push(piece);
      return;
    }
    try {
      await session.command(sql, signal);
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
    for (const piece of late) await run(piece, true);
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
