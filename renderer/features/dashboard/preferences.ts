/** How a person likes the dashboard, kept between runs. Losing it costs a few clicks, so nothing here can fail. */
const KEY = 'howdah.dashboard.';

/** Seconds between looks. */
export const INTERVALS = [1, 2, 5, 10, 30, 60] as const;
export const USUAL_INTERVAL = 5;
/** Minutes after which something counts as long, and as too long. */
export const USUAL_MARKS = { amber: 1, red: 5 };

/** A number that was kept, or the usual one. */
export function readNumber(name: string, usual: number): number {
  try {
    const kept = Number(localStorage.getItem(KEY + name));
    return Number.isFinite(kept) && kept > 0 ? kept : usual;
  } catch {
    return usual;
  }
}

export function keepNumber(name: string, value: number): void {
  try {
    localStorage.setItem(KEY + name, String(value));
  } catch {
    // A full or forbidden store: the choice holds until the window closes.
  }
}
