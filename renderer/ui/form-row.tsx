import type { ReactNode } from 'react';
import classes from './form-row.module.css';

export interface FormRowProps {
  readonly label: string;
  /** Id of the input that the label belongs to; without one the row is a group (radio buttons, a list). */
  readonly htmlFor?: string;
  readonly required?: boolean;
  readonly children: ReactNode;
}

/** A label at the left, its control at the right. */
export function FormRow({ label, htmlFor, required = false, children }: FormRowProps) {
  const mark = required ? (
    <span className={classes.required} aria-hidden>
      {' *'}
    </span>
  ) : null;
  if (htmlFor === undefined) {
    return (
      <div className={classes.row} role="group" aria-label={label}>
        <div className={classes.label} aria-hidden>
          {label}
          {mark}
        </div>
        <div className={classes.control}>{children}</div>
      </div>
    );
  }
  return (
    <div className={classes.row}>
      <label className={classes.label} htmlFor={htmlFor}>
        {label}
        {mark}
      </label>
      <div className={classes.control}>{children}</div>
    </div>
  );
}
