import type { Terminal } from '@xterm/xterm';

/**
 * Keys that are not for psql. False: the terminal leaves the key to the window. Copying has Shift, because Ctrl+C is for psql; pasting goes the
 * window's way, which asks for no permission.
 */
export function terminalKeys(event: KeyboardEvent, terminal: Terminal, copy: (text: string) => void): boolean {
  const key = event.key.toLowerCase();
  const control = event.ctrlKey || event.metaKey;
  if (control && key === 'v') return false;
  if (control && key === 'c' && (event.shiftKey || event.metaKey)) {
    if (event.type === 'keydown' && terminal.hasSelection()) copy(terminal.getSelection());
    event.preventDefault();
    return false;
  }
  return true;
}
