import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import classes from './running-notice.module.css';

export interface RunningNotice {
  /** Takes the notice away. */
  readonly end: () => void;
}

/** A toast for something that goes on without a view of its own: it stays until it ends, and can be stopped. */
export function showRunning(message: string, stopLabel: string, onStop: () => void): RunningNotice {
  const id = notifications.show({
    autoClose: false,
    withCloseButton: false,
    loading: true,
    withBorder: true,
    message: (
      <span className={classes.row}>
        <span className={classes.text}>{message}</span>
        <Button size="compact-xs" variant="default" onClick={onStop}>
          {stopLabel}
        </Button>
      </span>
    ),
  });
  return { end: () => notifications.hide(id) };
}
