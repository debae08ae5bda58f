import { useRef, useState, type ReactNode } from 'react';
import { Splitter } from '../../ui/splitter';
import classes from './split-panes.module.css';

/** The share of the height that the upper pane takes, in percent; the ends are kept so that neither pane disappears. */
const SHARE = { least: 10, most: 85, usual: 42, step: 4 };

export interface SplitPanesProps {
  readonly label: string;
  readonly children: readonly [ReactNode, ReactNode];
}

/** Two panes above each other; the edge between them is dragged or moved by arrow keys. */
export function SplitPanes({ label, children }: SplitPanesProps) {
  const [share, setShare] = useState(SHARE.usual);
  const frame = useRef<HTMLDivElement>(null);
  const [upper, lower] = children;
  return (
    <div ref={frame} className={classes.frame}>
      <div className={classes.pane} style={{ flexGrow: share }}>
        {upper}
      </div>
      <Splitter
        {...SHARE}
        axis="y"
        label={label}
        value={share}
        pixelsPerUnit={() => (frame.current?.clientHeight ?? 0) / 100}
        onChange={setShare}
      />
      <div className={classes.pane} style={{ flexGrow: 100 - share }}>
        {lower}
      </div>
    </div>
  );
}
