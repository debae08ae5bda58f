import type { DataEditorRef } from '@glideapps/glide-data-grid';
import { useLayoutEffect, useRef, type ReactNode, type RefObject } from 'react';
import type { FloatingCell as Floating } from './grid-props';
import classes from './result-grid.module.css';

export interface FloatingCellProps {
  readonly floating: Floating;
  readonly grid: RefObject<DataEditorRef | null>;
  readonly frame: RefObject<HTMLDivElement | null>;
  /** Counts how often the grid was scrolled or drawn anew. */
  readonly moved: number;
}

/** Holds what stands over a cell at its place, also while the grid is scrolled. */
export function FloatingCell({ floating, grid, frame, moved }: FloatingCellProps): ReactNode {
  const { row, column, content } = floating;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const cell = grid.current?.getBounds(column, row);
    const around = frame.current?.getBoundingClientRect();
    const style = box.current?.style;
    if (!cell || !around || !style) return;
    style.left = `${cell.x - around.x}px`;
    style.top = `${cell.y - around.y}px`;
    style.width = `${cell.width}px`;
    style.height = `${cell.height}px`;
  }, [grid, frame, row, column, moved]);
  return (
    <div ref={box} className={classes.floating}>
      {content}
    </div>
  );
}
