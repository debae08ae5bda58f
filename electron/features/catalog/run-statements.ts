import { AppError, cancelled, type ErrorInfo } from '../../../shared/errors';
import type { Statement } from '../../../shared/model/catalog';
import { openSession, type PgSession } from '../../adapters/postgres/session';
import { serverError } from '../../adapters/postgres/errors';
import type { ConnectionProfile } from '../../ports';

/** How many notices of one run are kept. */
const NOTICES_KEPT = 1000;

/** A build that is ended before its time leaves its index behind, unusable. */
const CONCURRENT_BUILD = /^\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX|REINDEX\b[^;]*?)\s+CONCURRENTLY\b/iu;

/** Whether a statement is refused while anybody is in the database that it names. */
export const needsEmptyDatabase = (sql: string): boolean => /^\s*(?:ALTER|DROP|CREATE)\s+DATABASE\b/iu.test(sql);

/** Statements that belong together: one transaction, or one statement alone. `first` counts from 0. */
interface Group {
  readonly first: number;
  readonly statements: readonly Statement[];
  readonly outside: boolean;
}

function groupsOf(statements: readonly Statement[]): Group[] {
  const groups: Group[] = [];
  for (const [at, statement] of statements.entries()) {
    const last = groups.at(-1);
    if (statement.outside === true) groups.push({ first: at, statements: [statement], outside: true });
    else if (!last || last.outside) groups.push({ first: at, statements: [statement], outside: false });
    else groups[groups.length - 1] = { ...last, statements: [...last.statements, statement] };
  }
  return groups;
}

/** What a person must know after a failure: which statement, what was taken back, what stays. */
function failure(error: unknown, statements: readonly Statement[], at: number | null, group: Group): AppError {
  const { info } = serverError(error);
  const failed = at === null ? undefined : statements[at];
  const stayed = group.first;
  const lines = [
    info.detail ?? '',
    at === null
      ? `The transaction could not be committed: ${group.statements.length} statements.`
      : `Statement ${at + 1} of ${statements.length} failed:\n${failed?.sql ?? ''}`,
    stayed === 0 ? 'Nothing was changed.' : `What the first ${stayed} of the statements did stays.`,
    failed && CONCURRENT_BUILD.test(failed.sql)
      ? 'An index that is marked invalid may be left: drop it or build it again.'
      : '',
  ];
  const told: ErrorInfo = {
    ...info,
    detail: lines.filter((line) => line !== '').join('\n'),
    ...(at === null ? {} : { field: `statements.${at}` }),
  };
  return new AppError(told, { cause: error });
}

async function runGroup(
  session: PgSession,
  group: Group,
  statements: readonly Statement[],
  signal: AbortSignal,
): Promise<void> {
  let at: number | null = group.first;
  try {
    if (!group.outside) await session.query('BEGIN', [], signal);
    for (const [offset, statement] of group.statements.entries()) {
      at = group.first + offset;
      await session.query(statement.sql, [], signal);
    }
    at = null;
    if (!group.outside) await session.query('COMMIT', [], signal);
  } catch (error) {
    const stopped = error instanceof AppError && error.code === 'cancelled';
    const half = group.outside && CONCURRENT_BUILD.test(group.statements[0]?.sql ?? '');
    if (stopped && !half && group.first === 0) throw error;
    // What stays behind must be told, so that this is no longer a silent cancellation.
    throw failure(
      stopped
        ? new AppError({ code: 'sql', sqlstate: '57014', message: 'The run was cancelled' }, { cause: error })
        : error,
      statements,
      at,
      group,
    );
  }
}

/**
 * Runs statements in order on a session of their own: what stands together and may, in one transaction. Fails with `denied` for a read-only
 * registration; with `sql` when the server refuses, `field` is then `statements.N` (from 0), `position` is an offset in that statement, and
 * `detail` tells what stayed; with `cancelled` when nothing stayed. Returns what the server said (notices).
 */
export async function runStatements(
  profile: ConnectionProfile,
  statements: readonly Statement[],
  signal: AbortSignal,
): Promise<string[]> {
  if (profile.readOnly) {
    throw new AppError({
      code: 'denied',
      message: 'This server is registered as read-only',
      hint: 'Turn Read-only off in the registration of the server, or use another one.',
    });
  }
  if (signal.aborted) throw cancelled();
  const session = await openSession(profile, signal);
  const notices: string[] = [];
  session.client.on('notice', (notice) => {
    if (notices.length < NOTICES_KEPT) notices.push(`${notice.severity ?? 'NOTICE'}: ${notice.message ?? ''}`);
  });
  try {
    for (const group of groupsOf(statements)) await runGroup(session, group, statements, signal);
    return notices;
  } finally {
    await session.end();
  }
}
