import { useCallback } from 'react';
import { useKeysText } from '../../ui/workbench';

/** Writes the keys of an action behind a text, e.g. `Save (Ctrl+S)`: those that the person chose, else `usual`. */
export function useKeysHint(): (text: string, action: string, usual?: string | readonly string[]) => string {
  const keysText = useKeysText();
  return useCallback(
    (text, action, usual) => {
      const keys = keysText(action, usual);
      return keys === '' ? text : `${text} (${keys})`;
    },
    [keysText],
  );
}
