import type { PointerEvent } from 'react';
import { bounds, grown, type Box } from './geometry';
import classes from './minimap.module.css';
import type { Scene } from './scene';

const WIDTH = 176;
const HEIGHT = 116;

export interface MinimapProps {
  readonly scene: Scene;
  readonly selection: ReadonlySet<string>;
  /** The part of the drawing that the canvas shows. */
  readonly window: Box;
  /** Brings a point of the drawing into the middle. */
  readonly onGo: (x: number, y: number) => void;
}

const holds = (outer: Box, inner: Box): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

/** The whole drawing in a corner. For the mouse: the list of tables does the same for the keyboard. */
export function Minimap({ scene, selection, window: shown, onGo }: MinimapProps) {
  const all = bounds(scene.boxes.values());
  // Nothing to find where everything is in sight.
  if (!all || holds(shown, all)) return null;
  const box = grown(all, Math.max(all.width, all.height) * 0.04);
  const scale = Math.min(WIDTH / box.width, HEIGHT / box.height);
  const left = (WIDTH - box.width * scale) / 2 - box.x * scale;
  const top = (HEIGHT - box.height * scale) / 2 - box.y * scale;
  const go = (event: PointerEvent<SVGSVGElement>) => {
    const rect = event.currentTarget.getBoundingClientRect();
    onGo((event.clientX - rect.left - left) / scale, (event.clientY - rect.top - top) / scale);
  };
  return (
    <svg
      className={classes.map}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) go(event);
      }}
    >
      {[...scene.boxes].map(([id, { x, y, width, height }]) => (
        <rect
          key={id}
          className={classes.table}
          data-chosen={selection.has(id) || undefined}
          x={left + x * scale}
          y={top + y * scale}
          width={Math.max(1, width * scale)}
          height={Math.max(1, height * scale)}
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
