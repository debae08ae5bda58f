// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { matches } from '../../renderer/app/shortcuts';
import { accelerator, KEYMAP, shortcutText } from '../../shared/model/keymap';

const press = (key: string, modifiers: Partial<KeyboardEventInit> = {}, code = '') =>
  new KeyboardEvent('keydown', { key, code, ...modifiers });

describe('keymap', () => {
  it('gives no shortcut twice and no action two', () => {
    expect(new Set(KEYMAP.map(({ keys }) => keys)).size).toBe(KEYMAP.length);
    expect(new Set(KEYMAP.map(({ action }) => action)).size).toBe(KEYMAP.length);
  });

  it('mod is Ctrl, and ⌘ on macOS', () => {
    expect(matches('mod+k', press('k', { ctrlKey: true }), false)).toBe(true);
    expect(matches('mod+k', press('k', { metaKey: true }), false)).toBe(false);
    expect(matches('mod+k', press('k', { metaKey: true }), true)).toBe(true);
    expect(matches('mod+k', press('k', { ctrlKey: true }), true)).toBe(false);
    expect(matches('ctrl+tab', press('Tab', { ctrlKey: true }), true)).toBe(true);
  });

  it('wants exactly its modifiers', () => {
    expect(matches('mod+n', press('N', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(matches('mod+shift+n', press('N', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
    expect(matches('f6', press('F6'), false)).toBe(true);
    expect(matches('f6', press('F6', { shiftKey: true }), false)).toBe(false);
  });

  it('a key that Shift turns into another sign counts by its place', () => {
    expect(matches('mod+shift+\\', press('|', { ctrlKey: true, shiftKey: true }, 'Backslash'), false)).toBe(true);
  });

  it('is written for menus and for people', () => {
    expect(accelerator('mod+shift+e')).toBe('CmdOrCtrl+Shift+E');
    expect(accelerator('f5')).toBe('F5');
    expect(shortcutText('mod+shift+e', false)).toBe('Ctrl+Shift+E');
    expect(shortcutText('mod+shift+e', true)).toBe('⌘⇧E');
    expect(shortcutText('mod+,', false)).toBe('Ctrl+,');
  });
});
