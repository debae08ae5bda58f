import classes from './create-instance-view.module.css';

/** The message of a field that has no place of its own for one. */
export function Problem({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <p className={classes.problem} role="alert">
      {text}
    </p>
  );
}
