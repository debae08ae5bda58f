import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../../shared/errors';
import type { Statement } from '../../../../shared/model/catalog';
import { api } from '../../../api/index';
import { ErrorPanel } from '../../../ui/error-panel';
import { showNotice } from '../../../ui/notice';
import { useCommand } from '../../../ui/workbench';
import { scriptOf } from '../forms/form-model';
import { useServer } from '../use-server';
import classes from './actions.module.css';

export interface StatementDialogProps {
  readonly serverId: string;
  readonly database: string;
  readonly title: string;
  /** What the button says: the deed by name. */
  readonly deed: string;
  readonly danger?: boolean;
  /** What runs, exactly; empty while something is missing. */
  readonly statements: readonly Statement[];
  /** False while the deed can't be done; default true. */
  readonly ready?: boolean;
  /** On a production server this has to be typed first; only asked for what is dangerous. */
  readonly typed: string;
  /** The dialog stays and tells what the server said. */
  readonly tellsMessages?: boolean;
  readonly children?: ReactNode;
  readonly onClose: () => void;
}

/**
 * Asks what an action needs, shows the statements that come of it, and runs exactly these. Running can be cancelled.
 * The first focus is where a child says `data-autofocus`, otherwise on Cancel.
 */
export function StatementDialog(props: StatementDialogProps) {
  const { serverId, database, title, deed, danger = false, statements, tellsMessages = false, onClose } = props;
  const { t } = useTranslation('objects');
  const { t: forms } = useTranslation('forms');
  const { t: app } = useTranslation('app');
  const run = useCommand();
  const server = useServer(serverId);
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [messages, setMessages] = useState<readonly string[] | null>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  const last = useRef<AbortController | null>(null);
  useEffect(() => () => last.current?.abort(), []);

  const asksName = danger && server?.environment === 'production';
  const refused = server?.readOnly === true;
  const ready =
    (props.ready ?? true) &&
    server !== null &&
    !refused &&
    statements.length > 0 &&
    (!asksName || typed.trim() === props.typed.trim());

  const execute = async (): Promise<void> => {
    const controller = new AbortController();
    last.current = controller;
    setRunning(controller);
    setError(null);
    setMessages(null);
    try {
      const { notices } = await api.catalog.execute(
        { serverId, database, statements: [...statements] },
        controller.signal,
      );
      run({ do: 'refresh-tree', serverId });
      if (tellsMessages) setMessages(notices);
      else {
        showNotice([t('done', { deed }), ...notices.slice(0, 3)].join('\n'));
        onClose();
      }
    } catch (thrown) {
      if (errorInfo(thrown).code !== 'cancelled') setError(thrown);
    } finally {
      setRunning(null);
    }
  };
  const close = (): void => {
    if (running) running.abort();
    else onClose();
  };

  return (
    <Modal opened onClose={close} title={title} size={720} closeOnClickOutside={false}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && running === null) void execute();
        }}
      >
        {props.children}
        {refused ? <p className={classes.text}>{t('readOnly', { server: server.name })}</p> : null}
        {statements.length === 0 ? null : (
          <Textarea
            readOnly
            autosize
            minRows={1}
            maxRows={8}
            label={t('sql')}
            classNames={{ input: classes.code ?? '' }}
            value={scriptOf(statements, forms('sql.outside'))}
          />
        )}
        {asksName ? (
          <TextInput
            label={app('ui.typeToConfirm', { text: props.typed })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
        ) : null}
        {messages === null ? null : (
          <Textarea
            readOnly
            autosize
            minRows={1}
            maxRows={8}
            label={t('messages')}
            aria-live="polite"
            classNames={{ input: classes.code ?? '' }}
            value={messages.length === 0 ? t('noMessages') : messages.join('\n')}
          />
        )}
        {error === null ? null : <ErrorPanel error={error} />}
        <div className={classes.bar}>
          <Button variant="default" data-autofocus onClick={close}>
            {running ? t('stop') : messages === null ? app('ui.cancel') : app('ui.close')}
          </Button>
          <Button type="submit" color={danger ? 'error' : 'accent'} disabled={!ready} loading={running !== null}>
            {deed}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
