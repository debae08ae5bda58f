import type { Journal } from '../journal';

/**
 * How far the large objects of a database are, as the journal knows it: they travel in batches in the order of their numbers, each batch in one
 * transaction of the target. One that was begun and not told as done may have been committed all the same.
 */
export interface LargeObjectJournal {
  /** Everything up to this number has been seen to; 0: nothing. */
  readonly doneUpTo: number;
  /** End of the batch that was begun last, `doneUpTo` when it is done. */
  readonly begunUpTo: number;
  /** Numbers that failed or came late, and whether another attempt at one was begun: then it may be on the target. */
  readonly failed: ReadonlyMap<number, 'failed' | 'begun'>;
  /** Whether owners, privileges or comments could not all be set. */
  readonly notesFailed: boolean;
  begin(upTo: number): Promise<void>;
  done(upTo: number): Promise<void>;
  beginAgain(oid: number): Promise<void>;
  doneAgain(oid: number): Promise<void>;
  fail(oid: number, reason: string): Promise<void>;
  notes(outcome: 'done' | 'failed'): Promise<void>;
  finish(): Promise<void>;
}

const STEP = 'large-objects';
const MARK = /^large-objects (begun|done) (\d+)$/;
const KEY = /^LARGE OBJECT (\d+)$/;
const NOTES = 'LARGE OBJECT NOTES';

export function largeObjectJournal(journal: Journal, database: string): LargeObjectJournal {
  let doneUpTo = 0;
  let begunUpTo = 0;
  let notesFailed = false;
  const failed = new Map<number, 'failed' | 'begun'>();
  for (const entry of journal.entries) {
    if (entry.database !== database) continue;
    if (entry.did === 'step') {
      const [, what, oid] = MARK.exec(entry.step) ?? [];
      if (what === 'begun') begunUpTo = Number(oid);
      if (what === 'done') doneUpTo = Number(oid);
    }
    if (entry.did !== 'entry') continue;
    if (entry.key === NOTES) notesFailed = entry.outcome === 'failed';
    const oid = KEY.exec(entry.key)?.[1];
    if (oid === undefined) continue;
    if (entry.outcome === 'done') failed.delete(Number(oid));
    else failed.set(Number(oid), entry.outcome === 'failed' ? 'failed' : 'begun');
  }
  const step = (text: string): Promise<void> => journal.add({ did: 'step', database, step: text });
  const note = (key: string, outcome: 'done' | 'failed' | 'skipped', reason: string): Promise<void> =>
    journal.add({ did: 'entry', database, key, outcome, reason });
  const one = (oid: number, outcome: 'done' | 'failed' | 'skipped', reason: string): Promise<void> =>
    note(`LARGE OBJECT ${oid}`, outcome, reason);
  return {
    doneUpTo,
    begunUpTo: Math.max(begunUpTo, doneUpTo),
    failed,
    notesFailed,
    begin: (upTo) => step(`${STEP} begun ${upTo}`),
    done: (upTo) => step(`${STEP} done ${upTo}`),
    beginAgain: (oid) => one(oid, 'skipped', 'It is copied again'),
    doneAgain: (oid) => one(oid, 'done', ''),
    fail: (oid, reason) => one(oid, 'failed', reason),
    notes: (outcome) => note(NOTES, outcome, ''),
    finish: () => step(STEP),
  };
}
