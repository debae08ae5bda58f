import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

export interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  /** One sentence that teaches. */
  readonly text?: string;
  /** The primary action, usually a Button. */
  readonly action?: ReactNode;
  /** One link beside it. */
  readonly link?: ReactNode;
}

/** What a view shows when it has nothing to show. */
export function EmptyState({ icon, title, text, action, link }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      {icon === undefined ? null : (
        <div className={classes.icon} aria-hidden>
          {icon}
        </div>
      )}
      <div className={classes.title}>{title}</div>
      {text === undefined ? null : <p className={classes.text}>{text}</p>}
      {action === undefined && link === undefined ? null : (
        <div className={classes.actions}>
          {action}
          {link}
        </div>
      )}
    </div>
  );
}
