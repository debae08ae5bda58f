import { Button, Checkbox, Loader, Modal, PasswordInput } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError, errorInfo, type ErrorInfo } from '../../../shared/errors';
import type { ServerView } from '../../../shared/model/server';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { useCommand } from '../../ui/workbench';
import { connectQuestion } from './connect-model';
import classes from './servers.module.css';

/** Secrets for one attempt; what is left out is taken from the store. */
export interface AttemptSecrets {
  readonly password?: string;
  readonly sshPassword?: string;
}

export interface ConnectDialogProps {
  readonly server: ServerView;
  /** What was typed a moment ago in *Create - Server* and is not to be stored. */
  readonly typed: AttemptSecrets;
  readonly onClose: () => void;
}

/** How long an attempt may take before its dialog shows: a quick one should not flash. */
const QUIET_MS = 250;

const focusWhenShown = (input: HTMLInputElement | null): void => input?.focus();

/** Connects a server, asking for what is missing: the password, the tunnel's password, the confirmation of a host key. */
export function ConnectDialog({ server, typed, onClose }: ConnectDialogProps) {
  const { t } = useTranslation('servers');
  const run = useCommand();
  const [failure, setFailure] = useState<ErrorInfo | null>(null);
  const [busy, setBusy] = useState(true);
  const [visible, setVisible] = useState(false);
  const [secrets, setSecrets] = useState<AttemptSecrets>(typed);
  const [hostKey, setHostKey] = useState<string | undefined>(undefined);
  const [answer, setAnswer] = useState('');
  // What was typed before and is not to be stored stays so: the store takes all of an attempt's secrets or none.
  const mayRemember = Object.keys(typed).length === 0;
  const [remember, setRemember] = useState(mayRemember);
  const running = useRef<AbortController | null>(null);

  const attempt = useCallback(
    async (using: AttemptSecrets, acceptHostKey: string | undefined, keep: boolean): Promise<void> => {
      const controller = new AbortController();
      running.current?.abort();
      running.current = controller;
      setBusy(true);
      try {
        await api.servers.connect(
          { id: server.id, remember: keep, ...using, ...(acceptHostKey === undefined ? {} : { acceptHostKey }) },
          controller.signal,
        );
        if (running.current === controller) onClose();
      } catch (thrown) {
        if (running.current !== controller) return;
        const info = errorInfo(thrown);
        if (info.code === 'cancelled') onClose();
        setFailure(info);
        setVisible(true);
        setBusy(false);
      }
    },
    [onClose, server.id],
  );

  const first = useRef({ attempt, typed });
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), QUIET_MS);
    void first.current.attempt(first.current.typed, undefined, false);
    return () => {
      clearTimeout(timer);
      running.current?.abort();
      running.current = null;
    };
  }, []);

  const question = failure && connectQuestion(failure, server.ssh.hostKey !== '');
  const submit = (): void => {
    if (busy || question === null) return;
    const next = { ...secrets };
    if (question.ask === 'password') next.password = answer;
    if (question.ask === 'sshPassword') next.sshPassword = answer;
    const accepted = question.ask === 'hostKey' ? question.fingerprint : hostKey;
    setSecrets(next);
    setHostKey(accepted);
    setAnswer('');
    void attempt(next, accepted, remember);
  };
  const asksSecret = question?.ask === 'password' || question?.ask === 'sshPassword';
  const tried = question?.ask === 'password' ? secrets.password : secrets.sshPassword;
  const secretLabel =
    question?.ask === 'sshPassword'
      ? server.ssh.auth === 'identity'
        ? t('ssh.passphrase')
        : t('fields.sshPassword')
      : t('fields.password');

  return (
    <Modal
      opened={visible}
      onClose={onClose}
      title={t('connect.title', { name: server.name })}
      size={480}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('dialog.close') }}
    >
      <form
        className={classes.connect}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {busy ? (
          <p className={classes.result} role="status">
            <Loader size={16} aria-hidden /> {t('connect.running')}
          </p>
        ) : null}
        {!busy && asksSecret && failure ? (
          <>
            <p>
              {question.ask === 'password'
                ? t('connect.askPassword', { user: server.user, host: server.host || server.service })
                : t('connect.askSsh', { user: server.ssh.user, host: server.ssh.host })}
            </p>
            <PasswordInput
              data-autofocus
              ref={focusWhenShown}
              label={secretLabel}
              value={answer}
              onChange={(event) => setAnswer(event.currentTarget.value)}
              error={tried === undefined && !question.refused ? undefined : failure.message}
              autoComplete="off"
              visibilityToggleButtonProps={{ 'aria-label': t('secret.show', { label: secretLabel }), tabIndex: 0 }}
            />
            {mayRemember ? (
              <Checkbox
                label={t('connect.remember')}
                checked={remember}
                onChange={(event) => setRemember(event.currentTarget.checked)}
              />
            ) : null}
          </>
        ) : null}
        {!busy && question?.ask === 'hostKey' ? (
          <>
            <p>{t('hostKey.new', { host: server.ssh.host })}</p>
            <p className={`mono selectable ${classes.breakable}`}>SHA256:{question.fingerprint}</p>
            <p className={classes.muted}>{t('hostKey.compare')}</p>
          </>
        ) : null}
        {!busy && failure && question?.ask === 'nothing' ? (
          <ErrorPanel error={new AppError(failure)} {...(question.danger ? { title: t('hostKey.changed') } : {})} />
        ) : null}
        <div className={classes.actions}>
          {!busy && question?.ask === 'nothing' ? (
            <Button
              variant="default"
              onClick={() => {
                onClose();
                run({ do: 'edit-server', serverId: server.id });
              }}
            >
              {t('connect.edit')}
            </Button>
          ) : null}
          <span className={classes.spacer} />
          <Button variant="default" onClick={onClose}>
            {t('dialog.cancel')}
          </Button>
          {busy ? null : question?.ask === 'nothing' ? (
            <Button onClick={() => void attempt(secrets, hostKey, remember)}>{t('connect.again')}</Button>
          ) : (
            <Button type="submit" disabled={asksSecret && answer === ''}>
              {question?.ask === 'hostKey' ? t('hostKey.trustAndConnect') : t('connect.deed')}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );
}
