import { createContext, useContext, useEffect, useRef } from 'react';
import type { Command } from '../../shared/model/command';
import type { Environment } from '../../shared/model/server';

/** What the status bar tells about the active tab. */
export interface TabStatus {
  readonly server: string;
  readonly database: string;
  readonly user: string;
  readonly environment: Environment;
  /** Key in the translations of `app.transaction`: idle, transaction, failed, lost; empty for tabs without a session. */
  readonly transaction: string;
}

/** What a view can do with the tab it stands in. */
export interface TabHandle {
  readonly id: string;
  /** Whether the tab is the one in front. */
  readonly active: boolean;
  /** Whether the tab can be seen; in a split, tabs that are not active can. Views that poll pause when it is false. */
  readonly visible: boolean;
  setTitle(title: string): void;
  /** Marks unsaved work: closing asks first. */
  setDirty(dirty: boolean): void;
  setStatus(status: TabStatus | null): void;
  /**
   * What is added to the tab's content when it moves to another window, e.g. the session that it goes on with: the view lets go of that when
   * it is called. Null: the content alone.
   */
  setMove(move: (() => Readonly<Record<string, string>>) | null): void;
  close(): void;
}

export interface Workbench {
  /** Does a command; the shell knows how. */
  run(command: Command): void;
}

export const WorkbenchContext = createContext<Workbench>({ run: () => undefined });
export const TabContext = createContext<TabHandle>({
  id: '',
  active: true,
  visible: true,
  setTitle: () => undefined,
  setDirty: () => undefined,
  setStatus: () => undefined,
  setMove: () => undefined,
  close: () => undefined,
});

/** Asks the shell to do something: `const run = useCommand(); run({ do: 'show-tasks' })`. */
export const useCommand = (): Workbench['run'] => useContext(WorkbenchContext).run;
export const useTab = (): TabHandle => useContext(TabContext);

/** Keeps the tab's title in step with the view. */
export function useTabTitle(title: string): void {
  const { setTitle } = useTab();
  useEffect(() => setTitle(title), [setTitle, title]);
}

type CommandName = Command['do'];
const followers = new Set<(command: Command) => void>();

/** The shell tells every command it does to the views that follow it. */
export function announceCommand(command: Command): void {
  for (const follow of followers) follow(command);
}

/** Lets a view that stands open take part in a command, e.g. the tree in `refresh-tree`. */
export function useOnCommand<Name extends CommandName>(
  name: Name,
  handler: (command: Extract<Command, { do: Name }>) => void,
): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    const isNamed = (command: Command): command is Extract<Command, { do: Name }> => command.do === name;
    const follow = (command: Command) => {
      if (isNamed(command)) latest.current(command);
    };
    followers.add(follow);
    return () => {
      followers.delete(follow);
    };
  }, [name]);
}
