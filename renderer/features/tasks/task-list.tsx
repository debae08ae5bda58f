import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { isOver, type TaskView } from '../../../shared/model/task';
import { formatDuration, formatPercent, formatRate, formatTime } from '../../ui/bytes';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import { ProgressBar } from '../../ui/progress-bar';
import { StatusPill } from '../../ui/status-pill';
import { barTone, ranFor, outcomeOf, toneOfOutcome } from './model';
import classes from './task-list.module.css';
import { useNow } from './use-now';

/** Height of an entry in pixels; the style sheet's `.entry` has the same. */
const ENTRY = 84;

export interface TaskListProps {
  readonly tasks: readonly TaskView[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** Newest first; arrow keys move, the chosen one shows beside. */
export function TaskList({ tasks, chosen, onChoose }: TaskListProps) {
  const { t } = useTranslation('tasks');
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow(tasks.some((task) => !isOver(task.state)));
  const rows = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ENTRY,
    overscan: 4,
  });
  const at = tasks.findIndex((task) => task.id === chosen);

  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: tasks.length - 1 }[event.key];
    const next = to === undefined ? undefined : tasks[to];
    if (next === undefined || to === undefined) return;
    event.preventDefault();
    onChoose(next.id);
    rows.scrollToIndex(to);
  };

  return (
    <div
      ref={scroller}
      className={classes.list}
      role="listbox"
      aria-label={t('title')}
      aria-activedescendant={chosen === undefined ? undefined : `task-${chosen}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className={classes.canvas} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => {
          const task = tasks[row.index];
          if (task === undefined) return null;
          return (
            <div
              key={task.id}
              id={`task-${task.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={task.id === chosen}
              className={classes.entry}
              style={{ transform: `translateY(${row.start}px)` }}
              onClick={() => onChoose(task.id)}
              onKeyDown={(event) => event.key === 'Enter' && onChoose(task.id)}
            >
              <Entry task={task} now={now} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Entry({ task, now }: { readonly task: TaskView; readonly now: number }) {
  const { t, i18n } = useTranslation('tasks');
  const over = isOver(task.state);
  return (
    <>
      <div className={classes.line}>
        <span className={classes.title}>
          <MiddleEllipsis text={task.title} tail={12} />
        </span>
        <StatusPill tone={toneOfOutcome[outcomeOf(task)]}>{t(`states.${outcomeOf(task)}`)}</StatusPill>
      </div>
      <ProgressBar fraction={task.fraction ?? (over ? 0 : null)} label={task.title} tone={barTone(task)} />
      <div className={classes.quiet}>
        <span>{t(`kinds.${task.kind}`)}</span>
        <span className="numeric">
          {over
            ? formatDuration(ranFor(task, now))
            : [
                task.fraction === null ? '' : formatPercent(task.fraction),
                task.rate > 0 ? formatRate(task.rate) : '',
                task.secondsLeft === null ? '' : t('left', { time: formatDuration(task.secondsLeft * 1000) }),
              ]
                .filter((part) => part !== '')
                .join(' · ')}
        </span>
      </div>
      <div className={classes.quiet}>
        <span>{formatTime(task.startedAt, i18n.language)}</span>
        <span>
          {task.errors > 0 ? t('errors', { count: task.errors }) : ''}
          {task.errors > 0 && task.warnings > 0 ? ' · ' : ''}
          {task.warnings > 0 ? t('warnings', { count: task.warnings }) : ''}
        </span>
      </div>
    </>
  );
}
