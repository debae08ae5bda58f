import { formatLsn, type Lsn } from '../change-stream';
import type { Decisions } from '../follow-model';

/** Changes that a person decided to leave out, by the names of their halts. */
export class SkippedChanges {
  /** Whether there are any in the transaction at hand. */
  any = false;
  private ordinals: ReadonlySet<number> = new Set();

  constructor(private readonly decisions: Decisions) {}

  begin(commitLsn: Lsn): void {
    this.any = false;
    if (this.decisions.size === 0) return;
    const prefix = `${formatLsn(commitLsn)}:r`;
    const ordinals = [...this.decisions]
      .filter(([id, { choice }]) => choice === 'skip' && id.startsWith(prefix))
      .map(([id]) => Number(id.slice(prefix.length)));
    this.ordinals = new Set(ordinals);
    this.any = ordinals.length > 0;
  }

  has(ordinal: number): boolean {
    return this.any && this.ordinals.has(ordinal);
  }
}
