import { ActionIcon, Button, Modal, Tabs, Tooltip } from '@mantine/core';
import { IconAlertCircle, IconHelpCircle, IconPlugConnected } from '@tabler/icons-react';
import { useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../shared/errors';
import { parseConnectionText, type ConnectionText } from '../../../shared/model/connection-text';
import type { ServerGroup, ServerView } from '../../../shared/model/server';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { ErrorPanel } from '../../ui/error-panel';
import { useCommand } from '../../ui/workbench';
import { AdvancedTab } from './advanced-tab';
import { ConnectionInfo } from './connection-info';
import { ConnectionTab } from './connection-tab';
import { FormContext, useServerForm } from './form-context';
import {
  applyConnection,
  formField,
  sameForm,
  SERVER_TABS,
  secretsToStore,
  tabOf,
  type ServerForm,
  type ServerTab,
} from './form-model';
import { GeneralTab } from './general-tab';
import classes from './servers.module.css';
import { SshTab } from './ssh-tab';
import { SslTab } from './ssl-tab';
import { TestSteps } from './test-steps';
import { useConnectionTest } from './use-connection-test';

export interface ServerDialogProps {
  /** The registration that is edited; null creates one. */
  readonly registered: ServerView | null;
  readonly groups: readonly ServerGroup[];
  readonly initial: ServerForm;
  /** A connection text the dialog was opened with: fills the form at once. */
  readonly text: string | null;
  readonly onSaved: (saved: ServerView, form: ServerForm) => void;
  readonly onClose: () => void;
}

const focusWhenShown = (button: HTMLButtonElement | null): void => button?.focus();

const isServerTab = (value: string | null): value is ServerTab => SERVER_TABS.some((tab) => tab === value);

/** *Create - Server* and *Edit - Server*. */
export function ServerDialog({ registered, groups, initial, text, onSaved, onClose }: ServerDialogProps) {
  const { t } = useTranslation('servers');
  const run = useCommand();
  const [opening] = useState(() => {
    const said = text === null ? null : parseConnectionText(text);
    return { said, form: said ? applyConnection(initial, said) : initial };
  });
  const handle = useServerForm(opening.form);
  const { form, reset, revealProblems, setFieldError, tabsWithErrors } = handle;
  const [pasted, setPasted] = useState<ConnectionText>(opening.said);
  const [tab, setTab] = useState<ServerTab>(opening.said ? 'connection' : 'general');
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const [aside, setAside] = useState(false);
  const body = useRef<HTMLFormElement>(null);
  const test = useConnectionTest();
  const dirty = !sameForm(form, initial);

  const show = (field: string): void => {
    // The field can take the focus only once its tab is shown.
    flushSync(() => setTab(tabOf(field)));
    body.current?.querySelector<HTMLElement>(`input[data-field="${field}"], textarea[data-field="${field}"]`)?.focus();
  };
  const take = (said: NonNullable<ConnectionText>): void => {
    handle.set(applyConnection(form, said));
    setPasted(said);
    setTab('connection');
  };
  const close = (): void => {
    if (dirty && !saving) setAsking(true);
    else onClose();
  };
  const runTest = (tested: ServerForm): void => {
    const wrong = revealProblems(['name']);
    if (wrong !== null) show(wrong);
    else void test.run(tested);
  };
  const save = async (): Promise<void> => {
    setError(null);
    const wrong = revealProblems();
    if (wrong !== null) {
      show(wrong);
      return;
    }
    setSaving(true);
    try {
      onSaved(await api.servers.save({ server: toInput(form), secrets: secretsToStore(form) }), form);
    } catch (thrown) {
      setSaving(false);
      const info = errorInfo(thrown);
      const field = formField(info);
      if (field === null || info.code === 'bug') setError(thrown);
      else {
        setFieldError({ field, message: info.message });
        show(field);
      }
    }
  };
  /** Escape closes what is on top: an open list or pop-up keeps it for itself, and the question about changes is another dialog. */
  const closeByEscape = (event: KeyboardEvent<HTMLElement>): void => {
    const target = event.target as HTMLElement;
    const elsewhere = !event.currentTarget.contains(target) || target.dataset['mantineStopPropagation'] === 'true';
    if (event.key !== 'Escape' || event.nativeEvent.isComposing || elsewhere) return;
    if (aside) setAside(false);
    else close();
  };
  /** A connection text pasted into any field but a password or the comment is meant for the whole form. */
  const pasteAnywhere = (event: ClipboardEvent<HTMLFormElement>): void => {
    const target = event.target as HTMLElement;
    if (target.tagName === 'TEXTAREA' || target.dataset['field'] === 'passwordCommand') return;
    if (target instanceof HTMLInputElement && target.type === 'password') return;
    const said = parseConnectionText(event.clipboardData.getData('text/plain'));
    if (said === null || said.format === 'pgpass') return;
    event.preventDefault();
    take(said);
  };

  return (
    <Modal
      opened
      onClose={close}
      title={registered ? t('dialog.edit', { name: registered.name }) : t('dialog.create')}
      closeOnClickOutside={false}
      closeOnEscape={false}
      onKeyDown={closeByEscape}
      closeButtonProps={{ 'aria-label': t('dialog.close') }}
      classNames={{ body: classes.dialogBody ?? '', inner: aside ? (classes.aside ?? '') : '' }}
      withOverlay={!aside}
      trapFocus={!aside}
      {...(aside ? { size: 360 } : {})}
    >
      {aside ? (
        <div className={classes.asideBar}>
          <span>{t('dialog.helpOpen')}</span>
          <Button ref={focusWhenShown} onClick={() => setAside(false)}>
            {t('dialog.back')}
          </Button>
        </div>
      ) : null}
      <FormContext value={handle}>
        <form
          hidden={aside}
          ref={body}
          noValidate
          className={classes.form}
          onPaste={pasteAnywhere}
          onSubmit={(event) => {
            event.preventDefault();
            if (!saving) void save();
          }}
        >
          <Tabs
            classNames={{ tab: classes.tab ?? '' }}
            value={tab}
            onChange={(value) => isServerTab(value) && setTab(value)}
          >
            <Tabs.List>
              {SERVER_TABS.map((each) => (
                <Tabs.Tab
                  key={each}
                  value={each}
                  rightSection={
                    tabsWithErrors.has(each) ? (
                      <IconAlertCircle
                        size={16}
                        stroke={1.5}
                        className={classes.mark ?? ''}
                        aria-label={t('dialog.tabError')}
                      />
                    ) : null
                  }
                >
                  {t(`tabs.${each}`)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <div className={classes.panels}>
              <Tabs.Panel value="general">
                <GeneralTab groups={groups} creating={registered === null} />
              </Tabs.Panel>
              <Tabs.Panel value="connection">
                <ConnectionTab hasPassword={registered?.hasPassword ?? false} pasted={pasted} onPaste={take} />
              </Tabs.Panel>
              <Tabs.Panel value="ssl">
                <SslTab negotiated={registered?.status.tls ?? ''} />
              </Tabs.Panel>
              <Tabs.Panel value="ssh">
                <SshTab hasSshPassword={registered?.hasSshPassword ?? false} />
              </Tabs.Panel>
              <Tabs.Panel value="advanced">
                <AdvancedTab />
              </Tabs.Panel>
            </div>
          </Tabs>
          <div className={classes.footer}>
            {test.error === null && error === null ? null : <ErrorPanel error={error ?? test.error} />}
            {test.result !== null && (test.result === 'running' || sameForm(test.tested ?? form, form)) ? (
              <TestSteps
                result={test.result}
                tunnelHost={form.server.ssh.host}
                onTrust={(hostKey) => {
                  const trusted = { ...form, server: { ...form.server, ssh: { ...form.server.ssh, hostKey } } };
                  handle.set(trusted);
                  runTest(trusted);
                }}
              />
            ) : null}
            {registered?.status.connected === true && dirty ? (
              <p className={classes.muted}>{t('dialog.reconnect')}</p>
            ) : null}
            <div className={classes.bar}>
              <ConnectionInfo server={form.server} />
              <Tooltip label={t('dialog.help')}>
                <ActionIcon
                  size="lg"
                  aria-label={t('dialog.help')}
                  onClick={() => {
                    setAside(true);
                    run({ do: 'show-help', topic: 'register-server' });
                  }}
                >
                  <IconHelpCircle size={16} stroke={1.5} />
                </ActionIcon>
              </Tooltip>
              <Button
                variant="default"
                leftSection={<IconPlugConnected size={16} stroke={1.5} />}
                onClick={() => (test.result === 'running' ? test.cancel() : runTest(form))}
              >
                {test.result === 'running' ? t('test.cancel') : t('test.button')}
              </Button>
              <span className={classes.spacer} />
              <Button variant="default" onClick={close}>
                {t('dialog.cancel')}
              </Button>
              <Button
                variant="default"
                disabled={!dirty}
                onClick={() => {
                  reset(initial);
                  setPasted(null);
                  setError(null);
                  test.clear();
                }}
              >
                {t('dialog.reset')}
              </Button>
              <Button type="submit" loading={saving} disabled={registered !== null && !dirty}>
                {t('dialog.save')}
              </Button>
            </div>
          </div>
        </form>
      </FormContext>
      <ConfirmDialog
        opened={asking}
        title={t('dialog.discardTitle')}
        deed={t('dialog.discard')}
        danger
        onConfirm={onClose}
        onClose={() => setAsking(false)}
      >
        {t('dialog.discardText')}
      </ConfirmDialog>
    </Modal>
  );
}

/** The contract's arrays are mutable. */
const toInput = ({ server }: ServerForm) => ({ ...server, databaseRestriction: [...server.databaseRestriction] });
