import { describe, expect, it } from 'vitest';
import { takenBy, withKeys, withoutChoice, type Bindable } from '../../renderer/features/settings/shortcuts-model';
import {
  accelerator,
  ACTION_AREAS,
  KEYMAP,
  isForTerminal,
  keymapOf,
  keysInForce,
  keysOfPress,
  reservedReason,
  sameSpelling,
  shortcutOf,
  shortcutText,
  type KeyPress,
} from '../../shared/model/keymap';

const press = (key: string, held: Partial<KeyPress> = {}, code = ''): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('keymap', () => {
  it('gives no shortcut twice and no action two', () => {
    expect(new Set(KEYMAP.map(({ keys }) => keys)).size).toBe(KEYMAP.length);
    expect(new Set(KEYMAP.map(({ action }) => action)).size).toBe(KEYMAP.length);
  });

  it('lists every action once, and no key that it comes with is reserved', () => {
    const listed = ACTION_AREAS.flatMap(({ actions }) => actions);
    expect(new Set(listed).size).toBe(listed.length);
    expect(KEYMAP.filter(({ action }) => !listed.includes(action))).toEqual([]);
    for (const mac of [true, false]) {
      expect(KEYMAP.filter(({ keys }) => reservedReason(keys, mac) !== null)).toEqual([]);
    }
  });

  it('mod is Ctrl, and ⌘ on macOS', () => {
    expect(keysOfPress(press('k', { ctrlKey: true }), false)).toBe('mod+k');
    expect(keysOfPress(press('k', { metaKey: true }), true)).toBe('mod+k');
    expect(keysOfPress(press('k', { ctrlKey: true }), true)).toBe('ctrl+k');
    expect(keysOfPress(press('Tab', { ctrlKey: true }), true)).toBe(sameSpelling('ctrl+tab', true));
    expect(keysOfPress(press('Tab', { ctrlKey: true }), false)).toBe(sameSpelling('ctrl+tab', false));
  });

  it('tells the key whatever Shift and Alt make of it, and no key while only modifiers are held', () => {
    expect(keysOfPress(press('N', { ctrlKey: true, shiftKey: true }, 'KeyN'), false)).toBe('mod+shift+n');
    expect(keysOfPress(press('|', { ctrlKey: true, shiftKey: true }, 'Backslash'), false)).toBe('mod+shift+\\');
    expect(keysOfPress(press('!', { ctrlKey: true, shiftKey: true }, 'Digit1'), false)).toBe('mod+shift+1');
    expect(keysOfPress(press('å', { metaKey: true, altKey: true }, 'KeyA'), true)).toBe('mod+alt+a');
    // A letter counts by what is printed on the key, not by its place.
    expect(keysOfPress(press('z', { ctrlKey: true }, 'KeyY'), false)).toBe('mod+z');
    expect(keysOfPress(press('Shift', { shiftKey: true }), false)).toBeNull();
  });

  it('what line editors need goes to the program in a terminal', () => {
    for (const keys of ['mod+w', 'mod+k', 'mod+\\', 'mod+.', 'alt+b']) expect(isForTerminal(keys, false)).toBe(true);
    for (const keys of ['mod+shift+w', 'mod+alt+n', 'mod+tab', 'f5', 'mod+,']) {
      expect(isForTerminal(keys, false)).toBe(false);
    }
    // ⌘ is the window's, Ctrl the terminal's.
    expect(isForTerminal('mod+w', true)).toBe(false);
    expect(isForTerminal('ctrl+w', true)).toBe(true);
  });

  it('two spellings of the same keys are the same', () => {
    expect(sameSpelling('shift+alt+ctrl+k', false)).toBe(sameSpelling('mod+alt+shift+k', false));
    expect(sameSpelling('ctrl+k', true)).not.toBe(sameSpelling('mod+k', true));
  });

  it.each([
    ['a', 'typing'],
    ['shift+a', 'typing'],
    ['space', 'typing'],
    ['enter', 'moving'],
    ['shift+arrowdown', 'moving'],
    ['mod+c', 'editing'],
    ['mod+shift+z', 'editing'],
    ['alt+f4', 'system'],
    ['meta+e', 'system'],
    ['f5', null],
    ['shift+f5', null],
    ['mod+enter', null],
    ['alt+1', null],
  ])('%s is refused because of %s', (keys, reason) => {
    expect(reservedReason(keys, false)).toBe(reason);
  });

  it('what the person chose stands in place of what an action comes with', () => {
    const choices = { 'show-tasks': 'mod+alt+t', 'show-start': '', 'create-group': 'f9', 'query.run': 'f8' };
    expect(shortcutOf('show-tasks', choices)).toBe('mod+alt+t');
    expect(shortcutOf('show-start', choices)).toBeUndefined();
    expect(shortcutOf('new-query', choices)).toBe('mod+n');
    const map = keymapOf(choices);
    expect(map.find(({ action }) => action === 'create-group')?.keys).toBe('f9');
    expect(map.some(({ action }) => action === 'show-start')).toBe(false);
    expect(keysInForce('query.run', ['f5', 'mod+enter'], choices)).toEqual(['f8']);
    expect(keysInForce('query.run', ['f5', 'mod+enter'], {})).toEqual(['f5', 'mod+enter']);
  });

  it('is written for menus and for people', () => {
    expect(accelerator('mod+shift+e')).toBe('CmdOrCtrl+Shift+E');
    expect(accelerator('f5')).toBe('F5');
    expect(shortcutText('mod+shift+e', false)).toBe('Ctrl+Shift+E');
    expect(shortcutText('mod+shift+e', true)).toBe('⌘⇧E');
    expect(shortcutText('mod+,', false)).toBe('Ctrl+,');
  });
});

describe('choosing keys', () => {
  const shell = (id: string): Bindable => ({ id, label: id, area: 'show', scopes: [], usual: undefined });
  const run: Bindable = { id: 'query.run', label: 'Run', area: 'inTab', scopes: ['query'], usual: ['f5', 'mod+enter'] };
  const explain: Bindable = { id: 'query.explain', label: 'Explain', area: 'inTab', scopes: ['query'], usual: 'f7' };
  const all = [shell('show-tasks'), shell('refresh-tree'), run, explain];

  it('finds who has the keys, where they count', () => {
    expect(takenBy('f5', shell('show-tasks'), all, {}, false)?.id).toBe('refresh-tree');
    expect(takenBy('ctrl+enter', explain, all, {}, false)?.id).toBe('query.run');
    // The shell's F5 and that of a query tab do not meet.
    expect(takenBy('f5', run, all, { 'query.run': 'f8' }, false)).toBeNull();
    // Keys that only one of them comes with would shadow the other.
    expect(takenBy('f7', shell('show-tasks'), all, {}, false)?.id).toBe('query.explain');
    const save: Bindable = { id: 'data.save', label: 'Save', area: 'inTab', scopes: ['data', 'query'], usual: 'mod+s' };
    expect(takenBy('f7', save, all, {}, false)?.id).toBe('query.explain');
    expect(takenBy('f5', shell('show-tasks'), all, { 'refresh-tree': '' }, false)?.id).toBe('query.run');
    expect(takenBy('f5', shell('refresh-tree'), all, {}, false)).toBeNull();
  });

  it('takes keys from another, and forgets a choice that is none', () => {
    const taken = withKeys({}, shell('show-tasks'), 'f5', shell('refresh-tree'));
    expect(taken).toEqual({ 'show-tasks': 'f5', 'refresh-tree': '' });
    expect(withKeys(taken, shell('show-tasks'), 'mod+shift+j', null)).toEqual({ 'refresh-tree': '' });
    expect(withoutChoice(taken, shell('refresh-tree'))).toEqual({ 'show-tasks': 'f5' });
    expect(withKeys({}, shell('create-group'), '', null)).toEqual({});
  });
});
