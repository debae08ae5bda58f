import type { Handlers } from '../../shared/contract/define';
import type { query } from '../../shared/contract/query';
import type { terminal } from '../../shared/contract/terminal';

/** What goes on in main for a window and ends with it: a window that is gone can't end its sessions itself. */
export interface WindowSessions {
  /** The window holds the session from now on. */
  hold(session: string, window: number): void;
  /** Another window holds it from now on, if any does. */
  pass(session: string, window: number): void;
  release(session: string): void;
  /** The window, or the page in it, is gone. */
  windowGone(window: number): void;
}

/**
 * @param end ends a session; it must not mind one that has ended already
 */
export function createWindowSessions(end: (session: string) => void): WindowSessions {
  const holders = new Map<string, number>();
  return {
    hold: (session, window) => void holders.set(session, window),
    pass(session, window) {
      if (holders.has(session)) holders.set(session, window);
    },
    release: (session) => void holders.delete(session),
    windowGone(window) {
      for (const [session, holder] of holders) {
        if (holder !== window) continue;
        holders.delete(session);
        end(session);
      }
    },
  };
}

type QueryHandlers = Handlers<typeof query>;
type TerminalHandlers = Handlers<typeof terminal>;

/** The handlers of the query feature, so that each session belongs to the window that opened it or took it over. */
export function querySessionsOf(handlers: QueryHandlers, sessions: WindowSessions): QueryHandlers {
  return {
    ...handlers,
    async open(input, context) {
      const info = await handlers.open(input, context);
      if (context.window !== undefined) sessions.hold(info.sessionId, context.window);
      return info;
    },
    async attach(input, context) {
      const info = await handlers.attach(input, context);
      if (context.window !== undefined) sessions.hold(info.sessionId, context.window);
      return info;
    },
    async close(input, context) {
      sessions.release(input.sessionId);
      return handlers.close(input, context);
    },
  };
}

/** The same for terminals. */
export function terminalsOf(handlers: TerminalHandlers, sessions: WindowSessions): TerminalHandlers {
  return {
    ...handlers,
    async start(input, context) {
      const started = await handlers.start(input, context);
      if (context.window !== undefined) sessions.hold(started.terminalId, context.window);
      return started;
    },
    async end(input, context) {
      sessions.release(input.terminalId);
      return handlers.end(input, context);
    },
  };
}
