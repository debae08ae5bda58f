import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { errorInfo, type ErrorInfo } from '../../../shared/errors';
import { api, listen } from '../../api';
import { presentError } from '../../ui/error-presenter';
import { createEarlyOutput } from './early-output';
import type { Screen } from './xterm';

export type PsqlState =
  | { readonly at: 'waiting' | 'starting' }
  | { readonly at: 'running'; readonly program: string }
  | { readonly at: 'ended'; readonly exitCode: number | null; readonly signal: string }
  | { readonly at: 'failed'; readonly error: ErrorInfo };

export interface PsqlOptions {
  readonly serverId: string;
  readonly database: string;
  /** Null until its chunk is here and the terminal stands. */
  readonly screen: Screen | null;
  readonly start: boolean;
  /** The psql to go on with. */
  readonly terminalId: string | undefined;
}

export interface Psql {
  readonly state: PsqlState;
  /** Whether one runs in which something was typed: ending it may lose something. */
  readonly inUse: boolean;
  /** Starts one, when none runs. */
  start(): void;
  /** What the person types or pastes. */
  write(data: string): void;
  /** Lets go of the running one without ending it, and tells its id; empty when none runs. */
  release(): string;
}

/** Joins a terminal and a psql in main: what is typed goes there, what it prints comes here. */
export function usePsql({ serverId, database, screen, start: atOnce, terminalId }: PsqlOptions): Psql {
  const [state, setState] = useState<PsqlState>({ at: atOnce || terminalId !== undefined ? 'starting' : 'waiting' });
  const [typedIn, setTypedIn] = useState(terminalId !== undefined);
  const id = useRef(terminalId ?? '');
  const gone = useRef(false);
  // What was printed before the answer that tells which one it is.
  const [early] = useState(createEarlyOutput);

  const show = useCallback((to: RefObject<string>, on: Screen, data: string) => {
    on.terminal.write(data, () => {
      if (to.current !== '') api.terminal.drawn({ terminalId: to.current, bytes: data.length }).catch(() => undefined);
    });
  }, []);

  useEffect(() => {
    if (!screen) return undefined;
    const stopOutput = listen('terminal', 'output', (part) => {
      if (part.terminalId === id.current) show(id, screen, part.data);
      else early.hear(part);
    });
    const stopEnd = listen('terminal', 'ended', ({ terminalId: ended, exitCode, signal }) => {
      if (ended !== id.current) return;
      id.current = '';
      setState({ at: 'ended', exitCode, signal });
    });
    return () => {
      stopOutput();
      stopEnd();
    };
  }, [screen, show, early]);

  /** Starts one; the state that it leads to. */
  const launch = useCallback(
    async (on: Screen): Promise<PsqlState> => {
      const { cols, rows } = on.terminal;
      early.begin();
      try {
        const started = await api.terminal.start({ serverId, database, columns: cols, rows });
        id.current = started.terminalId;
        // The tab was closed meanwhile.
        if (gone.current) await api.terminal.end({ terminalId: started.terminalId });
        for (const data of early.end(id.current)) show(id, on, data);
        on.terminal.focus();
        return { at: 'running', program: started.program };
      } catch (error) {
        return { at: 'failed', error: errorInfo(error) };
      } finally {
        early.end('');
      }
    },
    [serverId, database, show, early],
  );

  const begun = useRef(false);
  useEffect(() => {
    if (!screen || begun.current) return;
    begun.current = true;
    if (id.current !== '') {
      // It draws its line anew when it hears of the size.
      const { cols, rows } = screen.terminal;
      api.terminal
        .attach({ terminalId: id.current, columns: cols, rows })
        .then(() => setState({ at: 'running', program: 'psql' }))
        .catch(() => {
          id.current = '';
          setState({ at: 'ended', exitCode: null, signal: '' });
        });
    } else if (atOnce) void launch(screen).then(setState);
  }, [screen, atOnce, launch]);

  useEffect(() => {
    if (!screen) return undefined;
    const typed = screen.terminal.onData((data) => {
      if (id.current === '') return;
      setTypedIn(true);
      api.terminal.write({ terminalId: id.current, data }).catch(presentError);
    });
    const resized = screen.terminal.onResize(({ cols, rows }) => {
      if (id.current !== '')
        api.terminal.resize({ terminalId: id.current, columns: cols, rows }).catch(() => undefined);
    });
    return () => {
      typed.dispose();
      resized.dispose();
    };
  }, [screen]);

  useEffect(
    () => () => {
      gone.current = true;
      if (id.current !== '') api.terminal.end({ terminalId: id.current }).catch(presentError);
    },
    [],
  );

  return {
    state,
    inUse: state.at === 'running' && typedIn,
    start() {
      if (!screen || id.current !== '') return;
      setTypedIn(false);
      setState({ at: 'starting' });
      void launch(screen).then(setState);
    },
    write: (data) => screen?.terminal.paste(data),
    release() {
      const released = id.current;
      id.current = '';
      return released;
    },
  };
}
