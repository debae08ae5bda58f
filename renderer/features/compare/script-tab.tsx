import { Button, Checkbox, Skeleton } from '@mantine/core';
import { IconPlayerPlay, IconTerminal } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatabaseSide } from '../../../shared/contract/compare';
import { errorInfo } from '../../../shared/errors';
import { MAX_STATEMENTS } from '../../../shared/model/catalog';
import { scriptText, type SyncScript } from '../../../shared/model/compare';
import { api } from '../../api';
import { formatCount } from '../../ui/bytes';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { useCopy } from '../../ui/clipboard';
import { CopyButton } from '../../ui/copy-button';
import { EmptyState } from '../../ui/empty-state';
import { ErrorPanel } from '../../ui/error-panel';
import { SqlViewer } from '../../ui/sql-editor/sql-viewer';
import { StatusPill } from '../../ui/status-pill';
import { useCommand, useTabActions } from '../../ui/workbench';
import classes from './script-tab.module.css';
import { useAnswer } from './use-answer';

export interface ScriptTabProps {
  readonly compareId: string;
  readonly excluded: ReadonlySet<string>;
  /** The target when it is a database: what the script can be run in. */
  readonly target: DatabaseSide | null;
  readonly targetName: string;
  /** Name of the target's server when it is one of production: it is typed before anything runs there. */
  readonly production: string | null;
  /** The script was run: the comparison is no longer true. */
  readonly onApplied: () => void;
}

/** The script that makes the target like the source, with what to know of it before it is run. */
export function ScriptTab({ compareId, excluded, ...place }: ScriptTabProps) {
  const { t } = useTranslation('compare');
  const [drop, setDrop] = useState(false);
  const keys = useMemo(() => [...excluded], [excluded]);
  const script = useAnswer(JSON.stringify([compareId, keys, drop]), () =>
    api.compare.script({ compareId, excluded: keys, drop }),
  );
  return (
    <div className={classes.tab}>
      <Checkbox
        label={t('script.drop')}
        description={t('script.dropNote')}
        checked={drop}
        onChange={(event) => setDrop(event.currentTarget.checked)}
      />
      {script.error === null ? null : <ErrorPanel error={script.error} onRetry={script.again} />}
      {script.busy ? <Skeleton height={160} /> : null}
      {script.value ? <Script script={script.value} {...place} /> : null}
    </div>
  );
}

interface ScriptProps extends Omit<ScriptTabProps, 'compareId' | 'excluded'> {
  readonly script: SyncScript;
}

function Script({ script, target, targetName, production, onApplied }: ScriptProps) {
  const { t, i18n } = useTranslation('compare');
  const run = useCommand();
  const [asking, setAsking] = useState(false);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const text = useMemo(() => scriptText(script), [script]);
  const losses = script.statements.filter(({ mark }) => mark === 'loss');
  const copy = useCopy();
  const count = script.statements.length;
  const isTooLong = count > MAX_STATEMENTS;
  const open = (): void => {
    if (target) run({ do: 'open-query', serverId: target.serverId, database: target.database, sql: text });
  };
  const fixed = target === null || count === 0;
  useTabActions([
    { id: 'compare.copy-script', label: t('script.copy'), disabled: count === 0, run: () => copy(text) },
    { id: 'compare.open-script', label: t('script.open'), disabled: fixed, run: open },
    { id: 'compare.apply', label: t('script.apply'), disabled: fixed || isTooLong, run: () => setAsking(true) },
  ]);
  if (count === 0) return <EmptyState title={t('script.empty')} text={t('script.emptyText')} />;
  const apply = async (): Promise<void> => {
    if (!target) return;
    const controller = new AbortController();
    running.current = controller;
    try {
      await api.catalog.execute(
        {
          serverId: target.serverId,
          database: target.database,
          statements: script.statements.map(({ sql, outside }) => ({
            sql: sql.replace(/;$/, ''),
            ...(outside ? { outside } : {}),
          })),
        },
        controller.signal,
      );
    } catch (error) {
      // Nothing stayed: the dialog closes and the comparison is still true.
      if (errorInfo(error).code === 'cancelled') return;
      throw error;
    } finally {
      running.current = null;
    }
    onApplied();
  };
  const close = (): void => {
    if (running.current) running.current.abort();
    else setAsking(false);
  };
  return (
    <>
      <div className={classes.bar}>
        <span>{t('script.count', { count, shown: formatCount(count, i18n.language) })}</span>
        {losses.length > 0 ? (
          <StatusPill tone="error">{t('script.losses', { count: losses.length })}</StatusPill>
        ) : (
          <StatusPill tone="ok">{t('script.noLoss')}</StatusPill>
        )}
        <CopyButton text={text} label={t('script.copy')} />
        {target ? (
          <>
            <Button variant="default" leftSection={<IconTerminal size={16} stroke={1.5} />} onClick={open}>
              {t('script.open')}
            </Button>
            <Button
              leftSection={<IconPlayerPlay size={16} stroke={1.5} />}
              disabled={isTooLong}
              onClick={() => setAsking(true)}
            >
              {t('script.apply')}
            </Button>
            {isTooLong ? (
              <span className={classes.note}>
                {t('script.tooLong', { most: formatCount(MAX_STATEMENTS, i18n.language) })}
              </span>
            ) : null}
          </>
        ) : (
          <span className={classes.note}>{t('script.noTarget')}</span>
        )}
      </div>
      {script.warnings.length > 0 ? (
        <ul className={classes.warnings} aria-label={t('script.warnings')}>
          {script.warnings.map(({ code, name }) => (
            <li key={`${code} ${name}`}>{t(`warnings.${code}`, { name })}</li>
          ))}
        </ul>
      ) : null}
      <div className={classes.text}>
        <SqlViewer text={text.trimEnd()} label={t('tabs.script')} />
      </div>
      {asking ? (
        <ConfirmDialog
          opened
          title={t('script.applyTitle', { name: targetName })}
          deed={t('script.deed', { count, shown: formatCount(count, i18n.language) })}
          danger={losses.length > 0}
          {...(production === null ? {} : { typeToConfirm: production })}
          onConfirm={apply}
          onClose={close}
        >
          <p>{t('script.applyText', { name: targetName })}</p>
          {losses.length > 0 ? (
            <>
              <p>{t('script.lossText', { count: losses.length })}</p>
              <ul className={classes.losses}>
                {losses.slice(0, 20).map(({ sql }) => (
                  <li key={sql}>
                    <code>{sql}</code>
                  </li>
                ))}
              </ul>
            </>
          ) : null}
        </ConfirmDialog>
      ) : null}
    </>
  );
}
