import { Checkbox, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskLogLine, TaskView } from '../../../shared/model/task';
import { api } from '../../api';
import { presentError } from '../../ui/error-presenter';
import classes from './import-log.module.css';

/** Lines held in the window; the tasks page and the file have all. */
const HELD = 20_000;
/** Height of a line in pixels, as `--text-line`. */
const LINE = 18;

/** The log under the progress: what matters, or everything. Messages of several lines take several. */
export function ImportLog({ task }: { readonly task: TaskView }) {
  const { t } = useTranslation('transfer');
  const [open, setOpen] = useState(false);
  const [all, setAll] = useState(true);
  const [lines, setLines] = useState<readonly TaskLogLine[]>([]);
  const next = useRef(0);
  const busy = useRef(false);
  useEffect(() => {
    if (!open || busy.current || next.current >= task.logLines) return;
    busy.current = true;
    const read = async () => {
      for (;;) {
        const part = await api.tasks.readLog({ id: task.id, from: next.current });
        if (part.lines.length === 0) break;
        next.current = part.next;
        setLines((held) => [...held, ...part.lines].slice(-HELD));
      }
    };
    read()
      .catch(presentError)
      .finally(() => (busy.current = false));
  }, [open, task.id, task.logLines]);

  const shown = useMemo(
    () =>
      lines
        .filter(({ level }) => all || level === 'error' || level === 'warning')
        .flatMap((line) =>
          line.text.split('\n').map((text, index) => ({ level: line.level, text, first: index === 0 })),
        ),
    [lines, all],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  const last = shown.length - 1;
  useEffect(() => {
    if (open && last >= 0) rows.scrollToIndex(last, { align: 'end' });
  }, [open, last, rows]);

  const Fold = open ? IconChevronDown : IconChevronRight;
  return (
    <div className={classes.log} data-open={open || undefined}>
      <div className={classes.head}>
        <UnstyledButton className={classes.fold ?? ''} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Fold size={16} stroke={1.5} aria-hidden />
          {t('log.title')}
        </UnstyledButton>
        {open ? (
          <Checkbox label={t('log.all')} checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
        ) : null}
      </div>
      {open ? (
        <div ref={scroller} className={classes.lines} role="log" aria-label={t('log.title')}>
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
                  <span className={classes.level}>{line.first ? t(`log.levels.${line.level}`) : ''}</span>
                  <span>{line.text}</span>
                </div>
              );
            })}
          </div>
        </div>
      ) : null}
    </div>
  );
}
