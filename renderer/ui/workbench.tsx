import { createContext, useContext, useEffect } from 'react';
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
  setTitle(title: string): void;
  /** Marks unsaved work: closing asks first. */
  setDirty(dirty: boolean): void;
  setStatus(status: TabStatus | null): void;
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
  setTitle: () => undefined,
  setDirty: () => undefined,
  setStatus: () => undefined,
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
