import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorPanel } from '../../ui/error-panel';
import classes from './object-view.module.css';

export interface OutcomeProps {
  readonly error: unknown;
  readonly ready: boolean;
  readonly onRetry: () => void;
  readonly children: ReactNode;
}

/** What was read, or in its place the error or a skeleton. */
export function Outcome({ error, ready, onRetry, children }: OutcomeProps) {
  if (error !== null) {
    return (
      <div className={classes.pad}>
        <ErrorPanel error={error} onRetry={onRetry} />
      </div>
    );
  }
  if (ready) return children;
  return (
    <div className={classes.skeleton} aria-busy>
      {['60%', '40%', '50%', '30%', '45%'].map((width) => (
        <Skeleton key={width} height={12} width={width} />
      ))}
    </div>
  );
}
