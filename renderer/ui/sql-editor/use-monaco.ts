import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useState } from 'react';

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

/** The editor library, null until its chunk is here; keeps its theme in step with the window's. */
export function useMonaco(): Monaco | null {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
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
    // The root's attribute, and with it the tokens, may change after this effect.
    const frame = requestAnimationFrame(() => monaco.applyTheme(scheme));
    return () => cancelAnimationFrame(frame);
  }, [monaco, scheme]);
  return monaco;
}
