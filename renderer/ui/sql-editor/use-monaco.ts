import { useEffect, useState } from 'react';
import { useLook } from '../use-look';

export type Monaco = typeof import('./monaco');

let loading: Promise<Monaco> | null = null;

/** Loads the editor's chunk once for the window. A failed load is tried again at the next call. */
function loadMonaco(): Promise<Monaco> {
  loading ??= import('./monaco').catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** Pixels of the editor's text and lines, by the tokens in force. */
function textSize(): { readonly fontSize: number; readonly lineHeight: number } {
  const styles = getComputedStyle(document.documentElement);
  const fontSize = Number.parseFloat(styles.getPropertyValue('--editor-size'));
  return { fontSize, lineHeight: Math.round(fontSize * 1.44) };
}

/** The editor library, null until its chunk is here; keeps its theme and text size in step with the window's. */
export function useMonaco(): Monaco | null {
  const look = useLook();
  const [monaco, setMonaco] = useState<Monaco | null>(null);
  useEffect(() => {
    let gone = false;
    void loadMonaco().then((loaded) => {
      if (!gone) setMonaco(loaded);
    });
    return () => {
      gone = true;
    };
  }, []);
  useEffect(() => {
    if (!monaco) return undefined;
    // After the effects that make an editor: it takes the size of its text like those that stand.
    const frame = requestAnimationFrame(() => {
      monaco.applyTheme(look.startsWith('dark') ? 'dark' : 'light');
      const size = textSize();
      for (const each of monaco.editor.getEditors()) each.updateOptions(size);
    });
    return () => cancelAnimationFrame(frame);
  }, [monaco, look]);
  return monaco;
}
