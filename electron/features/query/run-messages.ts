import type { WireNotice } from '../../adapters/postgres/wire-messages';
import type { ErrorInfo } from '../../../shared/errors';
import type { QueryMessage } from '../../../shared/model/query';
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
    ms: null,
    at: Date.now(),
    ...more,
  };
}

/** What the server says, its position mapped from the statement at `start` into the whole text. */
export function serverMessage(notice: WireNotice, text: string, start: number): QueryMessage {
  const severity = SEVERITIES.find((each) => each === notice.severity) ?? 'NOTICE';
  const inner = notice.internalQuery === '' ? '' : `SQL statement: ${notice.internalQuery}`;
  return ownMessage(severity, notice.message, {
    detail: notice.detail,
    hint: notice.hint,
    where: [notice.where, inner].filter((part) => part !== '').join('\n'),
    sqlstate: notice.sqlstate,
    position: notice.position > 0 ? positionInText(text, start, notice.position) + 1 : null,
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

export const failureMessage = (info: ErrorInfo, severity: QueryMessage['severity'] = 'ERROR'): QueryMessage =>
  ownMessage(severity, info.message, {
    detail: info.detail ?? '',
    hint: info.hint ?? '',
    sqlstate: info.sqlstate ?? '',
  });
