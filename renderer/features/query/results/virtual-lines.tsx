import { Box } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import classes from './virtual-lines.module.css';

export interface VirtualLinesProps {
  readonly label: string;
  readonly count: number;
  /** Pixels of a line. */
  readonly height: number;
  readonly renderLine: (index: number) => ReactNode;
  /** The line to keep in sight; undefined: none. */
  readonly shown?: number;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

/** Lines of any number, of which those in sight are there. Scrolled by the keyboard as well. */
export function VirtualLines({ label, count, height, renderLine, shown, onKeyDown }: VirtualLinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
  });
  useEffect(() => {
    if (shown !== undefined && shown >= 0) rows.scrollToIndex(shown, { align: 'auto' });
  }, [shown, rows]);
  return (
    <Box
      className={classes.scroller ?? ''}
      ref={scroller}
      role="group"
      aria-label={label}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className={classes.all} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => (
          <div
            key={index}
            className={classes.line}
            data-line={index}
            style={{ height, transform: `translateY(${start}px)` }}
          >
            {renderLine(index)}
          </div>
        ))}
      </div>
    </Box>
  );
}
