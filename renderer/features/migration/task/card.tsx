import type { ReactNode } from 'react';
import classes from './card.module.css';

export interface CardProps {
  readonly title: string;
  /** What can be done with it, at the right of the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One card of the page of a task. */
export function Card({ title, actions, children }: CardProps) {
  return (
    <section className={classes.card} aria-label={title}>
      <header className={classes.header}>
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

export interface FactProps {
  readonly label: string;
  /** Shown on hover, e.g. the moment in UTC. */
  readonly hover?: string;
  readonly children: ReactNode;
}

/** Names and values below each other. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

export function Fact({ label, hover, children }: FactProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd title={hover}>{children}</dd>
    </div>
  );
}
