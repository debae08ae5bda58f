import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconPin, IconPinned, IconPlugConnected, IconTable } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { AppError, type ErrorInfo } from '../../../shared/errors';
import type { QueryState, ResultState } from '../../../shared/model/query';
import { formatCount, formatDuration } from '../../ui/bytes';
import { EmptyState } from '../../ui/empty-state';
import { ErrorPanel } from '../../ui/error-panel';
import { visibleText } from '../../ui/visible-text';
import { useCommand, useKeysText, useTabActions, type TabActionOffer } from '../../ui/workbench';
import { MessagesPage } from './messages-page';
import { isError, MESSAGES, NOTIFICATIONS, ofLastRun } from './model';
import type { StagedGuard } from './edit/staged-guard';
import { NotificationsPage } from './notifications-page';
import { PlanPage } from './explain/plan-page';
import { ResultPage } from './result-page';
import classes from './results-panel.module.css';
import type { QueryTab } from './store';

export interface ResultsPanelProps {
  readonly tab: QueryTab;
  readonly serverId: string;
  readonly openError: ErrorInfo | null;
  /** The tab came back by itself: its session is opened when the person asks for it. */
  readonly waiting: boolean;
  /** Asks before what is staged is lost. */
  readonly guard: StagedGuard['guard'];
  /** Shows an offset of the editor's text. */
  readonly goTo: (offset: number) => void;
  /** The editor's text now. */
  readonly textOf: () => string;
}

const NO_ACTIONS: readonly TabActionOffer[] = [];

/** Below the editor: a page for each result, and the messages. */
export function ResultsPanel({ tab, serverId, openError, waiting, guard, goTo, textOf }: ResultsPanelProps) {
  const { t } = useTranslation('query');
  const command = useCommand();
  const query = useStore(tab.store, (state) => state.query);
  const page = useStore(tab.store, (state) => state.page);
  const source = useStore(tab.store, (state) => state.source);
  const keys = useKeysText()('query.run', 'f5');
  useTabActions(
    waiting ? [{ id: 'query.connect', label: t('waiting.connect'), run: () => void tab.ensure() }] : NO_ACTIONS,
  );
  if (waiting) {
    return (
      <EmptyState
        icon={<IconPlugConnected size={32} stroke={1.5} />}
        title={t('waiting.title')}
        text={t('waiting.text')}
        action={<Button onClick={() => void tab.ensure()}>{t('waiting.connect')}</Button>}
      />
    );
  }
  if (openError) {
    const needsPassword = openError.code === 'authentication';
    return (
      <div className={classes.problem}>
        <ErrorPanel
          title={t('openFailed')}
          error={new AppError(openError)}
          onRetry={() => void tab.open(tab.store.getState().database)}
        />
        {needsPassword ? (
          <Button
            leftSection={<IconPlugConnected size={16} stroke={1.5} />}
            onClick={() => command({ do: 'connect-server', serverId })}
          >
            {t('connect')}
          </Button>
        ) : null}
      </div>
    );
  }
  if (!query || (query.runId === 0 && query.messages.length === 0 && query.notifications.length === 0)) {
    return (
      <EmptyState
        icon={<IconTable size={32} stroke={1.5} />}
        title={t('empty.title')}
        text={keys === '' ? t('empty.textPlain') : t('empty.text', { keys })}
      />
    );
  }
  const result = query.results.find(({ resultId }) => resultId === page);
  const pin = ({ resultId }: ResultState, pinned: boolean) => {
    const deed = () => tab.pin(resultId, pinned);
    // One of an earlier run goes as soon as it is not kept.
    const goes = !pinned && !ofLastRun(query).some((each) => each.resultId === resultId);
    if (goes) guard(deed, (each) => each === resultId);
    else deed();
  };
  const heard = page === NOTIFICATIONS && query.notifications.length > 0;
  return (
    <div className={classes.panel}>
      <PageTabs tab={tab} onPin={pin} query={query} page={result || heard ? page : MESSAGES} />
      <div className={classes.body} role="tabpanel" id={`panel-${query.sessionId}`}>
        {result?.plan && result.complete ? (
          <PlanPage key={result.resultId} result={result} plan={result.plan} serverId={serverId} />
        ) : result?.columns ? (
          <ResultPage key={result.resultId} result={result} columns={result.columns} />
        ) : heard ? (
          <NotificationsPage notifications={query.notifications} />
        ) : (
          <MessagesPage query={query} source={source} goTo={goTo} textOf={textOf} />
        )}
      </div>
    </div>
  );
}

interface PageTabsProps {
  readonly tab: QueryTab;
  readonly onPin: (result: ResultState, pinned: boolean) => void;
  readonly query: QueryState;
  readonly page: string;
}

function PageTabs({ tab, onPin, query, page }: PageTabsProps) {
  const { t, i18n } = useTranslation('query');
  const results = ofLastRun(query);
  const plans = results.filter(isPlan);
  const rows = results.filter((result) => !isPlan(result));
  const nameOf = (result: ResultState): string =>
    isPlan(result)
      ? t('plan', { number: plans.indexOf(result) + 1 })
      : t('result', { number: rows.indexOf(result) + 1 });
  const kept = query.results.filter((result) => !results.includes(result));
  const heard = query.notifications.length;
  const pages = [
    ...[...kept, ...results].map(({ resultId }) => resultId),
    MESSAGES,
    ...(heard > 0 ? [NOTIFICATIONS] : []),
  ];
  const step = (by: number) => {
    const next = pages[(pages.indexOf(page) + by + pages.length) % pages.length];
    if (next !== undefined) tab.showPage(next);
  };
  const chosen = query.results.find(({ resultId }) => resultId === page);
  const alone = pages.length < 2;
  useTabActions([
    { id: 'query.next-page', label: t('page.next'), disabled: alone, run: () => step(1) },
    { id: 'query.previous-page', label: t('page.previous'), disabled: alone, run: () => step(-1) },
    {
      id: 'query.messages',
      label: t('page.messages'),
      disabled: page === MESSAGES,
      run: () => tab.showPage(MESSAGES),
    },
    {
      id: 'query.notifications',
      label: t('page.notifications'),
      disabled: heard === 0 || page === NOTIFICATIONS,
      run: () => tab.showPage(NOTIFICATIONS),
    },
    {
      id: 'query.pin',
      label: chosen?.pinned === true ? t('pin.release') : t('pin.keep'),
      disabled: chosen === undefined,
      run: () => {
        if (chosen) onPin(chosen, !chosen.pinned);
      },
    },
  ]);
  const errors = query.messages.filter(isError).length;
  const panel = `panel-${query.sessionId}`;
  const pageOf = (result: ResultState, name: string) => (
    <PageTab
      key={result.resultId}
      chosen={result.resultId === page}
      panel={panel}
      page={result.resultId}
      title={`${visibleText(result.statement)}\n${factsOf(result, t, i18n.language)}`}
      onChoose={() => tab.showPage(result.resultId)}
    >
      {result.pinned ? <IconPinned size={14} stroke={1.5} aria-hidden /> : null}
      {name}
      <ResultFacts result={result} />
      {result.pinned && results.includes(result) ? <span className="visually-hidden">{t('pin.pinned')}</span> : null}
    </PageTab>
  );
  return (
    <div className={classes.bar}>
      <div
        className={classes.tabs}
        role="tablist"
        aria-label={t('pages')}
        onWheel={(event) => event.currentTarget.scrollBy({ left: event.deltaX + event.deltaY })}
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') step(-1);
          if (event.key === 'ArrowRight') step(1);
        }}
      >
        {kept.map((result, index) => pageOf(result, t('pin.page', { number: index + 1 })))}
        {results.map((result) => pageOf(result, nameOf(result)))}
        <PageTab
          chosen={page === MESSAGES}
          panel={panel}
          page={MESSAGES}
          title={t('messages')}
          onChoose={() => tab.showPage(MESSAGES)}
        >
          {t('messages')}
          {errors > 0 ? (
            <span className={classes.errors}>{t('errorCount', { count: errors })}</span>
          ) : (
            <span className={classes.facts}>{query.messages.length}</span>
          )}
        </PageTab>
        {heard > 0 ? (
          <PageTab
            chosen={page === NOTIFICATIONS}
            panel={panel}
            page={NOTIFICATIONS}
            title={t('heard.label')}
            onChoose={() => tab.showPage(NOTIFICATIONS)}
          >
            {t('heard.label')}
            <span className={classes.facts}>{heard}</span>
          </PageTab>
        ) : null}
      </div>
      {query.running && query.progress.total > 1 ? (
        <span className={classes.progress} role="status">
          {t('progress', query.progress)}
        </span>
      ) : null}
      {chosen ? <PinButton result={chosen} onPin={(pinned) => onPin(chosen, pinned)} /> : null}
    </div>
  );
}

interface PinButtonProps {
  readonly result: ResultState;
  readonly onPin: (pinned: boolean) => void;
}

/** Keeps a result when the next run comes. */
function PinButton({ result, onPin }: PinButtonProps) {
  const { t } = useTranslation('query');
  const label = result.pinned ? t('pin.release') : t('pin.keep');
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes.pin ?? ''}
        aria-label={label}
        aria-pressed={result.pinned}
        onClick={() => onPin(!result.pinned)}
      >
        {result.pinned ? (
          <IconPinned size={16} stroke={1.5} aria-hidden />
        ) : (
          <IconPin size={16} stroke={1.5} aria-hidden />
        )}
      </ActionIcon>
    </Tooltip>
  );
}

interface PageTabProps {
  readonly chosen: boolean;
  readonly panel: string;
  readonly page: string;
  readonly title: string;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

function PageTab({ chosen, panel, page, title, onChoose, children }: PageTabProps) {
  const element = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!chosen) return;
    element.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    // The keyboard moves the choice while the focus is in the list: it follows.
    if (element.current?.parentElement?.contains(document.activeElement)) element.current.focus();
  }, [chosen]);
  return (
    <button
      type="button"
      role="tab"
      className={classes.tab}
      data-page={page}
      aria-selected={chosen}
      aria-controls={panel}
      tabIndex={chosen ? 0 : -1}
      title={title}
      onClick={onChoose}
      ref={element}
    >
      {children}
    </button>
  );
}

/** Whether it is shown as a plan. */
const isPlan = ({ plan, complete }: ResultState): boolean => plan !== null && complete;

const factsOf = (result: ResultState, t: TFunction<'query'>, language: string): string =>
  isPlan(result)
    ? formatDuration(result.ms)
    : `${t('rows', { count: result.rowCount, text: formatCount(result.rowCount, language) })} · ${formatDuration(result.ms)}`;

function ResultFacts({ result }: { readonly result: ResultState }) {
  const { t, i18n } = useTranslation('query');
  return (
    <span className={classes.facts}>
      {factsOf(result, t, i18n.language)}
      {result.complete ? null : <span className={classes.more}> · {t('more')}</span>}
    </span>
  );
}
