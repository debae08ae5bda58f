import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorPanel } from '../../../ui/error-panel';
import { LogView } from '../../../ui/log-view/log-view';
import classes from './log-tab.module.css';

/** Lines that are pulled at once. */
const PULL = 5000;

export interface LogTabProps {
  readonly id: string;
  /** Grows with every reading of the task. */
  readonly readings: number;
}

/** The log of the task, pulled as it grows. */
export function LogTab({ id, readings }: LogTabProps) {
  const { t } = useTranslation('migration');
  const [total, setTotal] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const gone = new AbortController();
    api.migration.log({ id, from: 0, limit: 1 }, gone.signal).then(
      (page) => {
        setTotal(page.total);
        setError(null);
      },
      (thrown: unknown) => {
        if (!gone.signal.aborted) setError(thrown);
      },
    );
    return () => gone.abort();
  }, [id, readings]);
  const read = useCallback(
    async (from: number) => {
      const { lines } = await api.migration.log({ id, from, limit: PULL });
      return { lines, next: from + lines.length };
    },
    [id],
  );
  if (error !== null && total === null) return <ErrorPanel title={t('task.log.failed')} error={error} />;
  if (total === null) return null;
  if (total === 0) return <EmptyState title={t('task.log.none')} />;
  return (
    <div className={classes.log}>
      <LogView total={total} read={read} openAtStart />
    </div>
  );
}
