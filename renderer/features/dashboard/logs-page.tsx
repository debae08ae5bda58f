import { ActionIcon, Select, Skeleton, Switch, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LOG_SEVERITIES, type LogEntry, type LogSeverity } from '../../../shared/model/dashboard';
import { api } from '../../api';
import { formatBytes, formatTime } from '../../ui/bytes';
import { CopyButton } from '../../ui/copy-button';
import { EmptyState } from '../../ui/empty-state';
import { presentError } from '../../ui/error-presenter';
import { showNotice } from '../../ui/notice';
import { StatusPill, type Tone } from '../../ui/status-pill';
import { useTabActions } from '../../ui/workbench';
import { logText } from './log-text';
import { LookError } from './look-error';
import classes from './logs-page.module.css';
import pages from './pages.module.css';
import { SearchField } from './search-field';
import { useLook } from './use-look';

/** KiB of the end of a file that can be read. */
const SIZES = [64, 256, 1024, 4096] as const;
/** Milliseconds to wait at least between looks for each KiB that is read: what is large is followed less often. */
const MS_FOR_KIB = 4;
/** Entries that are drawn: the newest. */
const SHOWN = 1000;

const TONES: Readonly<Record<LogSeverity, Tone>> = {
  debug: 'neutral',
  log: 'neutral',
  info: 'info',
  notice: 'info',
  warning: 'warn',
  error: 'error',
  fatal: 'error',
  panic: 'error',
  other: 'neutral',
};

const LEVELS = ['all', 'warning', 'error'] as const;
type Level = (typeof LEVELS)[number];

/** What happened to something is told at or above a severity; a line without one is told with everything. */
const atLeast = (severity: LogSeverity, level: Level): boolean =>
  level === 'all' || (severity !== 'other' && LOG_SEVERITIES.indexOf(severity) >= LOG_SEVERITIES.indexOf(level));

/** The server's own log, as far as it lets itself be read. */
export function LogsPage({ open }: { readonly open: boolean }) {
  const { t, i18n } = useTranslation('dashboard');
  const [file, setFile] = useState('');
  const [kib, setKib] = useState(256);
  const [follow, setFollow] = useState(true);
  const [level, setLevel] = useState<Level>('all');
  const [text, setText] = useState('');
  const ask = useCallback(
    (where: { serverId: string; database: string }, signal: AbortSignal) =>
      api.dashboard.log({ ...where, file, bytes: kib * 1024 }, signal),
    [file, kib],
  );
  const { value, error, again } = useLook(open, ask, follow ? kib * MS_FOR_KIB : Infinity);
  const entries = useMemo(() => {
    const sought = text.trim().toLowerCase();
    return (value?.entries ?? [])
      .filter((entry) => atLeast(entry.severity, level))
      .filter(({ message, more, user, database, sqlstate, pid }) =>
        [message, more, user, database, sqlstate, pid].some((part) => part.toLowerCase().includes(sought)),
      );
  }, [value, level, text]);
  const shown = entries.slice(-SHOWN);
  const save = async (): Promise<void> => {
    const target = await api.app.pickSaveFile({
      title: t('logs.save'),
      suggestedName: 'postgresql.log',
      filters: [{ name: 'LOG', extensions: ['log', 'txt'] }],
    });
    if (!target) return;
    await api.diagram.saveExport({ fileToken: target.token, content: logText(entries) });
    showNotice(t('logs.saved', { name: target.name }));
  };
  const saveShown = () => void save().catch(presentError);
  const nothing = entries.length === 0;
  useTabActions([
    { id: 'dashboard.save-log', label: t('logs.save'), disabled: !open || nothing, run: saveShown },
    { id: 'dashboard.follow-log', label: t('logs.follow'), disabled: !open, run: () => setFollow(!follow) },
  ]);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (follow && open) end.current?.scrollIntoView({ block: 'end' });
  }, [follow, open, shown.length]);
  return (
    <div className={pages.page}>
      <div className={pages.bar}>
        <Select
          aria-label={t('logs.file')}
          placeholder={t('logs.current')}
          data={(value?.files ?? []).map(({ name, bytes, at }) => ({
            value: name,
            label: `${name} · ${formatBytes(bytes)} · ${formatTime(at, i18n.language)}`,
          }))}
          value={file === '' ? null : file}
          onChange={(next) => setFile(next ?? '')}
          clearable
          allowDeselect
          w={360}
        />
        <Select
          aria-label={t('logs.size')}
          data={SIZES.map((size) => ({
            value: String(size),
            label: t('logs.last', { size: formatBytes(size * 1024) }),
          }))}
          value={String(kib)}
          onChange={(next) => setKib(Number(next))}
          w={140}
        />
        <Select
          aria-label={t('logs.level')}
          data={LEVELS.map((each) => ({ value: each, label: t(`logs.levels.${each}`) }))}
          value={level}
          onChange={(next) => setLevel(LEVELS.find((each) => each === next) ?? 'all')}
          w={160}
        />
        <SearchField open={open} label={t('search')} value={text} onChange={setText} />
        <Switch
          label={t('logs.follow')}
          checked={follow}
          onChange={(event) => setFollow(event.currentTarget.checked)}
        />
        <Tooltip label={t('logs.save')}>
          <ActionIcon aria-label={t('logs.save')} disabled={nothing} onClick={saveShown}>
            <IconDownload size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </div>
      <LookError error={error} onRetry={again} />
      {value === null && error === null ? <Skeleton height={300} /> : null}
      {value?.obstacle != null ? (
        <EmptyState
          title={t(`logs.obstacles.${value.obstacle}.title`)}
          text={[
            t(`logs.obstacles.${value.obstacle}.text`),
            value.reason === '' ? '' : t('logs.said', { reason: value.reason }),
          ]
            .join(' ')
            .trim()}
        />
      ) : value === null ? null : (
        <>
          <p className={pages.note}>
            {t('logs.read', {
              file: value.file,
              read: formatBytes(value.readBytes),
              size: formatBytes(value.fileBytes),
              count: entries.length,
            })}
          </p>
          <div className={classes.scroller} tabIndex={-1} role="log" aria-label={t('pages.logs')} aria-live="off">
            {shown.map((entry, at) => (
              <Entry key={`${entry.time} ${entry.pid} ${at}`} entry={entry} />
            ))}
            {shown.length === 0 ? <p className={pages.note}>{t('logs.none')}</p> : null}
            <div ref={end} />
          </div>
        </>
      )}
    </div>
  );
}

function Entry({ entry }: { readonly entry: LogEntry }) {
  const { t } = useTranslation('dashboard');
  const who = [entry.user, entry.database].filter((part) => part !== '').join('@');
  return (
    <div className={classes.entry} data-severity={entry.severity}>
      <span className={classes.time}>{entry.time}</span>
      <span className={classes.severity}>
        <StatusPill tone={TONES[entry.severity]}>{t(`logs.severities.${entry.severity}`)}</StatusPill>
      </span>
      <span className={classes.pid}>{entry.pid}</span>
      <div className={classes.text}>
        {who === '' && entry.sqlstate.startsWith('00') ? null : (
          <span className={classes.who}>
            {[who, entry.sqlstate === '00000' ? '' : entry.sqlstate].filter(Boolean).join(' ')}{' '}
          </span>
        )}
        {entry.message}
        {entry.more === '' ? null : <div className={classes.more}>{entry.more}</div>}
      </div>
      <span className={classes.copy}>
        <CopyButton text={[entry.time, entry.message, entry.more].filter((part) => part !== '').join('\n')} />
      </span>
    </div>
  );
}
