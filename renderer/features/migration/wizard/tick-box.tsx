import { IconCheck, IconMinus } from '@tabler/icons-react';
import type { Tick } from './selection';
import classes from './picker.module.css';

/** The box of a line of the tree; the line itself tells its state and takes the space bar. */
export function TickBox({ tick, onClick }: { readonly tick: Tick; readonly onClick: () => void }) {
  return (
    <span
      className={classes.tick}
      data-tick={tick}
      aria-hidden
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={onClick}
    >
      <span className={classes.box}>
        {tick === 'all' ? <IconCheck size={12} stroke={2.5} /> : null}
        {tick === 'some' ? <IconMinus size={12} stroke={2.5} /> : null}
      </span>
    </span>
  );
}
