import { ActionIcon, Button, Modal, Tabs, Tooltip } from '@mantine/core';
import { IconAlertCircle, IconHelpCircle } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import { errorInfo } from '../../../../shared/errors';
import type { Statement } from '../../../../shared/model/catalog';
import type { ServerView } from '../../../../shared/model/server';
import { api } from '../../../api';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { ErrorPanel } from '../../../ui/error-panel';
import { showNotice } from '../../../ui/notice';
import { useCommand } from '../../../ui/workbench';
import { FormProvider } from './form-context';
import { failedStatement, scriptOf, shownTabs, tabOfPath, textOf } from './form-model';
import { useFormWords } from './form-words';
import classes from './forms.module.css';
import { isWide, RootField } from './labelled-field';
import { SqlTab } from './sql-tab';
import { useFormState, type FormSubject } from './use-form-state';

export interface FormDialogProps {
  readonly subject: FormSubject;
  readonly server: ServerView;
  readonly onClose: () => void;
}

const SQL = 'sql';
const WIDTH = 720;
const WIDTH_WITH_LISTS = 960;
/** While help is read the dialog is a small window in the corner that leads back. */
const WIDTH_ASIDE = 360;

const focusWhenShown = (button: HTMLButtonElement | null): void => button?.focus();

/** *Create - Table*, *Table - orders*: the fields of a form, the statements that come of them, and Save that runs these. */
export function FormDialog({ subject, server, onClose }: FormDialogProps) {
  const { form, context } = subject;
  const words = useFormWords(form);
  const { t } = words;
  const run = useCommand();
  const { handle, problems, statements, dirty, waiting, reveal, reset } = useFormState(subject, words);
  const tabs = shownTabs(form, handle.state, context);
  const [chosen, setChosen] = useState('');
  const [failure, setFailure] = useState<{ readonly error: unknown; readonly of: readonly Statement[] } | null>(null);
  const [saving, setSaving] = useState(false);
  const [asking, setAsking] = useState<'discard' | 'production' | null>(null);
  const [aside, setAside] = useState(false);
  const body = useRef<HTMLFormElement>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const tab = chosen === SQL || tabs.some(({ id }) => id === chosen) ? chosen : (tabs[0]?.id ?? SQL);
  const tabsWithErrors = new Set(
    [...problems.keys()].filter((path) => handle.errorOf(path) !== undefined).map((path) => tabOfPath(tabs, path)),
  );
  const wide = form.tabs.some(({ fields }) => fields.some((field) => field.kind === 'list'));
  const title =
    context.object === null
      ? t('title.create', { kind: words.kind })
      : t('title.edit', { kind: words.kind, name: context.object.name });

  const showPath = (path: string): void => {
    // The field can take the focus only once its tab is shown.
    flushSync(() => setChosen(tabOfPath(tabs, path) ?? tab));
    const places = [...(body.current?.querySelectorAll<HTMLElement>('[data-field]') ?? [])];
    const at = places.find((place) => place.dataset['field'] === path);
    const list = places.find((place) => place.dataset['field'] === path.split('.')[0]);
    const place = at ?? list;
    // An editor takes the focus deep inside.
    (place?.querySelector<HTMLElement>('textarea, [role="textbox"]') ?? place)?.focus();
  };
  const close = (): void => {
    if (saving) running.current?.abort();
    else if (dirty) setAsking('discard');
    else onClose();
  };
  const execute = async (): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setSaving(true);
    setFailure(null);
    try {
      const { notices } = await api.catalog.execute(
        {
          serverId: subject.serverId,
          database: form.elsewhere?.(handle.state, handle.before) === true ? '' : context.database,
          statements: [...statements],
        },
        controller.signal,
      );
      const name = textOf(handle.state['name']) || (context.object?.name ?? '');
      const done = t(context.object === null ? 'created' : 'changed', { kind: words.kind, name });
      showNotice([done, ...notices.slice(0, 3)].join(' · '));
      run({ do: 'refresh-tree', serverId: subject.serverId });
      onClose();
    } catch (thrown) {
      setSaving(false);
      if (errorInfo(thrown).code !== 'cancelled') setFailure({ error: thrown, of: statements });
    }
  };
  const save = (): void => {
    const wrong = reveal();
    if (wrong !== null) showPath(wrong);
    else if (statements.length === 0 || server.readOnly) return;
    else if (server.environment === 'production') setAsking('production');
    else void execute();
  };
  /** Escape closes what is on top: an open list keeps it for itself, and the questions are other dialogs. */
  const closeByEscape = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing || event.isDefaultPrevented()) return;
    const { target } = event;
    const elsewhere = !(target instanceof HTMLElement) || !event.currentTarget.contains(target);
    if (elsewhere || target.dataset['mantineStopPropagation'] === 'true') return;
    if (aside) setAside(false);
    else close();
  };

  return (
    <Modal
      opened
      onClose={close}
      title={title}
      size={aside ? WIDTH_ASIDE : wide ? WIDTH_WITH_LISTS : WIDTH}
      withOverlay={!aside}
      trapFocus={!aside}
      closeOnClickOutside={false}
      closeOnEscape={false}
      onKeyDown={closeByEscape}
      classNames={{ body: classes.dialogBody ?? '', inner: aside ? (classes.aside ?? '') : '' }}
      data-testid="form-dialog"
    >
      {aside ? (
        <div className={classes.asideBar}>
          <span>{t('help.open')}</span>
          <Button ref={focusWhenShown} onClick={() => setAside(false)}>
            {t('help.back')}
          </Button>
        </div>
      ) : null}
      <FormProvider value={handle}>
        <form
          hidden={aside}
          ref={body}
          noValidate
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (!saving && !waiting) save();
          }}
        >
          <Tabs
            classNames={{ tab: classes.tab ?? '' }}
            value={tab}
            onChange={(value) => setChosen(value ?? '')}
            keepMounted={false}
          >
            <Tabs.List>
              {tabs.map(({ id }) => (
                <Tabs.Tab
                  key={id}
                  value={id}
                  rightSection={
                    tabsWithErrors.has(id) ? (
                      <IconAlertCircle
                        size={16}
                        stroke={1.5}
                        className={classes.mark ?? ''}
                        aria-label={t('tabError')}
                      />
                    ) : null
                  }
                >
                  {words.tab(id)}
                </Tabs.Tab>
              ))}
              <Tabs.Tab value={SQL}>SQL</Tabs.Tab>
            </Tabs.List>
            {tabs.map(({ id, fields }) => (
              <Tabs.Panel
                key={id}
                value={id}
                className={classes.panel ?? ''}
                data-alone={fields.length === 1 && fields.every((field) => isWide(field))}
              >
                {fields.map((field) => (
                  <RootField key={field.id} field={field} />
                ))}
              </Tabs.Panel>
            ))}
            <Tabs.Panel value={SQL} className={classes.panel ?? ''}>
              <SqlTab
                words={words}
                statements={statements}
                missing={[...new Set([...problems.keys()].map((path) => words.field(path.split('.')[0] ?? path)))]}
                failed={failure?.of === statements ? failedStatement(errorInfo(failure.error).field) : null}
              />
            </Tabs.Panel>
          </Tabs>
          <div className={classes.footer}>
            {failure === null ? null : <ErrorPanel error={failure.error} />}
            {server.readOnly ? <p className={classes.note}>{t('readOnly', { server: server.name })}</p> : null}
            <div className={classes.bar}>
              <Tooltip label={t('help.label')}>
                <ActionIcon
                  size="lg"
                  aria-label={t('help.label')}
                  onClick={() => {
                    setAside(true);
                    run({ do: 'show-help', topic: 'objects' });
                  }}
                >
                  <IconHelpCircle size={16} stroke={1.5} />
                </ActionIcon>
              </Tooltip>
              <span className={classes.spacer} />
              <Button variant="default" onClick={close}>
                {t(saving ? 'stop' : 'cancel')}
              </Button>
              <Button
                variant="default"
                disabled={!dirty || saving}
                onClick={() => {
                  reset();
                  setFailure(null);
                }}
              >
                {t('reset')}
              </Button>
              <Button
                type="submit"
                loading={saving}
                disabled={server.readOnly || waiting || (problems.size === 0 && statements.length === 0)}
              >
                {t('save')}
              </Button>
            </div>
          </div>
        </form>
      </FormProvider>
      <ConfirmDialog
        key={asking}
        opened={asking !== null}
        title={asking === 'discard' ? t('discard.title') : t('production.title', { server: server.name })}
        deed={asking === 'discard' ? t('discard.deed') : t('production.deed')}
        danger
        {...(asking === 'production' ? { width: WIDTH } : {})}
        onConfirm={() => {
          if (asking === 'discard') onClose();
          else void execute();
        }}
        onClose={() => setAsking(null)}
      >
        {asking === 'discard' ? (
          t('discard.text')
        ) : (
          <>
            <p>{t('production.text')}</p>
            <pre className={classes.confirmSql}>{scriptOf(statements, t('sql.outside'))}</pre>
          </>
        )}
      </ConfirmDialog>
    </Modal>
  );
}
