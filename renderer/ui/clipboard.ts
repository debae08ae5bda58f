import { createContext, useContext } from 'react';

/** Puts text on the clipboard; the shell provides it. */
export const ClipboardContext = createContext<(text: string) => void>(() => undefined);

export const useCopy = (): ((text: string) => void) => useContext(ClipboardContext);
