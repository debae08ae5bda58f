import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Terminal, type ITheme } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';

// The heavy chunk: nothing imports this file but by `import()`.

const SCROLLBACK = 10_000;

/** The canvas of the terminal can't read custom properties by itself. */
export function terminalTheme(): ITheme {
  const styles = getComputedStyle(document.documentElement);
  const token = (name: string): string => styles.getPropertyValue(name).trim();
  return {
    background: token('--background'),
    foreground: token('--text'),
    cursor: token('--accent'),
    cursorAccent: token('--background'),
    selectionBackground: token('--selected'),
    selectionForeground: token('--text'),
    black: token('--text'),
    red: token('--error'),
    green: token('--ok'),
    yellow: token('--warn'),
    blue: token('--info'),
    magenta: token('--syntax-keyword'),
    cyan: token('--accent'),
    white: token('--muted'),
  };
}

export interface Screen {
  readonly terminal: Terminal;
  readonly fit: FitAddon;
  readonly search: SearchAddon;
}

/** A terminal in an element. What a server sends can't open links, set the clipboard or the title. */
export function createScreen(host: HTMLElement, label: string): Screen {
  const styles = getComputedStyle(document.documentElement);
  const terminal = new Terminal({
    fontFamily: styles.getPropertyValue('--font-mono').trim(),
    fontSize: Number.parseFloat(styles.getPropertyValue('--mono-size')),
    scrollback: SCROLLBACK,
    screenReaderMode: true,
    cursorBlink: false,
    minimumContrastRatio: 4.5,
    // Threat: OSC 8 makes a text of the server a link. Nothing is opened.
    linkHandler: { activate: () => undefined },
    theme: terminalTheme(),
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.open(host);
  terminal.textarea?.setAttribute('aria-label', label);
  fit.fit();
  return { terminal, fit, search };
}
