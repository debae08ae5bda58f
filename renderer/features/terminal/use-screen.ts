import { useEffect, useState, type RefObject } from 'react';
import { presentError } from '../../ui/error-presenter';
import { terminalKeys } from './terminal-keys';
import type { Screen } from './xterm';
import { useLook } from '../../ui/use-look';

/** The terminal in an element, in the window's theme and as large as its place; null until its chunk is here. */
export function useScreen(host: RefObject<HTMLDivElement | null>, label: string, copy: (text: string) => void) {
  const drawnIn = useLook();
  const [screen, setScreen] = useState<Screen | null>(null);
  useEffect(() => {
    let made: Screen | null = null;
    let gone = false;
    let watch: ResizeObserver | null = null;
    import('./xterm')
      .then(({ createScreen }) => {
        if (gone || !host.current) return;
        made = createScreen(host.current, label);
        const { terminal, fit } = made;
        terminal.attachCustomKeyEventHandler((event) => terminalKeys(event, terminal, copy));
        watch = new ResizeObserver(() => {
          // A hidden tab has no size: psql keeps the one it had.
          if (host.current && host.current.clientWidth > 0) fit.fit();
        });
        watch.observe(host.current);
        setScreen(made);
      })
      .catch(presentError);
    return () => {
      gone = true;
      watch?.disconnect();
      made?.terminal.dispose();
    };
  }, [host, label, copy]);
  useEffect(() => {
    if (!screen) return undefined;
    // The root's attribute, and with it the tokens, may change after this effect.
    const frame = requestAnimationFrame(() => {
      void import('./xterm').then(({ terminalTheme }) => {
        screen.terminal.options.theme = terminalTheme();
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [screen, drawnIn]);
  return screen;
}
