import type { Handlers } from '../../shared/contract/define';
import type { query } from '../../shared/contract/query';
import type { terminal } from '../../shared/contract/terminal';

/** What goes on in main for a window and ends with it: a window that is gone can't end its sessions itself. */
export interface WindowSessions {
  /**
   * The window begins to open a session, and holds the one that the function is called with, once it is there. When the window, or the page in
   * it, is gone by then, that session ends.
   */
  opening(window: number | undefined): (session: string) => void;
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
  /** How many pages of a window are gone. */
  const gone = new Map<number, number>();
  const pageOf = (window: number): number => gone.get(window) ?? 0;
  return {
    opening(window) {
      if (window === undefined) return () => undefined;
      const page = pageOf(window);
      return (session) => {
        if (pageOf(window) === page) holders.set(session, window);
        else end(session);
      };
    },
    pass(session, window) {
      if (holders.has(session)) holders.set(session, window);
    },
    release: (session) => void holders.delete(session),
    windowGone(window) {
      gone.set(window, pageOf(window) + 1);
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
      const hold = sessions.opening(context.window);
      const info = await handlers.open(input, context);
      hold(info.sessionId);
      return info;
    },
    async attach(input, context) {
      const hold = sessions.opening(context.window);
      const info = await handlers.attach(input, context);
      hold(info.sessionId);
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
      const hold = sessions.opening(context.window);
      const started = await handlers.start(input, context);
      hold(started.terminalId);
      return started;
    },
    async attach(input, context) {
      const hold = sessions.opening(context.window);
      await handlers.attach(input, context);
      hold(input.terminalId);
    },
    async end(input, context) {
      sessions.release(input.terminalId);
      return handlers.end(input, context);
    },
  };
}
