/** Pixels up to which a grid's rows are as high as they say: a browser's boxes end at some 33 million. */
export const BOX_LIMIT = 30_000_000;

/**
 * Moves a grid to about where a row is. Beyond the limit the grid takes a far jump for a share of the whole, so that its own way to a row ends
 * elsewhere unless it begins near.
 */
export function scrollNear(frame: HTMLElement | null, row: number, rowCount: number): void {
  const scroller = frame?.querySelector('.dvn-scroller');
  if (!scroller || rowCount === 0) return;
  const room = scroller.scrollHeight - scroller.clientHeight;
  scroller.scrollTop = Math.min(room, (row / rowCount) * room);
}
