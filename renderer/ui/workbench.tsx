import { createContext, useContext, useEffect, useId, useRef } from 'react';
import type { ObjectRef } from '../../shared/model/catalog';
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
  /** Whether statements commit by themselves; absent for tabs without a session. */
  readonly autocommit?: boolean | undefined;
  /** The role that the session has taken on; empty or absent is the user's own. */
  readonly role?: string | undefined;
}

/** Something that can be done in a tab: the palette offers it while the tab is in front, and its keys work in the tab. */
export interface TabActionOffer {
  /** The same in every tab of the kind, e.g. `query.run`: the keys that the person chose are kept under it. */
  readonly id: string;
  /** In the person's language. */
  readonly label: string;
  /** As in the keymap, e.g. `mod+enter`; the first is shown. The person's own choice stands in place of all. */
  readonly keys?: string | readonly string[] | undefined;
  /** It can't be done now: neither offered nor run by its keys. */
  readonly disabled?: boolean | undefined;
  run(): void;
}

/** What a view can do with the tab it stands in. */
export interface TabHandle {
  readonly id: string;
  /** Whether the tab is the one in front. */
  readonly active: boolean;
  /** Whether the tab can be seen; in a split, tabs that are not active can. Views that poll pause when it is false. */
  readonly visible: boolean;
  setTitle(title: string): void;
  /** Marks unsaved work: closing asks first, and says `why`, one reason or several, in place of words that fit any tab. */
  setDirty(dirty: boolean, why?: string | readonly string[]): void;
  setStatus(status: TabStatus | null): void;
  /**
   * What is added to the tab's content when it moves to another window, e.g. the session that it goes on with: the view lets go of that when
   * it is called. Null: the content alone.
   */
  setMove(move: (() => Readonly<Record<string, string>>) | null): void;
  /** What can be done in the tab, by the part of the view that offers it; null takes a part's offers back. Use `useTabActions`. */
  offer(part: string, actions: readonly TabActionOffer[] | null): void;
  close(): void;
}

export interface Workbench {
  /** Does a command; the shell knows how. */
  run(command: Command): void;
  /** The keys of an action as a person reads them, e.g. `Ctrl+Enter`; empty when it has none. `usual`: those that a tab's action comes with. */
  keysText(action: string, usual?: string | readonly string[]): string;
}

export const WorkbenchContext = createContext<Workbench>({ run: () => undefined, keysText: () => '' });
export const TabContext = createContext<TabHandle>({
  id: '',
  active: true,
  visible: true,
  setTitle: () => undefined,
  setDirty: () => undefined,
  setStatus: () => undefined,
  setMove: () => undefined,
  offer: () => undefined,
  close: () => undefined,
});

/** Asks the shell to do something: `const run = useCommand(); run({ do: 'show-tasks' })`. */
export const useCommand = (): Workbench['run'] => useContext(WorkbenchContext).run;
/** Tells the keys of actions for tooltips: `useKeysText()('query.run', 'f5')`. Follows what the person chooses. */
export const useKeysText = (): Workbench['keysText'] => useContext(WorkbenchContext).keysText;
export const useTab = (): TabHandle => useContext(TabContext);

/** Keeps the tab's title in step with the view. */
export function useTabTitle(title: string): void {
  const { setTitle } = useTab();
  useEffect(() => setTitle(title), [setTitle, title]);
}

/**
 * Offers what can be done in the tab for as long as the component is there: `useTabActions([{ id: 'query.run', label, keys: 'f5', run }])`.
 * Any part of a view may; an array that is made anew by every render is fine.
 */
export function useTabActions(actions: readonly TabActionOffer[]): void {
  const { offer } = useTab();
  const part = useId();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const shown = JSON.stringify(actions.map(({ id, label, keys, disabled }) => [id, label, keys, disabled]));
  useEffect(() => {
    const offers = latest.current.map((action) => ({
      ...action,
      run: () => latest.current.find(({ id }) => id === action.id)?.run(),
    }));
    offer(part, offers);
    return () => offer(part, null);
  }, [offer, part, shown]);
}

/** What the person has chosen in the tree. */
export interface TreePlace {
  readonly serverId: string;
  /** Empty for what is of the whole server. */
  readonly database: string;
  readonly object: ObjectRef | null;
}

let chosen: TreePlace | null = null;

/** The tree tells what is chosen in it; null is nothing of a server. */
export function setTreePlace(place: TreePlace | null): void {
  chosen = place;
}

export const treePlace = (): TreePlace | null => chosen;

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
