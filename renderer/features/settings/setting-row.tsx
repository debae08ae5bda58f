import { createContext, useContext, useId, useLayoutEffect, type ReactNode } from 'react';
import { matchesSearch } from './model';
import classes from './settings-view.module.css';

/** What is searched for, and where a row says that it was found. */
export const SearchContext = createContext<{
  readonly query: string;
  readonly found: (id: string, is: boolean) => void;
}>({ query: '', found: () => undefined });

export interface SettingRowProps {
  readonly label: string;
  readonly text?: string;
  /** More words under which it is found. */
  readonly words?: string;
  readonly children: ReactNode;
  /** The control below the label, over the whole width. */
  readonly wide?: boolean;
}

/** One setting: its name and meaning at the left, its control at the right. Hidden when the search is for something else. */
export function SettingRow({ label, text = '', words = '', children, wide = false }: SettingRowProps) {
  const { query, found } = useContext(SearchContext);
  const id = useId();
  const matching = matchesSearch(query, label, text, words);
  useLayoutEffect(() => {
    found(id, matching);
    return () => found(id, false);
  }, [found, id, matching]);
  if (!matching) return null;
  return (
    <div className={classes.row} data-wide={wide || undefined} role="group" aria-label={label}>
      <div className={classes.about}>
        <div className={classes.label}>{label}</div>
        {text === '' ? null : <div className={classes.text}>{text}</div>}
      </div>
      <div className={classes.control}>{children}</div>
    </div>
  );
}

export function SettingSection({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
