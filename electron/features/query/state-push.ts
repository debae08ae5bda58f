/** Milliseconds between two snapshots of one session. */
const PERIOD = 100;

/** Sends snapshots at most ten times a second, but at once when asked. */
export class StatePush {
  private timer: NodeJS.Timeout | null = null;
  private last = 0;

  constructor(private readonly send: () => void) {}

  /** What changed shows within a tenth of a second. */
  soon(): void {
    if (this.timer) return;
    const wait = Math.max(0, this.last + PERIOD - performance.now());
    this.timer = setTimeout(() => this.now(), wait);
  }

  now(): void {
    this.stop();
    this.last = performance.now();
    this.send();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }
}
