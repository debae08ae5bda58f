import { NumberInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { FormRow } from '../../ui/form-row';
import classes from './create-instance-view.module.css';

export interface FigureRowProps {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly suffix?: string;
  readonly error: string | undefined;
  readonly onChange: (value: number) => void;
  readonly onLeave: () => void;
  /** What stands under the figure. */
  readonly children?: ReactNode;
}

/** A whole number of the form. */
export function FigureRow({ id, label, value, min, max, step, suffix, error, ...rest }: FigureRowProps) {
  return (
    <FormRow label={label} htmlFor={id} required>
      <NumberInput
        id={id}
        className={classes.figure ?? ''}
        min={min}
        max={max}
        {...(step === undefined ? {} : { step })}
        {...(suffix === undefined ? {} : { suffix })}
        allowDecimal={false}
        allowNegative={false}
        value={value}
        onChange={(next) => rest.onChange(Number(next))}
        onBlur={rest.onLeave}
        error={error}
      />
      {rest.children}
    </FormRow>
  );
}
