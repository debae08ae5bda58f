import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconPlayerStop, IconPlugX, IconTerminal, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SessionRow } from '../../../shared/model/dashboard';
import { formatDuration } from '../../ui/bytes';
import { CopyButton } from '../../ui/copy-button';
import { SqlViewer } from '../../ui/sql-editor/sql-viewer';
import { visibleText } from '../../ui/visible-text';
import { useCommand } from '../../ui/workbench';
import { useScene } from './dashboard-context';
import classes from './pages.module.css';
import { maySignal, stateWords, waitText, waitWords } from './session-words';
import type { SignalQuestion } from './signal-dialog';

export interface SessionPanelProps {
  readonly session: SessionRow;
  readonly onAsk: (question: SignalQuestion) => void;
  readonly onClose: () => void;
}

/** Everything that is known of one session, its whole query, and what can be done about it. */
export function SessionPanel({ session, onAsk, onClose }: SessionPanelProps) {
  const { t } = useTranslation('dashboard');
  const { serverId, database } = useScene();
  const run = useCommand();
  const since = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms));
  const waits = session.waitType === null ? '–' : waitText(t, session.waitType, session.waitEvent ?? '');
  const facts: readonly (readonly [key: string, text: string])[] = [
    ['user', session.user ?? '–'],
    ['database', session.database ?? '–'],
    ['application', session.application === '' ? '–' : session.application],
    ['client', session.client === '' ? '–' : session.client],
    ['kind', session.kind ?? (session.hidden ? t('notPermitted') : '–')],
    ['state', stateWords(t, session).text],
    ['wait', waits],
    ['backendMs', since(session.backendMs)],
    ['transactionMs', since(session.transactionMs)],
    ['queryMs', since(session.queryMs)],
    ['stateMs', since(session.stateMs)],
    ...(session.leader === null ? [] : [['leader', String(session.leader)] as const]),
    ...(session.queryId === null ? [] : [['queryId', session.queryId] as const]),
  ];
  const explained = session.waitType === null ? '' : waitWords(t, session.waitType, session.waitEvent ?? '');
  return (
    <aside className={classes.panel} aria-label={t('sessions.details', { pid: session.pid })}>
      <div className={classes.panelHead}>
        <strong>{t('sessions.details', { pid: session.pid })}</strong>
        <Tooltip label={t('close')}>
          <ActionIcon aria-label={t('close')} onClick={onClose}>
            <IconX size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </div>
      {session.own ? <p className={classes.note}>{t('sessions.own')}</p> : null}
      {maySignal(session) ? (
        <div className={classes.deeds}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerStop size={16} stroke={1.5} />}
            onClick={() => onAsk({ deed: 'cancel', sessions: [session] })}
          >
            {t('signal.cancel.short')}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlugX size={16} stroke={1.5} />}
            onClick={() => onAsk({ deed: 'terminate', sessions: [session] })}
          >
            {t('signal.terminate.short')}
          </Button>
        </div>
      ) : null}
      <dl className={classes.facts}>
        {facts.map(([key, text]) => (
          <div key={key} className={classes.fact}>
            <dt>{t(`sessions.columns.${key}`)}</dt>
            <dd className="selectable">{visibleText(text)}</dd>
          </div>
        ))}
      </dl>
      {explained === '' ? null : <p className={classes.note}>{explained}</p>}
      {session.hidden ? (
        <p className={classes.note}>{t('sessions.hiddenText')}</p>
      ) : session.query === '' ? null : (
        <>
          <div className={classes.deeds}>
            <strong>{t(session.state === 'active' ? 'sessions.runs' : 'sessions.ran')}</strong>
            <CopyButton text={session.query} label={t('sessions.copyQuery')} />
            <Button
              size="xs"
              variant="subtle"
              leftSection={<IconTerminal size={16} stroke={1.5} />}
              onClick={() =>
                run({ do: 'open-query', serverId, database: session.database ?? database, sql: session.query })
              }
            >
              {t('sessions.openQuery')}
            </Button>
          </div>
          <div className={classes.panelSql}>
            <SqlViewer text={session.query} label={t('sessions.columns.query')} />
          </div>
        </>
      )}
    </aside>
  );
}
