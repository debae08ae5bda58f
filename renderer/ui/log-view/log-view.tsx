import { ActionIcon, Box, Checkbox, Chip, Group, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconCopy } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatTime, formatUtc } from '../bytes';
import { useCopy } from '../clipboard';
import { ErrorPanel } from '../error-panel';
import { showNotice } from '../notice';
import { clockTime, countLevels, LOG_LEVELS, logText, type LogLevel } from './log-model';
import classes from './log-view.module.css';
import { type ReadLog, useLogLines } from './use-log-lines';

/** Height of a line of the log in pixels, as `--text-line`. */
const LINE = 18;

export interface LogViewProps {
  /** Lines that the log has by now; it is read on whenever this grows. */
  readonly total: number;
  /** The same function as long as the log is the same. */
  readonly read: ReadLog;
  readonly openAtStart: boolean;
}

/** A log, folded away until wanted: filtered by level, followed to its end, copied. A message of several lines takes several. */
export function LogView({ total, read, openAtStart }: LogViewProps) {
  const { t, i18n } = useTranslation('app');
  const copy = useCopy();
  const [open, setOpen] = useState(openAtStart);
  const [levels, setLevels] = useState<readonly LogLevel[]>(['info', 'harmless', 'warning', 'error']);
  const [follow, setFollow] = useState(true);
  const { lines, first, error } = useLogLines(read, total, open);
  const shown = useMemo(() => lines.filter((line) => levels.includes(line.level)), [lines, levels]);
  const shownRows = useMemo(
    () =>
      shown.flatMap((line) =>
        line.text.split('\n').map((text, index) => ({ at: line.at, level: line.level, text, isFirst: index === 0 })),
      ),
    [shown],
  );
  const counts = useMemo(() => countLevels(lines), [lines]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: shownRows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  const last = shownRows.length - 1;
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
          {t('ui.log.title')} <span className={classes.quiet}>{t('ui.log.lines', { count: total })}</span>
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
                  <Chip
                    key={level}
                    value={level}
                    size="xs"
                    radius="sm"
                    variant="light"
                    classNames={{ label: classes.chip ?? '' }}
                  >
                    {t(`ui.log.levels.${level}`)} {formatCount(counts[level], i18n.language)}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
            <div className={classes.gap} />
            <Checkbox
              label={t('ui.log.follow')}
              checked={follow}
              onChange={(event) => setFollow(event.currentTarget.checked)}
            />
            <Tooltip label={t('ui.log.copy')}>
              <ActionIcon
                aria-label={t('ui.log.copy')}
                disabled={shown.length === 0}
                onClick={() => {
                  copy(logText(shown));
                  showNotice(t('ui.log.copied', { count: shown.length }));
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
        <p className={classes.quiet}>{t('ui.log.earlier', { lines: formatCount(first, i18n.language) })}</p>
      ) : null}
      {open ? (
        <Box
          ref={scroller}
          className={classes.lines}
          onScroll={onScroll}
          role="log"
          aria-label={t('ui.log.title')}
          // So that the keys can scroll it: nothing inside can have the focus.
          tabIndex={0}
        >
          {shown.length === 0 ? <p className={classes.nothing}>{t('ui.log.nothing')}</p> : null}
          <div className={classes.canvas} style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map((row) => {
              const line = shownRows[row.index];
              if (line === undefined) return null;
              return (
                <div
                  key={row.index}
                  className={classes.line}
                  data-level={line.level}
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <span className={classes.at} title={`${formatTime(line.at, i18n.language)} · ${formatUtc(line.at)}`}>
                    {line.isFirst ? clockTime(line.at) : ''}
                  </span>
                  <span className={classes.level}>{line.isFirst ? t(`ui.log.levels.${line.level}`) : ''}</span>
                  <span className={classes.text} title={line.text}>
                    {line.text}
                  </span>
                </div>
              );
            })}
          </div>
        </Box>
      ) : null}
    </div>
  );
}
