import classes from './tree.module.css';

/** Characters of a name's end that stay visible when its middle is cut. */
const TAIL = 8;

/** A name that loses its middle when there is no room; cheap enough for every line of a scrolling tree. */
export function TreeLabel({ text }: { readonly text: string }) {
  const cut = text.length > 2 * TAIL ? text.length - TAIL : text.length;
  return (
    <span className={classes.label} title={text}>
      <span className={classes.head}>{text.slice(0, cut)}</span>
      {cut < text.length ? <span className={classes.tail}>{text.slice(cut)}</span> : null}
    </span>
  );
}
