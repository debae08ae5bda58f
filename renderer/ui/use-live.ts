import { useEffect, useState } from 'react';
import { presentError } from './error-presenter';

/**
 * Something read from elsewhere and kept up to date; null until it is known. A failure is shown to the person.
 * @param read reads it as it is now
 * @param follow calls back whenever it may have changed; returns what ends that. Both must stay the same functions.
 */
export function useLive<T>(read: () => Promise<T>, follow: (changed: () => void) => () => void): T | null {
  const [value, setValue] = useState<T | null>(null);
  useEffect(() => {
    let wanted = true;
    const readAgain = () => {
      read().then((latest) => {
        if (wanted) setValue(latest);
      }, presentError);
    };
    readAgain();
    const stop = follow(readAgain);
    return () => {
      wanted = false;
      stop();
    };
  }, [read, follow]);
  return value;
}
