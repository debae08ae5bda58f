import type { ReactNode } from 'react';
import classes from './section.module.css';

export interface SectionProps {
  readonly title: string;
  /** What can be done with it, at the right of the title. */
  readonly actions?: ReactNode;
  /** Takes the whole width of the page. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** One card of the management page. */
export function Section({ title, actions, wide = false, children }: SectionProps) {
  return (
    <section className={classes.section} data-wide={wide || undefined} aria-label={title}>
      <header className={classes.header}>
        <h2>{title}</h2>
        <div className={classes.actions}>{actions}</div>
      </header>
      {children}
    </section>
  );
}

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

export interface FactProps {
  readonly label: string;
  /** What changes it, after the value. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Fact({ label, action, children }: FactProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <span className={classes.value}>{children}</span>
        {action}
      </dd>
    </div>
  );
}
