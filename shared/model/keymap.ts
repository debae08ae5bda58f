import type { PlainCommandName } from './command';

/** What the keyboard does with the tabs themselves; no other part of the program can ask for these. */
export type TabAction = 'next-tab' | 'previous-tab' | 'split-tab' | 'float-tab' | 'detach-tab' | 'next-region';

/** One shortcut. `mod` is ⌘ on macOS and Ctrl elsewhere; the key is the `key` of a keyboard event, lower case. */
export interface Shortcut {
  readonly keys: string;
  readonly action: PlainCommandName | TabAction;
}

/** Every shortcut of the shell. The application menu, tooltips, the palette and the help page read this list. */
export const KEYMAP: readonly Shortcut[] = [
  { keys: 'mod+k', action: 'show-palette' },
  { keys: 'mod+shift+e', action: 'show-explorer' },
  { keys: 'mod+shift+i', action: 'show-instances' },
  { keys: 'mod+shift+m', action: 'show-migrations' },
  { keys: 'mod+shift+j', action: 'show-tasks' },
  { keys: 'mod+,', action: 'show-settings' },
  { keys: 'mod+shift+h', action: 'show-start' },
  { keys: 'f1', action: 'show-help' },
  { keys: 'mod+n', action: 'new-query' },
  { keys: 'mod+shift+n', action: 'register-server' },
  { keys: 'mod+alt+n', action: 'create-instance' },
  { keys: 'mod+alt+m', action: 'create-migration' },
  { keys: 'mod+o', action: 'open-file' },
  { keys: 'mod+s', action: 'save-file' },
  { keys: 'mod+alt+o', action: 'import' },
  { keys: 'mod+shift+d', action: 'show-dashboard' },
  { keys: 'mod+shift+t', action: 'open-terminal' },
  { keys: 'mod+shift+y', action: 'show-history' },
  { keys: 'mod+alt+w', action: 'new-window' },
  { keys: 'mod+shift+f', action: 'search-objects' },
  { keys: 'f5', action: 'refresh-tree' },
  { keys: 'mod+shift+l', action: 'toggle-theme' },
  { keys: 'mod+w', action: 'close-tab' },
  { keys: 'ctrl+tab', action: 'next-tab' },
  { keys: 'ctrl+shift+tab', action: 'previous-tab' },
  { keys: 'mod+\\', action: 'split-tab' },
  { keys: 'mod+shift+\\', action: 'float-tab' },
  { keys: 'mod+alt+\\', action: 'detach-tab' },
  { keys: 'f6', action: 'next-region' },
];

/** The shortcut of an action, or undefined. */
export const shortcutOf = (action: string): string | undefined =>
  KEYMAP.find((shortcut) => shortcut.action === action)?.keys;

/** As Electron's menus write it, e.g. `CmdOrCtrl+Shift+E`. */
export function accelerator(keys: string): string {
  return keys
    .split('+')
    .map((part) => {
      if (part === 'mod') return 'CmdOrCtrl';
      if (part === 'ctrl') return 'Ctrl';
      return part.length === 1 ? part.toUpperCase() : part.charAt(0).toUpperCase() + part.slice(1);
    })
    .join('+');
}

const MAC_SIGNS: Readonly<Record<string, string>> = { mod: '⌘', ctrl: '⌃', shift: '⇧', alt: '⌥', tab: '⇥' };

/** As a person reads it: `Ctrl+Shift+E`, on macOS `⇧⌘E`. */
export function shortcutText(keys: string, mac: boolean): string {
  const parts = keys.split('+');
  if (mac) return parts.map((part) => MAC_SIGNS[part] ?? part.toUpperCase()).join('');
  return parts.map((part) => (part === 'mod' ? 'Ctrl' : part.charAt(0).toUpperCase() + part.slice(1))).join('+');
}
