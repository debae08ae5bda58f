import { CopyFailure } from '../../../adapters/postgres/copy-pipe';
import { AppError, errorInfo, type ErrorInfo } from '../../../../shared/errors';
import type { WorkerEnd } from '../worker-protocol';

/**
 * What a failure means for the run: `away`: something outside is not there, trying later may help; `busy`: the same statement may succeed at
 * once; `cancelled`: somebody wants the run to end; `object`: this object cannot be done, others can.
 */
export type FailureKind = 'away' | 'busy' | 'cancelled' | 'object';

const AWAY_CODES: ReadonlySet<ErrorInfo['code']> = new Set([
  'unreachable',
  'lost-connection',
  'authentication',
  'tls',
  'tunnel',
]);

/**
 * Classes and states of errcodes.txt that speak of the server and not of the statement: connections, logins, resources, shutdown, a server that
 * has become a standby, a read or write that the machine refused.
 */
const AWAY_STATES = /^(?:08|53|28|57P0[1-5]|25006|58030)/;
/** Deadlock, serialization, a lock that was not to be had, a statement that somebody cancelled. */
const BUSY_STATES = new Set(['40P01', '40001', '55P03', '57014']);

/** The failure itself when it came out of a copy between two sides. */
export function reasonOf(error: unknown): ErrorInfo {
  return error instanceof CopyFailure ? error.reason.info : errorInfo(error);
}

export function failureKind(error: unknown): FailureKind {
  const { code, sqlstate = '' } = reasonOf(error);
  if (code === 'cancelled') return 'cancelled';
  if (AWAY_STATES.test(sqlstate) || AWAY_CODES.has(code)) return 'away';
  return BUSY_STATES.has(sqlstate) ? 'busy' : 'object';
}

/** Whether an account, a disk or the like must be put right by a person: trying again within seconds is of no use. */
export function needsPerson(error: unknown): boolean {
  const { code, sqlstate = '' } = reasonOf(error);
  return code === 'authentication' || code === 'tls' || /^(?:53100|28)/.test(sqlstate);
}

const HINTS: Readonly<Record<string, string>> = {
  '53100': 'The disk of the server is full: make room on it, then resume. What was copied so far stays.',
  '53200':
    'The server has no memory left for this: lower the number of tables copied at once, or raise max_locks_per_transaction.',
  '53300': 'All connection slots are taken: copy fewer tables at once, or raise max_connections.',
  '25006': 'The target takes no writes now: it may have become a standby.',
};

/** The words of a failure with what to do about it. */
function wordsOf(error: unknown): { readonly problem: string; readonly hint: string } {
  const info = reasonOf(error);
  const side = error instanceof CopyFailure ? `${error.side === 'source' ? 'Source' : 'Target'}: ` : '';
  const known = HINTS[info.sqlstate ?? ''] ?? '';
  return { problem: `${side}${info.message}`, hint: known || (info.hint ?? '') };
}

/** Reason as it is shown beside an object: message and detail. */
export function reasonText(error: unknown): string {
  const info = reasonOf(error);
  return info.detail === undefined || info.code === 'bug' ? info.message : `${info.message}\n${info.detail}`;
}

/** How a run ends by an error that stopped it: `final` where the error says that trying again is of no use. */
export function endOf(error: unknown): WorkerEnd {
  if (failureKind(error) !== 'object') return { outcome: 'waits', ...wordsOf(error) };
  const final = reasonOf(error).retry === false;
  return { outcome: 'failed', ...wordsOf(error), ...(final ? { final } : {}) };
}

/** The statement cannot be done; carries on which. */
export const objectError = (message: string): AppError => new AppError({ code: 'conflict', message });
