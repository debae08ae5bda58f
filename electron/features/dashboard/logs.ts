import { AppError } from '../../../shared/errors';
import type { LogFile, LogObstacle, LogState } from '../../../shared/model/dashboard';
import type { PgSession } from '../../adapters/postgres/session';
import { formatOf, logEntries } from './log-lines';
import { msAt } from './sql-parts';

/** How many files are told. */
const MOST_FILES = 500;

const OBSTACLES: Readonly<Record<string, LogObstacle>> = {
  // permission denied
  '42501': 'not-permitted',
  // no such folder or file
  '58P01': 'no-file',
};

interface Row {
  readonly collector: boolean;
  readonly files: LogFile[] | null;
  readonly name: string | null;
  readonly size: number | null;
  readonly start: number | null;
  readonly bytes: Buffer | null;
}

const baseName = (path: string): string => `pg_catalog.regexp_replace(${path}, '^.*[/\\\\]', '')`;

/**
 * `$1`: the file, empty is the one that is written now; `$2`: how many bytes of its end. A name counts only if the folder has it, so that
 * nothing outside of it is read.
 */
const logSql = (version: number): string => `
WITH files AS (
  SELECT f.name, f.size, f.modification FROM pg_catalog.pg_ls_logdir() f ORDER BY f.modification DESC, f.name DESC LIMIT ${MOST_FILES}
), chosen AS (
  SELECT f.name, f.size, greatest(f.size - $2::pg_catalog.int8, 0) AS start FROM files f
   WHERE f.name = CASE WHEN $1 <> '' THEN $1 ELSE coalesce(
     ${version >= 150000 ? `${baseName("pg_catalog.pg_current_logfile('jsonlog')")},` : ''}
     ${baseName("pg_catalog.pg_current_logfile('csvlog')")}, ${baseName("pg_catalog.pg_current_logfile('stderr')")}) END
)
SELECT pg_catalog.current_setting('logging_collector') = 'on' AS collector,
  (SELECT pg_catalog.json_agg(told) FROM (
    SELECT f.name, f.size AS bytes, ${msAt('f.modification')} AS at FROM files f) told) AS files,
  c.name, c.size::pg_catalog.float8 AS size, c.start::pg_catalog.float8 AS start,
  pg_catalog.pg_read_binary_file(pg_catalog.current_setting('log_directory') || '/' || c.name, c.start, $2::pg_catalog.int8) AS bytes
FROM (SELECT 1) one LEFT JOIN chosen c ON true`;

const NOTHING = { files: [], file: '', readBytes: 0, fileBytes: 0, entries: [] };

/** The end of a log file, as far as the server lets itself be read; what stands in the way is part of the answer. */
export async function readLog(session: PgSession, file: string, most: number, signal: AbortSignal): Promise<LogState> {
  let row: Row | undefined;
  try {
    [row] = await session.query<Row>(logSql(session.serverVersionNum), [file, most], signal);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const obstacle = OBSTACLES[error.info.sqlstate ?? ''];
    if (obstacle === undefined) throw error;
    const [setting] = await session.query<{ on: boolean }>(
      `SELECT pg_catalog.current_setting('logging_collector') = 'on' AS on`,
      [],
      signal,
    );
    return { ...NOTHING, obstacle: setting?.on === false ? 'collector-off' : obstacle, reason: error.info.message };
  }
  if (!row || row.name === null || row.bytes === null) {
    return {
      ...NOTHING,
      files: row?.files ?? [],
      obstacle: row?.collector === false ? 'collector-off' : 'no-file',
      reason: '',
    };
  }
  const text = row.bytes.toString('utf8');
  return {
    obstacle: null,
    reason: '',
    files: row.files ?? [],
    file: row.name,
    readBytes: row.bytes.length,
    fileBytes: row.size ?? 0,
    entries: logEntries(text, formatOf(row.name), (row.start ?? 0) > 0),
  };
}
