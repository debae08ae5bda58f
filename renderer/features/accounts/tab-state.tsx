import { Skeleton } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceStatus } from '../../../shared/model/instance';
import { EmptyState } from '../../ui/empty-state';
import { ErrorPanel } from '../../ui/error-panel';
import { serves } from './model';
import classes from './tab.module.css';
import type { Loaded } from './use-loaded';

export interface TabStateProps<T> {
  readonly status: InstanceStatus;
  readonly loaded: Loaded<T>;
  /** What is read, for screen readers. */
  readonly reading: string;
  readonly failed: string;
  readonly children: (value: T) => ReactNode;
}

/** A list in its place: why there is none, that it is being read, why it could not be, or itself. */
export function TabState<T>({ status, loaded, reading, failed, children }: TabStateProps<T>) {
  const { t } = useTranslation('accounts');
  if (!serves(status)) {
    return (
      <EmptyState
        icon={<IconPlayerPause size={32} stroke={1.5} />}
        title={t('notRunning.title')}
        text={t('notRunning.text')}
      />
    );
  }
  const { value, error, reload } = loaded;
  return (
    <>
      {error === null ? null : <ErrorPanel title={failed} error={error} onRetry={reload} />}
      {value === null && error === null ? (
        <div className={classes.fields} role="status" aria-label={reading}>
          {[1, 2, 3].map((row) => (
            <Skeleton key={row} height={32} />
          ))}
        </div>
      ) : null}
      {value === null ? null : children(value)}
    </>
  );
}
