import { useTranslation } from 'react-i18next';
import { AppError } from '../../../shared/errors';
import type { SessionRow, Signal } from '../../../shared/model/dashboard';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { showNotice } from '../../ui/notice';
import { useScene } from './dashboard-context';
import classes from './pages.module.css';
import { oneLine, sessionKey, whoText } from './session-words';

/** Sessions that are listed one by one in the question. */
const LISTED = 20;

export interface SignalQuestion {
  readonly deed: Signal;
  readonly sessions: readonly SessionRow[];
}

export interface SignalDialogProps {
  readonly question: SignalQuestion;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before queries are cancelled or sessions ended, and tells what came of it. */
export function SignalDialog({ question, onClose, onDone }: SignalDialogProps) {
  const { t } = useTranslation('dashboard');
  const { serverId, database, server } = useScene();
  const { deed, sessions } = question;
  const count = sessions.length;
  const production = server?.environment === 'production' ? { typeToConfirm: server.name } : {};
  const signal = async (): Promise<void> => {
    const outcomes = await api.dashboard.signal({
      serverId,
      database,
      deed,
      backends: sessions.map(({ pid, started }) => ({ pid, started })),
    });
    onDone();
    const denied = outcomes.filter(({ outcome }) => outcome === 'denied');
    if (denied.length > 0) {
      throw new AppError({
        code: 'denied',
        message: t('signal.denied', { pids: denied.map(({ pid }) => pid).join(', ') }),
        detail: [...new Set(denied.map(({ reason }) => reason))].join('\n'),
        hint: t('signal.deniedHint'),
      });
    }
    const sent = outcomes.filter(({ outcome }) => outcome === 'sent').length;
    showNotice(
      sent === count ? t(`signal.${deed}.sent`, { count: sent }) : t('signal.someGone', { sent, gone: count - sent }),
    );
  };
  return (
    <ConfirmDialog
      opened
      title={t(`signal.${deed}.title`, { count })}
      deed={t(`signal.${deed}.deed`, { count })}
      danger
      width={640}
      {...production}
      onConfirm={signal}
      onClose={onClose}
    >
      <p>{t(`signal.${deed}.text`)}</p>
      <ul className={classes.listed}>
        {sessions.slice(0, LISTED).map((session) => (
          <li key={sessionKey(session)}>
            <strong>{session.pid}</strong> {whoText(session)}
            <code className={classes.cut}>{session.hidden ? t('notPermitted') : oneLine(session.query)}</code>
          </li>
        ))}
      </ul>
      {count > LISTED ? <p>{t('signal.andMore', { count: count - LISTED })}</p> : null}
    </ConfirmDialog>
  );
}
