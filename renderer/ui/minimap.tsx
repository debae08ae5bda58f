import type { PointerEvent } from 'react';
import classes from './minimap.module.css';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One thing of the drawing. */
export interface MinimapBox extends Area {
  readonly key: string | number;
  readonly chosen: boolean;
  readonly tone: 'none' | 'some' | 'most';
}

export interface MinimapProps {
  /** The whole drawing. */
  readonly all: Area;
  readonly boxes: readonly MinimapBox[];
  /** The part of the drawing that can be seen. */
  readonly window: Area;
  readonly side: 'left' | 'right';
  /** Brings a point of the drawing into the middle. */
  readonly onGo: (x: number, y: number) => void;
}

const MOST = { width: 168, height: 110 } as const;
const MARGIN = 4;
const LEAST = 32;

const holds = (outer: Area, inner: Area): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

/** A whole drawing in a corner, where it does not fit. For the mouse: whoever draws has another way for the keyboard. */
export function Minimap({ all, boxes, window: shown, side, onGo }: MinimapProps) {
  if (shown.width === 0 || holds(shown, all)) return null;
  const scale = Math.min((MOST.width - 2 * MARGIN) / all.width, (MOST.height - 2 * MARGIN) / all.height);
  // No larger than what it shows: it covers a part of the drawing.
  const width = Math.max(LEAST, all.width * scale + 2 * MARGIN);
  const height = Math.max(LEAST, all.height * scale + 2 * MARGIN);
  const left = (width - all.width * scale) / 2 - all.x * scale;
  const top = (height - all.height * scale) / 2 - all.y * scale;
  const go = (event: PointerEvent<SVGSVGElement>) => {
    const rect = event.currentTarget.getBoundingClientRect();
    onGo((event.clientX - rect.left - left) / scale, (event.clientY - rect.top - top) / scale);
  };
  return (
    <svg
      className={classes.map}
      data-side={side}
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
      {boxes.map((box) => (
        <rect
          key={box.key}
          className={classes.box}
          data-tone={box.tone}
          data-chosen={box.chosen || undefined}
          x={left + box.x * scale}
          y={top + box.y * scale}
          width={Math.max(1, box.width * scale)}
          height={Math.max(1, box.height * scale)}
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
