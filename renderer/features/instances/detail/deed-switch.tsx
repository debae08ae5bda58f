import { Switch } from '@mantine/core';
import { useState } from 'react';
import { presentError } from '../../../ui/error-presenter';

export interface DeedSwitchProps {
  readonly label: string;
  readonly checked: boolean;
  /** The state as words: never colour or position alone. */
  readonly words: { readonly on: string; readonly off: string };
  readonly disabled?: boolean;
  /** Stands as clicked until this ends; then what is read counts. */
  readonly onChange: (checked: boolean) => Promise<void>;
}

/** A switch that shows at once what was clicked, and goes back when the control plane refuses. */
export function DeedSwitch({ label, checked, words, disabled = false, onChange }: DeedSwitchProps) {
  const [wanted, setWanted] = useState<boolean | null>(null);
  // Confirmed: what is known has become what was wanted.
  const shown = wanted ?? checked;
  const change = async (next: boolean) => {
    setWanted(next);
    try {
      await onChange(next);
      // The reading that follows brings the new value; until then the click stands.
      setTimeout(() => setWanted(null), 1500);
    } catch (error) {
      setWanted(null);
      presentError(error);
    }
  };
  return (
    <Switch
      aria-label={label}
      label={shown ? words.on : words.off}
      checked={shown}
      disabled={disabled}
      onChange={(event) => void change(event.currentTarget.checked)}
    />
  );
}
