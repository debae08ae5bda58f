import { expect, it } from 'vitest';
import { createWindowSessions } from '../../electron/host/window-sessions';

it('a session ends with the window that holds it, not with the one that it came from', () => {
  const ended: string[] = [];
  const sessions = createWindowSessions((session) => ended.push(session));
  sessions.opening(1)('stays');
  sessions.opening(1)('moves');
  sessions.opening(1)('closed');
  sessions.release('closed');
  sessions.pass('moves', 2);
  sessions.pass('closed', 2);
  sessions.windowGone(1);
  expect(ended).toEqual(['stays']);
  sessions.windowGone(1);
  sessions.windowGone(2);
  expect(ended).toEqual(['stays', 'moves']);
});

it('a session that is there only after its window or page is gone ends at once', () => {
  const ended: string[] = [];
  const sessions = createWindowSessions((session) => ended.push(session));
  const late = sessions.opening(1);
  sessions.windowGone(1);
  late('late');
  expect(ended).toEqual(['late']);
  // The page that was loaded anew in the same window.
  sessions.opening(1)('next');
  expect(ended).toEqual(['late']);
});
