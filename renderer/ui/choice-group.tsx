import { useId } from 'react';
import classes from './choice-group.module.css';

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** Small text beside the label. */
  readonly note?: string;
}

export interface ChoiceGroupProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One of a few, all in sight: native radio buttons drawn as boxes, so that arrow keys work as everywhere. */
export function ChoiceGroup({ label, choices, value, onChange }: ChoiceGroupProps) {
  const name = useId();
  return (
    <div className={classes.group} role="radiogroup" aria-label={label}>
      {choices.map((choice) => (
        <label key={choice.value} className={classes.choice} data-chosen={choice.value === value || undefined}>
          <input
            type="radio"
            className="visually-hidden"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.label}</span>
          {choice.note === undefined ? null : <span className={classes.note}>{choice.note}</span>}
        </label>
      ))}
    </div>
  );
}
