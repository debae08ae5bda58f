import type { PlainCommandName } from './command';
import { TAB_ACTION_CATALOGUE } from './tab-actions';

/** What the keyboard does with the tabs themselves; no other part of the program can ask for these. */
export const TAB_ACTIONS = ['next-tab', 'previous-tab', 'split-tab', 'float-tab', 'detach-tab', 'next-region'] as const;
export type TabAction = (typeof TAB_ACTIONS)[number];

export const isTabAction = (action: string): action is TabAction => TAB_ACTIONS.some((known) => known === action);

/** An action of the shell: what keys can be given to wherever the focus is. */
export type ShellAction = PlainCommandName | TabAction;

/** One shortcut. `mod` is ⌘ on macOS and Ctrl elsewhere; the key is the `key` of a keyboard event, lower case. */
export interface Shortcut {
  readonly keys: string;
  readonly action: ShellAction;
}

/** The keys that a person chose, by action; empty takes an action's keys away (`settings.shortcuts`). */
export type KeyChoices = Readonly<Record<string, string>>;

/** Every shortcut of the shell as it is before the person chooses otherwise. */
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
  { keys: 'mod+alt+b', action: 'show-notifications' },
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

/** All actions of the shell, by what they are about: the order in which they are listed. Names are translations of `app.commands`. */
export const ACTION_AREAS: readonly { readonly area: string; readonly actions: readonly ShellAction[] }[] = [
  {
    area: 'make',
    actions: ['create-instance', 'register-server', 'create-group', 'import', 'create-migration', 'compare'],
  },
  {
    area: 'query',
    actions: [
      'new-query',
      'open-file',
      'save-file',
      'save-file-as',
      'find',
      'view-chosen-data',
      'show-history',
      'show-library',
      'open-terminal',
      'search-objects',
      'show-diagram',
    ],
  },
  {
    area: 'show',
    actions: [
      'show-palette',
      'show-start',
      'show-explorer',
      'refresh-tree',
      'show-dashboard',
      'show-instances',
      'show-networks',
      'show-migrations',
      'show-tasks',
      'show-notifications',
      'show-settings',
      'show-shortcuts',
      'show-help',
      'show-about',
      'toggle-theme',
    ],
  },
  { area: 'tabs', actions: ['close-tab', ...TAB_ACTIONS, 'new-window'] },
];

const MODIFIERS = ['mod', 'ctrl', 'meta', 'alt', 'shift'];

/** Keys in one spelling, so that two can be compared: modifiers in a fixed order; Ctrl is `mod` where ⌘ is not. */
export function sameSpelling(keys: string, mac: boolean): string {
  const parts = keys.split('+');
  // The plus sign is a key as well: `mod++`.
  const key = keys.endsWith('+') ? '+' : (parts.at(-1) ?? '');
  const given = new Set(parts.slice(0, -1).map((part) => (part === 'ctrl' && !mac ? 'mod' : part)));
  return [...MODIFIERS.filter((modifier) => given.has(modifier)), key].join('+');
}

/** What a keyboard event tells of a key. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const SIGNS: Readonly<Record<string, string>> = {
  Backslash: '\\',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Semicolon: ';',
  Quote: "'",
  BracketLeft: '[',
  BracketRight: ']',
  Minus: '-',
  Equal: '=',
  Backquote: '`',
};

/** The sign on a key whatever Shift or Alt make of it. */
function signOf({ key, code, shiftKey, altKey }: KeyPress): string {
  const lower = key.toLowerCase();
  if (lower.length > 1 || /^[a-z]$/.test(lower)) return lower;
  if (!shiftKey && !altKey && /^[!-~]$/.test(lower)) return lower;
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1]?.toLowerCase() ?? SIGNS[code] ?? lower;
}

/** The keys of a press, in the spelling of `sameSpelling`; null while only modifiers are held. */
export function keysOfPress(press: KeyPress, mac: boolean): string | null {
  if (['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'Dead', 'Process', 'CapsLock'].includes(press.key)) return null;
  const held = [
    press.ctrlKey ? (mac ? 'ctrl' : 'mod') : '',
    press.metaKey ? (mac ? 'mod' : 'meta') : '',
    press.altKey ? 'alt' : '',
    press.shiftKey ? 'shift' : '',
  ];
  const sign = press.key === ' ' ? 'space' : signOf(press);
  return sameSpelling([...held.filter((each) => each !== ''), sign].join('+'), mac);
}

/** Why keys can't be chosen; a key of the translations `settings.shortcuts.reserved`. */
export type Reserved = 'typing' | 'editing' | 'moving' | 'system';

const EDITING = ['mod+c', 'mod+v', 'mod+x', 'mod+a', 'mod+z', 'mod+shift+z', 'mod+y'];
const SYSTEM = ['alt+f4', 'alt+tab', 'alt+space', 'mod+q', 'mod+alt+delete', 'mod+space', 'mod+h', 'mod+m', 'f10'];

/** Why keys can't be given to an action, or null when they can. */
export function reservedReason(keys: string, mac: boolean): Reserved | null {
  const spelled = sameSpelling(keys, mac);
  if (EDITING.includes(spelled)) return 'editing';
  const onlyMac = ['mod+h', 'mod+m', 'mod+space'].includes(spelled);
  if (spelled.includes('meta+') || (SYSTEM.includes(spelled) && (mac || !onlyMac))) return 'system';
  const parts = spelled.split('+');
  const key = parts.at(-1) ?? '';
  const strong = parts.some((part) => part === 'mod' || part === 'ctrl' || part === 'alt');
  if (strong || /^f\d+$/.test(key)) return null;
  return key.length === 1 || key === 'space' ? 'typing' : 'moving';
}

/** The keys of an action: the person's choice, else its own; undefined when it has none. */
export function shortcutOf(action: string, choices: KeyChoices = {}): string | undefined {
  const chosen = choices[action];
  const keys = chosen ?? KEYMAP.find((shortcut) => shortcut.action === action)?.keys;
  return keys === '' ? undefined : keys;
}

const NO_KEYS: readonly string[] = [];

/**
 * The keys of any action: the person's choice, else those that it comes with.
 * @param usual those of an action that a tab offers; an action of the shell has them in the keymap
 */
export function keysInForce(
  action: string,
  usual: string | readonly string[] | undefined,
  choices: KeyChoices,
): readonly string[] {
  const chosen = choices[action];
  if (chosen !== undefined) return chosen === '' ? NO_KEYS : [chosen];
  const own = usual ?? TAB_ACTION_CATALOGUE[action]?.keys ?? shortcutOf(action);
  if (own === undefined) return NO_KEYS;
  return typeof own === 'string' ? [own] : own;
}

/** Every shortcut of the shell that is in force. */
export function keymapOf(choices: KeyChoices): readonly Shortcut[] {
  return ACTION_AREAS.flatMap(({ actions }) =>
    actions.flatMap((action) => {
      const keys = shortcutOf(action, choices);
      return keys === undefined ? [] : [{ action, keys }];
    }),
  );
}

/** Whether keys are for the program in a terminal: a control character, or a key with Alt, as line editors use them. */
export function isForTerminal(keys: string, mac: boolean): boolean {
  const control = mac ? 'ctrl' : 'mod';
  const plain = keys.startsWith(`${control}+`) ? keys.slice(control.length + 1) : '';
  return /^[a-z\\.[\]]$/.test(plain) || (!mac && /^alt\+[a-z.]$/.test(keys));
}

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
