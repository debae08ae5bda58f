import { expect, it } from 'vitest';
import { createWindowSessions } from '../../electron/host/window-sessions';

it('a session ends with the window that holds it, not with the one that it came from', () => {
  const ended: string[] = [];
  const sessions = createWindowSessions((session) => ended.push(session));
  sessions.hold('stays', 1);
  sessions.hold('moves', 1);
  sessions.hold('closed', 1);
  sessions.release('closed');
  sessions.pass('moves', 2);
  sessions.pass('closed', 2);
  sessions.windowGone(1);
  expect(ended).toEqual(['stays']);
  sessions.windowGone(1);
  sessions.windowGone(2);
  expect(ended).toEqual(['stays', 'moves']);
});
