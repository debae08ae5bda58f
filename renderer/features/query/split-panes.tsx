import { useRef, useState, type ReactNode } from 'react';
import { clampShare } from './model';
import classes from './split-panes.module.css';

const USUAL = 0.42;
/** Share an arrow key moves the edge. */
const KEY_STEP = 0.04;

export interface SplitPanesProps {
  readonly label: string;
  readonly children: readonly [ReactNode, ReactNode];
}

/** Two panes above each other; the edge between them is dragged or moved by arrow keys. */
export function SplitPanes({ label, children }: SplitPanesProps) {
  const [share, setShare] = useState(USUAL);
  const frame = useRef<HTMLDivElement>(null);
  const [upper, lower] = children;
  return (
    <div ref={frame} className={classes.frame}>
      <div className={classes.pane} style={{ flexGrow: share }}>
        {upper}
      </div>
      <div
        className={classes.edge}
        role="separator"
        aria-orientation="horizontal"
        aria-label={label}
        aria-valuemin={10}
        aria-valuemax={85}
        aria-valuenow={Math.round(share * 100)}
        tabIndex={0}
        onDoubleClick={() => setShare(USUAL)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowUp') setShare(clampShare(share - KEY_STEP));
          if (event.key === 'ArrowDown') setShare(clampShare(share + KEY_STEP));
        }}
        onPointerDown={(event) => {
          event.preventDefault();
          const edge = event.currentTarget;
          const bounds = frame.current?.getBoundingClientRect();
          if (!bounds) return;
          edge.setPointerCapture(event.pointerId);
          const move = (moved: PointerEvent) => setShare(clampShare((moved.clientY - bounds.top) / bounds.height));
          edge.addEventListener('pointermove', move);
          edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), {
            once: true,
          });
        }}
      />
      <div className={classes.pane} style={{ flexGrow: 1 - share }}>
        {lower}
      </div>
    </div>
  );
}
