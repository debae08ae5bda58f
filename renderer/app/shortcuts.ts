import { useEffect } from 'react';
import { plainCommand } from '../../shared/model/command';
import { KEYMAP, shortcutOf, shortcutText, type Shortcut } from '../../shared/model/keymap';
import { runCommand, runTabAction } from './commands';

export const isMac = navigator.platform.startsWith('Mac');

/** The shortcut of a command as a person reads it; empty when it has none. */
export function shortcutLabel(action: string): string {
  const keys = shortcutOf(action);
  return keys === undefined ? '' : shortcutText(keys, isMac);
}

/** Whether a key press is the shortcut. Exported for tests. */
export function matches(keys: string, event: KeyboardEvent, mac: boolean): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1);
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier);
  const ctrl = wants('ctrl') || (wants('mod') && !mac);
  const meta = wants('mod') && mac;
  // With Shift the key of a letter is upper case, and `\` is another sign: the physical key decides then.
  const pressed = event.key.toLowerCase();
  const same = pressed === key || (key === '\\' && event.code === 'Backslash');
  return (
    same &&
    event.ctrlKey === ctrl &&
    event.metaKey === meta &&
    event.shiftKey === wants('shift') &&
    event.altKey === wants('alt')
  );
}

function runShortcut({ action }: Shortcut): void {
  switch (action) {
    case 'next-tab':
    case 'previous-tab':
    case 'split-tab':
    case 'float-tab':
    case 'detach-tab':
    case 'next-region':
      runTabAction(action);
      break;
    default:
      runCommand(plainCommand(action));
  }
}

/** Listens for every shortcut of the keymap before any view does. Dialogs keep the keyboard for themselves. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = KEYMAP.find(({ keys }) => matches(keys, event, isMac));
      if (shortcut === undefined || document.querySelector('[aria-modal="true"]') !== null) return;
      // F5 runs the query when the focus is in a query tab.
      if (shortcut.action === 'refresh-tree' && document.activeElement?.closest('[data-view="query"]') != null) return;
      event.preventDefault();
      event.stopPropagation();
      runShortcut(shortcut);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
