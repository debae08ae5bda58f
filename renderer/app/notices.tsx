import { ActionIcon, Button, Popover, ScrollArea, Tooltip } from '@mantine/core';
import { IconBell, IconBellOff, IconTrash } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { formatTime, formatUtc } from '../ui/bytes';
import { useNotices, type Notice } from '../ui/notice';
import { StatusButton } from '../ui/status-button';
import { StatusPill } from '../ui/status-pill';
import { runCommand } from './commands';
import { currentDock } from './dock-api';
import classes from './notices.module.css';
import { useShell } from './store';

const WORDS_OF: Readonly<Record<Notice['kind'], string>> = {
  ok: 'notices.kinds.ok',
  info: 'notices.kinds.info',
  warn: 'notices.kinds.warn',
  error: 'notices.kinds.error',
};

const close = () => useShell.setState({ noticesOpen: false });

/** The bell in the status bar: how much is new, and the list of what happened. */
export function Notices() {
  const { t } = useTranslation('app');
  const open = useShell((state) => state.noticesOpen);
  const notices = useNotices((state) => state.notices);
  const fresh = notices.filter(({ seen }) => !seen).length;
  useEffect(() => {
    if (!open || fresh === 0) return;
    useNotices.setState(({ notices: now }) => ({ notices: now.map((notice) => ({ ...notice, seen: true })) }));
  }, [open, fresh]);
  const label = fresh === 0 ? t('notices.title') : t('notices.new', { count: fresh });
  return (
    <Popover
      opened={open}
      onChange={(now) => useShell.setState({ noticesOpen: now })}
      position="top-end"
      width={420}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <StatusButton
          title={label}
          aria-label={label}
          data-notices={fresh}
          onClick={() => useShell.setState({ noticesOpen: !open })}
        >
          <IconBell size={16} stroke={1.5} aria-hidden />
          {fresh === 0 ? null : <span className={classes.count}>{fresh}</span>}
        </StatusButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.panel ?? ''} aria-label={t('notices.title')}>
        <header className={classes.head}>
          <h2>{t('notices.title')}</h2>
          <Tooltip label={t('notices.clear')}>
            <ActionIcon
              aria-label={t('notices.clear')}
              disabled={notices.length === 0}
              onClick={() => useNotices.setState({ notices: [] })}
            >
              <IconTrash size={16} stroke={1.5} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </header>
        {notices.length === 0 ? (
          <p className={classes.empty}>
            <IconBellOff size={16} stroke={1.5} aria-hidden />
            {t('notices.nothing')}
          </p>
        ) : (
          <ScrollArea.Autosize mah={400} type="auto" viewportProps={{ tabIndex: 0 }}>
            <ul className={classes.list} aria-label={t('notices.title')}>
              {notices.map((notice) => (
                <NoticeLine key={notice.id} notice={notice} />
              ))}
            </ul>
          </ScrollArea.Autosize>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function NoticeLine({ notice }: { readonly notice: Notice }) {
  const { t, i18n } = useTranslation('app');
  const { kind, at, title, text, open, tab, times } = notice;
  const panel = tab === null ? undefined : currentDock()?.getPanel(tab);
  return (
    <li className={classes.line}>
      <div className={classes.meta}>
        <StatusPill tone={kind}>{t(WORDS_OF[kind])}</StatusPill>
        <time dateTime={new Date(at).toISOString()} title={formatUtc(at)}>
          {formatTime(at, i18n.language)}
        </time>
        {times === 1 ? null : <span>{t('notices.times', { count: times })}</span>}
      </div>
      <div className={classes.title}>{title}</div>
      {text === '' ? null : <div className={classes.text}>{text}</div>}
      {open === null && panel === undefined ? null : (
        <div className={classes.deeds}>
          {open === null ? null : (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                close();
                runCommand(open.command);
              }}
            >
              {open.label}
            </Button>
          )}
          {panel === undefined ? null : (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                close();
                panel.api.setActive();
              }}
            >
              {t('palette.switchTab')}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
