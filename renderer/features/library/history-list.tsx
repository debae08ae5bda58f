import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../../shared/model/library';
import { formatCount, formatDuration } from '../../ui/bytes';
import { visibleText } from '../../ui/visible-text';
import { historyLines } from './history-lines';
import classes from './history-view.module.css';

/** Heights in pixels; the same in the style sheet. */
const ENTRY = 48;
const DAY = 28;
/** Lines before the end at which more are asked for. */
const EARLY = 40;

export interface HistoryListProps {
  readonly entries: readonly HistoryEntry[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly onOpen: (entry: HistoryEntry) => void;
  readonly onRemove: (entry: HistoryEntry) => void;
  readonly onEnd: () => void;
}

/** What ran, by day. Arrow keys move, Enter opens, Delete removes. */
export function HistoryList({ entries, chosen, onChoose, onOpen, onRemove, onEnd }: HistoryListProps) {
  const { t, i18n } = useTranslation('library');
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => historyLines(entries), [entries]);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'day' ? DAY : ENTRY),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= lines.length - EARLY) onEnd();
  }, [last, lines.length, onEnd]);
  const days = useMemo(() => new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full' }), [i18n.language]);
  const times = useMemo(() => new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium' }), [i18n.language]);
  const at = entries.findIndex(({ id }) => id === chosen);

  const onKeyDown = (event: KeyboardEvent) => {
    const entry = entries[at];
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    const next = to === undefined ? undefined : entries[to];
    if (next !== undefined) {
      onChoose(next.id);
      rows.scrollToIndex(
        lines.findIndex(({ key }) => key === next.id),
        { align: 'auto' },
      );
    } else if (event.key === 'Enter' && entry !== undefined) onOpen(entry);
    else if (event.key === 'Delete' && entry !== undefined) onRemove(entry);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className={classes.list}
      role="listbox"
      aria-label={t('history.title')}
      aria-activedescendant={items.some(({ key }) => key === chosen) ? `history-${chosen}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className={classes.canvas} style={{ height: rows.getTotalSize() }} role="presentation">
        {items.map(({ index, key, start }) => {
          const line = lines[index];
          if (line === undefined) return null;
          const style = { transform: `translateY(${start}px)` };
          if (line.kind === 'day') {
            return (
              <div key={key} className={classes.day} style={style} role="presentation">
                {days.format(line.at)}
              </div>
            );
          }
          const { entry } = line;
          return (
            <div
              key={key}
              id={`history-${entry.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={entry.id === chosen}
              className={classes.entry}
              data-outcome={entry.outcome}
              style={style}
              onClick={() => onChoose(entry.id)}
              onDoubleClick={() => onOpen(entry)}
              onKeyDown={(event) => {
                if (event.key === ' ') onChoose(entry.id);
              }}
            >
              <div className={classes.sql}>{visibleText(entry.sql.slice(0, 300).replaceAll(/\s+/g, ' ').trim())}</div>
              <div className={classes.facts}>
                <span>{times.format(entry.at)}</span>
                <span className={classes.place}>{visibleText(`${entry.server} · ${entry.database}`)}</span>
                <span className={classes.outcome}>
                  {entry.outcome === 'done'
                    ? t('history.rows', { count: entry.rows, rows: formatCount(entry.rows, i18n.language) })
                    : t(`outcomes.${entry.outcome}`)}
                </span>
                <span>{formatDuration(entry.ms)}</span>
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}
