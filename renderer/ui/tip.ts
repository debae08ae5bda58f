import { useCallback } from 'react';
import { useKeysText } from './workbench';

/** Tells a tooltip's text with the keys of its action: `useTip()(t('refresh'), 'dashboard.refresh', 'f5')`. Follows what the person chooses. */
export function useTip(): (label: string, action: string, usual?: string | readonly string[]) => string {
  const keysText = useKeysText();
  return useCallback(
    (label, action, usual) => {
      const keys = keysText(action, usual);
      return keys === '' ? label : `${label} (${keys})`;
    },
    [keysText],
  );
}
