import { useEffect } from 'react';
import { useShell } from './store';

/** Holds the window back while a tab has unsaved work; main asks then (electron/host/unsaved-question.ts). */
export function useUnsavedGuard(): void {
  useEffect(() => {
    const onBeforeUnload = (event: BeforeUnloadEvent) => {
      if (Object.values(useShell.getState().tabs).some((tab) => tab.dirty)) event.preventDefault();
    };
    window.addEventListener('beforeunload', onBeforeUnload);
    return () => window.removeEventListener('beforeunload', onBeforeUnload);
  }, []);
}
