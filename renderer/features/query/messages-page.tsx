import { Anchor } from '@mantine/core';
import { IconAlertCircle, IconAlertTriangle, IconCheck, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { QueryMessage, QueryState } from '../../../shared/model/query';
import { formatDuration } from '../../ui/bytes';
import { CopyButton } from '../../ui/copy-button';
import classes from './messages-page.module.css';
import { editorOffset, isError, lineAndColumn, messageReport, type RunSource } from './model';

export interface MessagesPageProps {
  readonly query: QueryState;
  readonly source: RunSource;
  readonly goTo: (offset: number) => void;
  readonly textOf: () => string;
}

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

function SeverityIcon({ message }: { readonly message: QueryMessage }) {
  if (isError(message)) return <IconAlertCircle {...icon} className={classes.error} />;
  if (message.severity === 'WARNING') return <IconAlertTriangle {...icon} className={classes.warning} />;
  if (message.severity === 'COMMAND') return <IconCheck {...icon} className={classes.command} />;
  return <IconInfoCircle {...icon} className={classes.info} />;
}

/** What the server said during the run, in order. */
export function MessagesPage({ query, source, goTo, textOf }: MessagesPageProps) {
  const { t, i18n } = useTranslation('query');
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium', hourCycle: 'h23' });
  const numbered = query.progress.total > 1;
  if (query.messages.length === 0) return <p className={classes.none}>{t('noMessages')}</p>;
  return (
    <ol className={classes.list} aria-label={t('messages')}>
      {query.messages.map((message, index) => (
        <li
          key={`${message.at}-${index}`}
          className={classes.line}
          data-severity={message.severity}
          data-begins={begins(query.messages, index) || undefined}
        >
          {numbered ? <StatementNumber number={message.statement} /> : null}
          <time className={classes.time} title={new Date(message.at).toISOString()}>
            {time.format(message.at)}
          </time>
          <SeverityIcon message={message} />
          <div className={`${classes.body} selectable`}>
            <div>
              {message.severity === 'COMMAND' ? null : (
                <span className={isError(message) ? classes.error : classes.severity}>{message.severity}: </span>
              )}
              {message.text}
              {message.ms === null ? null : <span className={classes.quiet}> · {formatDuration(message.ms)}</span>}
            </div>
            {message.detail === '' ? null : <div className={classes.quiet}>{message.detail}</div>}
            {message.hint === '' ? null : (
              <div>
                <span className={classes.quiet}>{t('hint')}</span> {message.hint}
              </div>
            )}
            {message.where === '' ? null : <pre className={classes.where}>{message.where}</pre>}
            <Facts message={message} source={source} goTo={goTo} textOf={textOf} />
          </div>
          {message.severity === 'COMMAND' ? null : (
            <CopyButton text={messageReport(message)} label={t('copyDetails')} />
          )}
        </li>
      ))}
    </ol>
  );
}

/** Whether the message is the first of another statement than the one before it. */
const begins = (messages: readonly QueryMessage[], index: number): boolean =>
  index > 0 && messages[index - 1]?.statement !== messages[index]?.statement;

/** Which statement of the run said it; empty for the run as a whole. */
function StatementNumber({ number }: { readonly number: number | null }) {
  const { t } = useTranslation('query');
  if (number === null) return <span className={classes.number} />;
  return (
    <span className={classes.number} title={t('statementNumber', { number: number + 1 })}>
      {number + 1}
    </span>
  );
}

interface FactsProps extends Omit<MessagesPageProps, 'query'> {
  readonly message: QueryMessage;
}

/** Success and plain warning: they tell nothing. */
const PLAIN_STATES = new Set(['00000', '01000']);

/** SQLSTATE, and the place as a link into the editor. */
function Facts({ message, source, goTo, textOf }: FactsProps) {
  const { t } = useTranslation('query');
  const { position, severity } = message;
  const sqlstate = PLAIN_STATES.has(message.sqlstate) ? '' : message.sqlstate;
  if (severity === 'COMMAND' || (position === null && sqlstate === '')) return null;
  const offset = position === null ? null : editorOffset(source, position - 1);
  return (
    <div className={classes.facts}>
      {sqlstate === '' ? null : <span>SQLSTATE {sqlstate}</span>}
      {offset === null ? null : (
        <Anchor component="button" type="button" onClick={() => goTo(offset)}>
          {t('place', lineAndColumn(textOf(), offset))}
        </Anchor>
      )}
    </div>
  );
}
