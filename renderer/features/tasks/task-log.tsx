import { ActionIcon, Checkbox, Chip, Group, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconCopy } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskView } from '../../../shared/model/task';
import { formatCount, formatTime, formatUtc } from '../../ui/bytes';
import { useCopy } from '../../ui/clipboard';
import { ErrorPanel } from '../../ui/error-panel';
import { showNotice } from '../../ui/notice';
import { clockTime, countLevels, LOG_LEVELS, logText, type LogLevel } from './model';
import classes from './task-log.module.css';
import { useLogLines } from './use-log-lines';

/** Height of a line of the log in pixels, as `--text-line`. */
const LINE = 18;

/** The log, folded away until wanted; opened by itself when the task has failed. */
export function TaskLog({ task }: { readonly task: TaskView }) {
  const { t, i18n } = useTranslation('tasks');
  const copy = useCopy();
  const [open, setOpen] = useState(task.state === 'failed');
  const [levels, setLevels] = useState<readonly LogLevel[]>(['info', 'harmless', 'warning', 'error']);
  const [follow, setFollow] = useState(true);
  const { lines, first, error } = useLogLines(task.id, task.logLines, open);
  const shown = useMemo(() => lines.filter((line) => levels.includes(line.level)), [lines, levels]);
  const counts = useMemo(() => countLevels(lines), [lines]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  const last = shown.length - 1;
  useEffect(() => {
    if (open && follow && last >= 0) rows.scrollToIndex(last, { align: 'end' });
  }, [open, follow, last, rows]);

  const onScroll = () => {
    const box = scroller.current;
    if (box === null) return;
    const atEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - LINE * 2;
    if (!atEnd && follow && !rows.isScrolling) return;
    setFollow(atEnd);
  };

  const Fold = open ? IconChevronDown : IconChevronRight;
  return (
    <div className={classes.log} data-open={open || undefined}>
      <div className={classes.head}>
        <UnstyledButton className={classes.fold ?? ''} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Fold size={16} stroke={1.5} aria-hidden />
          {t('log.title')} <span className={classes.quiet}>{t('log.lines', { count: task.logLines })}</span>
        </UnstyledButton>
        {open ? (
          <>
            <Chip.Group
              multiple
              value={[...levels]}
              onChange={(next) => setLevels(LOG_LEVELS.filter((l) => next.includes(l)))}
            >
              <Group gap="xs">
                {LOG_LEVELS.map((level) => (
                  <Chip key={level} value={level} size="xs" radius="sm" variant="light">
                    {t(`log.levels.${level}`)} {formatCount(counts[level], i18n.language)}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
            <div className={classes.gap} />
            <Checkbox
              label={t('log.follow')}
              checked={follow}
              onChange={(event) => setFollow(event.currentTarget.checked)}
            />
            <Tooltip label={t('log.copy')}>
              <ActionIcon
                aria-label={t('log.copy')}
                disabled={shown.length === 0}
                onClick={() => {
                  copy(logText(shown));
                  showNotice(t('log.copied', { count: shown.length }));
                }}
              >
                <IconCopy size={16} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          </>
        ) : null}
      </div>
      {open && error !== null ? <ErrorPanel error={error} /> : null}
      {open && first > 0 ? (
        <p className={classes.quiet}>{t('log.earlier', { lines: formatCount(first, i18n.language) })}</p>
      ) : null}
      {open ? (
        <div ref={scroller} className={classes.lines} onScroll={onScroll} role="log" aria-label={t('log.title')}>
          {shown.length === 0 ? <p className={classes.nothing}>{t('log.nothing')}</p> : null}
          <div className={classes.canvas} style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map((row) => {
              const line = shown[row.index];
              if (line === undefined) return null;
              return (
                <div
                  key={row.index}
                  className={classes.line}
                  data-level={line.level}
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <span className={classes.at} title={`${formatTime(line.at, i18n.language)} · ${formatUtc(line.at)}`}>
                    {clockTime(line.at)}
                  </span>
                  <span className={classes.level}>{t(`log.levels.${line.level}`)}</span>
                  <span className={classes.text} title={line.text}>
                    {line.text}
                  </span>
                </div>
              );
            })}
          </div>
        </div>
      ) : null}
    </div>
  );
}
