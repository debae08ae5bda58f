import { formatPercent } from './bytes';
import classes from './progress-bar.module.css';

export interface ProgressBarProps {
  /** 0 … 1; null when it can't be known. */
  readonly fraction: number | null;
  /** What is progressing, for screen readers. */
  readonly label: string;
  readonly tone?: 'accent' | 'ok' | 'warn' | 'error';
}

export function ProgressBar({ fraction, label, tone = 'accent' }: ProgressBarProps) {
  const known = fraction !== null;
  return (
    <div
      className={classes.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(known ? { 'aria-valuenow': Math.floor(fraction * 100), 'aria-valuetext': formatPercent(fraction) } : {})}
    >
      <div
        className={classes.bar}
        data-tone={tone}
        data-unknown={known ? undefined : true}
        style={known ? { width: `${Math.max(0, Math.min(1, fraction)) * 100}%` } : undefined}
      />
    </div>
  );
}
