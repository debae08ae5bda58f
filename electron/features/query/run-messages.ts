import type { WireNotice } from '../../adapters/postgres/wire-messages';
import type { ErrorInfo } from '../../../shared/errors';
import type { QueryMessage, SessionLoss } from '../../../shared/model/query';
import type { StatementRisk } from '../../../shared/model/statement-guard';
import { positionInText, type RefusedSql } from '../../../shared/model/sql-split';

const SEVERITIES: readonly QueryMessage['severity'][] = [
  'NOTICE',
  'WARNING',
  'INFO',
  'LOG',
  'DEBUG',
  'ERROR',
  'FATAL',
  'PANIC',
];

/** A message of the program itself, or the base of any other. */
export function ownMessage(
  severity: QueryMessage['severity'],
  text: string,
  more: Partial<QueryMessage> = {},
): QueryMessage {
  return {
    severity,
    text,
    detail: '',
    hint: '',
    where: '',
    sqlstate: '',
    position: null,
    statement: null,
    ms: null,
    at: Date.now(),
    ...more,
  };
}

/**
 * What the server says, its position mapped from the statement at `start` into the whole text; `shift` characters were sent in front of
 * the statement.
 */
export function serverMessage(notice: WireNotice, text: string, start: number, shift = 0): QueryMessage {
  const severity = SEVERITIES.find((each) => each === notice.severity) ?? 'NOTICE';
  const inner = notice.internalQuery === '' ? '' : `SQL statement: ${notice.internalQuery}`;
  return ownMessage(severity, notice.message, {
    detail: notice.detail,
    hint: notice.hint,
    where: [notice.where, inner].filter((part) => part !== '').join('\n'),
    sqlstate: notice.sqlstate,
    position: notice.position > shift ? positionInText(text, start, notice.position - shift) + 1 : null,
  });
}

/** `before`: the refusal came before anything ran. */
export function refusedMessage(refused: RefusedSql, text: string, before: boolean): QueryMessage {
  const ran = before ? 'Nothing was run.' : 'Nothing was run from this place on.';
  const position = refused.start + 1;
  if (refused.reason === 'meta-command') {
    const command = text.slice(refused.start, Math.min(refused.end, refused.start + 80));
    return ownMessage('ERROR', `${command}: commands of psql are not supported here`, {
      detail: ran,
      hint: 'Backslash commands belong to the psql program, not to the server. Remove the line, or run the file with Import.',
      position,
    });
  }
  return ownMessage('ERROR', 'COPY … FROM STDIN is not supported here', {
    detail: `The rows would have to follow in the text. ${ran}`,
    hint: 'Run the file with Import, which takes scripts with data.',
    position,
  });
}

/** Why a statement is not sent to a server that is only read. `before`: nothing of the text has run. */
export function readOnlyMessage(
  { reason, verb }: Pick<StatementRisk, 'reason' | 'verb'>,
  first: number,
  before: boolean,
): QueryMessage {
  const detail =
    reason === 'read-write'
      ? 'It would let the session write.'
      : reason === 'unknown'
        ? 'What it does is not in the text.'
        : 'It is not a read.';
  return ownMessage('ERROR', `${verb} is not sent: the server is registered as read-only`, {
    detail: before ? `${detail} Nothing was run.` : `${detail} Nothing was run from this place on.`,
    hint: 'Read-only is a property of the registered server.',
    position: first + 1,
  });
}

/** What went with the connection, a line for each kind of thing. */
export function lossDetail(loss: SessionLoss | null): string {
  if (!loss) return 'Nothing that is known of was lost with it.';
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ['Temporary tables', loss.tables],
    ['Prepared statements', loss.prepared],
    ['Cursors', loss.cursors],
    ['Advisory locks', loss.locks],
    ['LISTEN', loss.channels],
    ['Settings', loss.settings],
  ];
  return [
    ...(loss.transaction ? ['The open transaction was rolled back.'] : []),
    ...lines.flatMap(([label, names]) => (names.length === 0 ? [] : [`${label}: ${names.join(', ')}`])),
  ].join('\n');
}

export const failureMessage = (info: ErrorInfo, severity: QueryMessage['severity'] = 'ERROR'): QueryMessage =>
  ownMessage(severity, info.message, {
    detail: info.detail ?? '',
    hint: info.hint ?? '',
    sqlstate: info.sqlstate ?? '',
  });
