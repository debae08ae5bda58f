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

/** Pixels that tools below a cell may take. */
const TOOLS = 40;

/** Holds what stands over a cell at its place, also while the grid is scrolled. `data-tools` says on which side there is room. */
export function FloatingCell({ floating, grid, frame, moved }: FloatingCellProps): ReactNode {
  const { row, column, content } = floating;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const cell = grid.current?.getBounds(column, row);
    const around = frame.current?.getBoundingClientRect();
    const element = box.current;
    if (!cell || !around || !element) return;
    const { style } = element;
    element.dataset['tools'] = cell.y + cell.height + TOOLS > around.bottom ? 'above' : 'below';
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
