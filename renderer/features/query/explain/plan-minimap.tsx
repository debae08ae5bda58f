import type { PointerEvent } from 'react';
import { BOX, type PlanDrawing } from './plan-drawing';
import classes from './plan-minimap.module.css';

const WIDTH = 160;
const HEIGHT = 104;
const MARGIN = 4;
const LEAST = 32;

export interface PlanMinimapProps {
  readonly drawing: PlanDrawing;
  readonly selected: number | null;
  /** The part of the drawing that can be seen. */
  readonly window: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Brings a point of the drawing into the middle. */
  readonly onGo: (x: number, y: number) => void;
}

/** The whole plan in a corner where it does not fit. For the mouse: the arrow keys do the same. */
export function PlanMinimap({ drawing, selected, window: shown, onGo }: PlanMinimapProps) {
  const inSight =
    shown.x <= 0 && shown.y <= 0 && shown.x + shown.width >= drawing.width && shown.y + shown.height >= drawing.height;
  if (shown.width === 0 || inSight) return null;
  const scale = Math.min((WIDTH - 2 * MARGIN) / drawing.width, (HEIGHT - 2 * MARGIN) / drawing.height);
  // No larger than what it shows: it covers a part of the drawing.
  const width = Math.max(LEAST, drawing.width * scale + 2 * MARGIN);
  const height = Math.max(LEAST, drawing.height * scale + 2 * MARGIN);
  const left = (width - drawing.width * scale) / 2;
  const top = (height - drawing.height * scale) / 2;
  const go = (event: PointerEvent<SVGSVGElement>) => {
    const rect = event.currentTarget.getBoundingClientRect();
    onGo((event.clientX - rect.left - left) / scale, (event.clientY - rect.top - top) / scale);
  };
  return (
    <svg
      className={classes.map}
      width={width}
      height={height}
      aria-hidden
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) go(event);
      }}
    >
      {drawing.boxes.map(({ node, x, y, heat }) => (
        <rect
          key={node.id}
          className={classes.box}
          data-heat={heat}
          data-chosen={node.id === selected || undefined}
          x={left + x * scale}
          y={top + y * scale}
          width={Math.max(1, BOX.width * scale)}
          height={Math.max(1, BOX.height * scale)}
        />
      ))}
      <rect
        className={classes.window}
        x={left + shown.x * scale}
        y={top + shown.y * scale}
        width={shown.width * scale}
        height={shown.height * scale}
      />
    </svg>
  );
}
