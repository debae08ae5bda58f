import { useCallback, useEffect } from 'react';
import { plainCommand } from '../../shared/model/command';
import {
  isForTerminal,
  isTabAction,
  keysInForce,
  keymapOf,
  keysOfPress,
  sameSpelling,
  shortcutText,
  type KeyChoices,
  type ShellAction,
} from '../../shared/model/keymap';
import type { TabActionOffer } from '../ui/workbench';
import { runCommand, runTabAction } from './commands';
import { currentDock } from './dock-api';
import { followMacros, macroOfKeys } from './macros';
import { useShell } from './store';
import { tabActions } from './tab-offers';
import { isMac } from '../ui/platform';

/** Tells the keys of any action as a person reads them; empty when it has none. Follows what the person chooses. */
export function useKeysText(): (action: string, usual?: string | readonly string[]) => string {
  const choices = useShell((state) => state.settings.shortcuts);
  return useCallback(
    (action, usual) => {
      const keys = keysInForce(action, usual, choices)[0];
      return keys === undefined ? '' : shortcutText(keys, isMac);
    },
    [choices],
  );
}

export function runShellAction(action: ShellAction): void {
  if (isTabAction(action)) runTabAction(action);
  else runCommand(plainCommand(action));
}

/** Whether the focus is in the tab in front, or nowhere: only then its own keys count. */
function inFront(tab: string): boolean {
  const focus = document.activeElement;
  if (focus === null || focus === document.body) return true;
  return focus.closest(`[data-tab-body="${CSS.escape(tab)}"]`) !== null;
}

/** What a key press does, best first: macros, the tab's own actions, the shell's; none of those that psql needs. Undefined: nothing. */
function deedOf(pressed: string, choices: KeyChoices): (() => void) | undefined {
  if (isForTerminal(pressed, isMac) && document.activeElement?.closest('.xterm') != null) return undefined;
  const tab = currentDock()?.activePanel?.id;
  const isPressed = (keys: string) => sameSpelling(keys, isMac) === pressed;
  if (tab !== undefined && inFront(tab)) {
    const mine = ({ id, keys, disabled }: TabActionOffer) =>
      disabled !== true && keysInForce(id, keys ?? [], choices).some(isPressed);
    const macro = tab.startsWith('query:') ? macroOfKeys(isPressed) : undefined;
    if (macro !== undefined) return () => runCommand({ do: 'run-macro', id: macro.id });
    const offer = tabActions(tab).find(mine);
    if (offer !== undefined) return () => offer.run();
  }
  const shortcut = keymapOf(choices).find(({ keys }) => isPressed(keys));
  if (shortcut === undefined) return undefined;
  // F5 runs the query when the focus is in a query tab.
  if (shortcut.action === 'refresh-tree' && document.activeElement?.closest('[data-view="query"]') != null)
    return undefined;
  return () => runShellAction(shortcut.action);
}

/** Listens for every shortcut before any view does. Dialogs keep the keyboard for themselves, and so does a field that records keys. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // Typing a sign with AltGr is Ctrl+Alt to some systems.
      const pressed = event.getModifierState('AltGraph') ? null : keysOfPress(event, isMac);
      if (pressed === null || document.querySelector('[aria-modal="true"], [data-records-keys]') !== null) return;
      const deed = deedOf(pressed, useShell.getState().settings.shortcuts);
      if (deed === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      deed();
    };
    const stop = useShell.subscribe(({ activeTab }) => {
      if (activeTab?.startsWith('query:') === true) followMacros();
    });
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => {
      stop();
      window.removeEventListener('keydown', onKeyDown, { capture: true });
    };
  }, []);
}
