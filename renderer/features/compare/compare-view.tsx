import { Button, Tabs } from '@mantine/core';
import { IconArrowsDiff } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ComparisonView } from '../../../shared/contract/compare';
import { errorInfo } from '../../../shared/errors';
import { DEFAULT_COMPARE_OPTIONS } from '../../../shared/model/compare';
import type { ServerView } from '../../../shared/model/server';
import { api, listen } from '../../api';
import { EmptyState } from '../../ui/empty-state';
import { ErrorPanel } from '../../ui/error-panel';
import { followServers, readServers } from '../../api/servers';
import { useLive } from '../../ui/use-live';
import { useTabActions, useTabTitle } from '../../ui/workbench';
import classes from './compare-view.module.css';
import { DataTab } from './data-tab';
import { databaseSide, DIFFERENT_STATES, isReady, NEW_SIDE, sideOf, type ListFilter, type SideDraft } from './model';
import { ObjectDetail } from './object-detail';
import { ResultList } from './result-list';
import { ScriptTab } from './script-tab';
import { SetupPanel } from './setup-panel';

export interface CompareViewProps {
  readonly serverId?: string;
  readonly database?: string;
  readonly schema?: string;
}

const TABS = ['setup', 'objects', 'script', 'data'] as const;

const ALL: ListFilter = { text: '', states: DIFFERENT_STATES, kinds: [] };

/** How a side is called in sentences. */
function nameOfSide({ kind, serverId, database, schema, file }: SideDraft, servers: readonly ServerView[]): string {
  if (kind === 'file') return file?.name ?? '';
  const server = servers.find(({ id }) => id === serverId)?.name ?? '';
  return [schema !== '' && kind === 'schema' ? `${database}.${schema}` : database, server].filter(Boolean).join(' — ');
}

/** A comparison with the sides that it is about: the drafts may be others by now. */
interface Found extends ComparisonView {
  readonly sides: readonly [SideDraft, SideDraft];
}

/** Two schemas, databases or dump files side by side, and the script that makes one like the other. */
export function CompareView({ serverId = '', database = '', schema = '' }: CompareViewProps) {
  const { t } = useTranslation('compare');
  const servers = useLive(readServers, followServers) ?? [];
  const kind = schema === '' ? ('database' as const) : ('schema' as const);
  const [sides, setSides] = useState<readonly [SideDraft, SideDraft]>([
    { ...NEW_SIDE, kind, serverId, database, schema },
    { ...NEW_SIDE, kind, serverId },
  ]);
  const [options, setOptions] = useState(DEFAULT_COMPARE_OPTIONS);
  const [tab, setTab] = useState('setup');
  const [step, setStep] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [found, setFound] = useState<Found | null>(null);
  const [excluded, setExcluded] = useState<ReadonlySet<string>>(new Set());
  const [filter, setFilter] = useState(ALL);
  const [shown, setShown] = useState('');
  const stop = useRef<AbortController | null>(null);
  const [source, target] = sides;
  const [comparedSource, comparedTarget] = found?.sides ?? sides;
  const targetName = nameOfSide(comparedTarget, servers);
  const targetServer = servers.find(({ id }) => id === comparedTarget.serverId);
  useTabTitle(found ? t('titleOf', { source: nameOfSide(comparedSource, servers), target: targetName }) : t('title'));
  useEffect(() => () => stop.current?.abort(), []);
  const compareId = found?.compareId;
  useEffect(() => {
    if (compareId === undefined) return undefined;
    return () => void api.compare.close({ compareId }).catch(() => undefined);
  }, [compareId]);

  const compare = async (of: readonly [SideDraft, SideDraft]): Promise<void> => {
    const [left, right] = [sideOf(of[0], of[1]), sideOf(of[1], of[0])];
    if (!left || !right) return;
    const ender = new AbortController();
    stop.current = ender;
    const runId = crypto.randomUUID();
    const forget = listen('compare', 'progress', (progress) => {
      if (progress.runId === runId) setStep(progress.step);
    });
    setStep('begin');
    setError(null);
    try {
      const result = await api.compare.run({ runId, source: left, target: right, options }, ender.signal);
      setFound({ ...result, sides: of });
      setExcluded(new Set());
      setFilter(ALL);
      setShown(result.items.find(({ state }) => state !== 'equal')?.key ?? '');
      setTab('objects');
    } catch (thrown) {
      if (errorInfo(thrown).code !== 'cancelled') setError(thrown);
    } finally {
      forget();
      setStep(null);
    }
  };
  const exclude = (keys: readonly string[], isExcluded: boolean): void => {
    const next = new Set(excluded);
    for (const key of keys) {
      if (isExcluded) next.add(key);
      else next.delete(key);
    }
    setExcluded(next);
  };
  const isEqual = found !== null && found.items.every(({ state }) => state === 'equal');

  useTabActions([
    ...TABS.map((each) => ({
      id: `compare.show-${each}`,
      label: t('offers.tab', { tab: t(`tabs.${each}`) }),
      disabled: found === null && (each === 'objects' || each === 'script'),
      run: () => setTab(each),
    })),
    {
      id: 'compare.start',
      label: t('compare'),
      disabled: step !== null || !isReady(sides),
      run: () => void compare(sides),
    },
    { id: 'compare.cancel', label: t('cancel'), disabled: step === null, run: () => stop.current?.abort() },
    { id: 'compare.swap', label: t('swap'), disabled: step !== null, run: () => setSides([target, source]) },
  ]);

  return (
    <div className={classes.view} data-testid="compare-view">
      <Tabs className={classes.tabs} value={tab} onChange={(value) => setTab(value ?? 'setup')} keepMounted={false}>
        <Tabs.List>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each} disabled={found === null && (each === 'objects' || each === 'script')}>
              {t(`tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="setup" className={classes.panel}>
          <SetupPanel
            servers={servers}
            source={source}
            target={target}
            options={options}
            step={step}
            onSides={(left, right) => setSides([left, right])}
            onOptions={setOptions}
            onCompare={() => void compare(sides)}
            onCancel={() => stop.current?.abort()}
          />
          {error === null ? null : <ErrorPanel error={error} onRetry={() => void compare(sides)} />}
        </Tabs.Panel>
        <Tabs.Panel value="objects" className={classes.panel}>
          {found && isEqual && filter.states === ALL.states ? (
            <EmptyState
              icon={<IconArrowsDiff size={32} stroke={1.5} />}
              title={t('equal')}
              text={t('equalText', { count: found.items.length })}
              action={
                <Button variant="default" onClick={() => setFilter({ ...ALL, states: ['equal'] })}>
                  {t('showEqual')}
                </Button>
              }
            />
          ) : null}
          {found && !(isEqual && filter.states === ALL.states) ? (
            <div className={classes.split}>
              <ResultList
                items={found.items}
                filter={filter}
                onFilter={setFilter}
                excluded={excluded}
                onExclude={exclude}
                shown={shown}
                onShow={setShown}
              />
              <div className={classes.detail}>
                {found.notes.length > 0 ? (
                  <details className={classes.notes}>
                    <summary>{t('notes', { count: found.notes.length })}</summary>
                    <ul>
                      {found.notes.map((note) => (
                        <li key={note}>{note}</li>
                      ))}
                    </ul>
                  </details>
                ) : null}
                {shown === '' ? (
                  <EmptyState title={t('choose')} text={t('chooseText')} />
                ) : (
                  <ObjectDetail compareId={found.compareId} itemKey={shown} />
                )}
              </div>
            </div>
          ) : null}
        </Tabs.Panel>
        <Tabs.Panel value="script" className={classes.panel}>
          {found ? (
            <ScriptTab
              compareId={found.compareId}
              excluded={excluded}
              target={databaseSide(comparedTarget)}
              targetName={targetName}
              production={targetServer?.environment === 'production' ? targetServer.name : null}
              onApplied={() => void compare(found.sides)}
            />
          ) : null}
        </Tabs.Panel>
        <Tabs.Panel value="data" className={classes.panel}>
          <DataTab source={databaseSide(source)} target={databaseSide(target)} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
