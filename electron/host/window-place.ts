import { z } from 'zod';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the window stood when it was last closed, in device-independent pixels. */
export interface WindowPlace extends Rectangle {
  readonly maximised: boolean;
}

/** The file in which it is kept. */
export const placeSchema = z
  .object({ x: z.number(), y: z.number(), width: z.number().min(1), height: z.number().min(1), maximised: z.boolean() })
  .nullable();

export const SMALLEST = { width: 960, height: 600 } as const;
const FIRST = { width: 1440, height: 900 } as const;
/** So much of the title bar must be on a display for a person to be able to move the window. */
const GRIP = 120;

const overlap = (a: Rectangle, b: Rectangle): { width: number; height: number } => ({
  width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
  height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
});

/**
 * Where to open the window: as it stood if a person can still reach it there, else in the middle of the first display.
 * `displays` are work areas, the primary one first; without any the saved size is kept.
 */
export function placeWindow(
  saved: WindowPlace | null,
  displays: readonly Rectangle[],
): { width: number; height: number; x?: number; y?: number } {
  const primary = displays[0];
  const fit = (size: { width: number; height: number }, area: Rectangle | undefined) => ({
    width: Math.round(Math.max(SMALLEST.width, Math.min(size.width, area?.width ?? size.width))),
    height: Math.round(Math.max(SMALLEST.height, Math.min(size.height, area?.height ?? size.height))),
  });
  if (!saved) return fit(FIRST, primary);
  const titleBar = { x: saved.x, y: saved.y, width: saved.width, height: 32 };
  const home = displays.find((display) => {
    const shared = overlap(titleBar, display);
    return shared.width >= GRIP && shared.height >= 16;
  });
  if (!home) return fit(saved, primary);
  return { ...fit(saved, home), x: Math.round(saved.x), y: Math.round(saved.y) };
}
