import { notifications } from '@mantine/notifications';

/** A toast for something done that needs no action. Errors go through `presentError`. */
export function showNotice(message: string): void {
  notifications.show({ message, autoClose: 4000, withBorder: true, color: 'ok' });
}
