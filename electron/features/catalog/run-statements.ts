import { AppError, cancelled, type ErrorInfo } from '../../../shared/errors';
import type { Statement } from '../../../shared/model/catalog';
import { openSession, type OwnSession } from '../../adapters/postgres/session';
import { serverError } from '../../adapters/postgres/errors';
import type { ConnectionProfile } from '../../ports';

/** How many notices of one run are kept. */
const NOTICES_KEPT = 1000;

/** A build that is ended before its time leaves its index behind, unusable. */
const CONCURRENT_BUILD = /^\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX|REINDEX\b[^;]*?)\s+CONCURRENTLY\b/iu;
/** A partition that is taken out so is half out when that is ended before its time. */
const CONCURRENT_DETACH = /^\s*ALTER\s+TABLE\b.*\sDETACH\s+PARTITION\b.*\sCONCURRENTLY\s*;?\s*$/isu;

/** What is left when a statement that stands alone is ended before its time; empty when nothing is. */
function leftHalf(sql: string): string {
  if (CONCURRENT_BUILD.test(sql)) return 'An index that is marked invalid may be left: drop it or build it again.';
  return CONCURRENT_DETACH.test(sql)
    ? 'The partition may be left in between: finish with ALTER TABLE … DETACH PARTITION … FINALIZE.'
    : '';
}

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

/**
 * What a person must know after a failure: which statement, what was taken back, what stays. The statement's text is not among it: it may
 * hold a password, and an error is logged and copied. `unknown`: the connection went while the server may have been about to keep it.
 */
function failure(
  error: unknown,
  statements: readonly Statement[],
  at: number | null,
  group: Group,
  unknown: boolean,
): AppError {
  const { info } = serverError(error);
  const stayed = group.first;
  const before = stayed === 0 ? '' : `What the first ${stayed} of the statements did stays.`;
  const count = group.statements.length;
  const lines = unknown
    ? [
        at === null
          ? `The connection was lost while the transaction of ${count} statements was committed.`
          : `The connection was lost while statement ${at + 1} of ${statements.length} ran.`,
        'Whether it took effect is not known: look before you run it again.',
        before,
      ]
    : [
        at === null
          ? `The transaction could not be committed: ${count} statements.`
          : `Statement ${at + 1} of ${statements.length} failed.`,
        before === '' ? 'Nothing was changed.' : before,
      ];
  const half = group.outside ? leftHalf(group.statements[0]?.sql ?? '') : '';
  const { retry, ...rest } = info;
  const told: ErrorInfo = {
    ...rest,
    // Not to be run again unseen.
    ...(retry === undefined || unknown ? {} : { retry }),
    detail: [info.detail ?? '', ...lines, half].filter((line) => line !== '').join('\n'),
    ...(at === null ? {} : { field: `statements.${at}` }),
  };
  return new AppError(told, { cause: error });
}

async function runGroup(
  session: OwnSession,
  group: Group,
  statements: readonly Statement[],
  signal: AbortSignal,
): Promise<void> {
  let at: number | null = group.first;
  try {
    if (!group.outside) await session.command('BEGIN', signal);
    for (const [offset, statement] of group.statements.entries()) {
      at = group.first + offset;
      // One command only: a COMMIT within would end the transaction of all.
      await session.command(statement.sql, signal);
    }
    at = null;
    if (!group.outside) await session.command('COMMIT', signal);
  } catch (error) {
    const stopped = error instanceof AppError && error.code === 'cancelled';
    // Nothing was sent when a cancellation has no cause.
    const answer = stopped ? error.cause : error;
    const lost = answer !== undefined && serverError(answer).code === 'lost-connection';
    const unknown = lost && (group.outside || at === null);
    const half = group.outside && leftHalf(group.statements[0]?.sql ?? '') !== '';
    if (stopped && !half && !unknown && group.first === 0) throw error;
    // What stays behind must be told, so that this is no longer a silent cancellation.
    throw failure(
      stopped
        ? new AppError({ code: 'sql', sqlstate: '57014', message: 'The run was cancelled' }, { cause: error })
        : error,
      statements,
      at,
      group,
      unknown,
    );
  }
}

/**
 * Runs statements in order on a session of their own: what stands together and may, in one transaction. Fails with `denied` for a read-only
 * registration; with `sql` when the server refuses (also a statement of several commands), `field` is then `statements.N` (from 0),
 * `position` is an offset in that statement, and `detail` tells what stayed; with `lost-connection`; with `cancelled` when nothing stayed. Returns what the server said (notices).
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
