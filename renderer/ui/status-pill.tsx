import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconInfoCircle,
  IconLoader2,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './status-pill.module.css';

export type Tone = 'ok' | 'warn' | 'error' | 'info' | 'busy' | 'neutral';

const ICONS: Readonly<Record<Tone, typeof IconCircleCheck>> = {
  ok: IconCircleCheck,
  warn: IconAlertTriangle,
  error: IconCircleX,
  info: IconInfoCircle,
  busy: IconLoader2,
  neutral: IconCircleDashed,
};

export interface StatusPillProps {
  readonly tone: Tone;
  /** The word; status is never colour alone. */
  readonly children: ReactNode;
}

export function StatusPill({ tone, children }: StatusPillProps) {
  const Icon = ICONS[tone];
  return (
    <span className={classes.pill} data-tone={tone}>
      <Icon size={16} stroke={1.5} className={classes.icon} aria-hidden />
      {children}
    </span>
  );
}
