import type { PgSession } from '../../../adapters/postgres/session';
import type { Journal } from '../journal';
import { reasonText } from '../worker/failure';
import type { Telling } from '../worker-protocol';
import { writeObjects } from './large-object-bytes';
import { largeObjectJournal, type LargeObjectJournal } from './large-object-journal';
import { largeObjectsOf, nextLargeObjects, type LargeObject } from './large-object-notes';
import { createNoteWriter, type NoteWriter } from './large-object-note-writer';
import { isOfObject } from './object-failure';

export interface LargeObjectWork {
  /** In the snapshot. */
  readonly source: PgSession;
  /** Autocommit. */
  readonly target: PgSession;
  readonly database: string;
  readonly journal: Journal;
  readonly telling: Telling;
  readonly signal: AbortSignal;
  /** Bytes that went to the target. A promise means: wait for it before more is read. */
  readonly onBytes: (bytes: number) => void | Promise<void>;
  /** Both are kept when nothing is said. */
  readonly keepOwners?: boolean;
  readonly keepPrivileges?: boolean;
}

/** Large objects in one transaction. */
const BATCH = 64;

interface Copying extends LargeObjectWork {
  readonly done: LargeObjectJournal;
  readonly notes: NoteWriter;
  readonly sum: { objects: number; bytes: number; failed: number };
}

async function fail(work: Copying, oid: number, reason: string): Promise<void> {
  const { database, done, sum, telling } = work;
  sum.failed += 1;
  await done.fail(oid, reason);
  const key = `LARGE OBJECT ${oid}`;
  const named = { database, key, kind: 'LARGE OBJECT', schema: '', name: `${oid}` };
  telling.object({ ...named, outcome: 'failed', reason, statement: '' });
}

/** All in one transaction of the target, or nothing. */
async function inTransaction<T>({ target, signal }: Copying, work: () => Promise<T>): Promise<T> {
  await target.query('BEGIN', [], signal);
  try {
    const result = await work();
    await target.query('COMMIT', [], signal);
    return result;
  } catch (error) {
    if (!target.closed) await target.query('ROLLBACK');
    throw error;
  }
}

/** Writes them together, or one by one when that fails. */
async function writeBatch(work: Copying, objects: readonly LargeObject[]): Promise<void> {
  const { notes, sum } = work;
  if (objects.length === 0) return;
  try {
    sum.bytes += await inTransaction(work, async () => {
      const bytes = await writeObjects(work, objects);
      await notes.write(objects);
      return bytes;
    });
    sum.objects += objects.length;
  } catch (error) {
    if (!isOfObject(error)) throw error;
    const [first] = objects;
    if (objects.length > 1) for (const object of objects) await writeBatch(work, [object]);
    else if (first) await fail(work, first.oid, reasonText(error));
  }
}

/** Removes what an earlier call may have committed without saying so: the source may hold something else, or nothing, there by now. */
async function removeUncertain({ target, done, signal }: Copying): Promise<void> {
  const failed = [...done.failed];
  await target.query(
    `SELECT pg_catalog.lo_unlink(m.oid) FROM pg_catalog.pg_largeobject_metadata m
     WHERE m.oid > $1 AND m.oid <= $2 AND m.oid <> ALL ($3::pg_catalog.oid[]) OR m.oid = ANY ($4::pg_catalog.oid[])`,
    [
      done.doneUpTo,
      done.begunUpTo,
      failed.map(([oid]) => oid),
      failed.flatMap(([oid, state]) => (state === 'begun' ? [oid] : [])),
    ],
    signal,
  );
}

/** Those whose numbers are free on the target; the others are told and stay as they are. */
async function freeOf(work: Copying, objects: readonly LargeObject[]): Promise<LargeObject[]> {
  const rows = await work.target.query<{ oid: number }>(
    'SELECT oid FROM pg_catalog.pg_largeobject_metadata WHERE oid = ANY ($1::pg_catalog.oid[])',
    [objects.map(({ oid }) => oid)],
    work.signal,
  );
  const taken = new Set(rows.map(({ oid }) => oid));
  for (const oid of taken)
    await fail(work, oid, 'The target has a large object with this number already; it is left as it is');
  return objects.filter(({ oid }) => !taken.has(oid));
}

async function copyAgain(work: Copying): Promise<void> {
  const { source, done, sum, signal } = work;
  const objects = await largeObjectsOf(source, [...done.failed.keys()], signal);
  const left = new Set(objects.map(({ oid }) => oid));
  // What the source has dropped since need not come any more.
  for (const oid of done.failed.keys()) if (!left.has(oid)) await done.doneAgain(oid);
  for (const object of objects) {
    const free = await freeOf(work, [object]);
    if (free.length === 0) continue;
    const before = sum.failed;
    await done.beginAgain(object.oid);
    await writeBatch(work, free);
    if (sum.failed === before) await done.doneAgain(object.oid);
  }
}

async function copyAll(work: Copying): Promise<void> {
  const { source, done, signal } = work;
  for (let after = done.doneUpTo; ;) {
    const objects = await nextLargeObjects(source, after, BATCH, signal);
    const last = objects.at(-1);
    if (!last) return;
    const free = await freeOf(
      work,
      objects.filter(({ oid }) => !done.failed.has(oid)),
    );
    await done.begin(last.oid);
    await writeBatch(work, free);
    await done.done(last.oid);
    after = last.oid;
  }
}

/** Owners, privileges and comments of those that came before, when some could not be set then. */
async function repeatNotes(work: Copying): Promise<void> {
  const { source, done, notes, signal } = work;
  for (let after = 0; after < done.doneUpTo;) {
    const objects = await nextLargeObjects(source, after, BATCH, signal);
    const last = objects.at(-1);
    if (!last) return;
    const there = objects.filter(({ oid }) => oid <= done.doneUpTo && !done.failed.has(oid));
    await inTransaction(work, () => notes.write(there));
    after = last.oid;
  }
}

/**
 * Copies all large objects of a database as the snapshot shows them, under their numbers, with owners, privileges and comments. Each that cannot
 * be copied is told, also one whose number the target uses already; so is each owner, privilege or comment that is refused. After a kill, or
 * after failures, the next call goes on where this one was. Fails when a connection is lost, or as the signal says.
 */
export async function copyLargeObjects(work: LargeObjectWork): Promise<void> {
  const { database, journal, telling } = work;
  const done = largeObjectJournal(journal, database);
  if (done.complete) return;
  const notes = await createNoteWriter(work);
  const copying: Copying = { ...work, done, notes, sum: { objects: 0, bytes: 0, failed: 0 } };
  await removeUncertain(copying);
  if (done.notesFailed) await repeatNotes(copying);
  await copyAgain(copying);
  await copyAll(copying);
  const { sum } = copying;
  if (sum.objects > 0) telling.log('info', `${database}: ${sum.objects} large objects with ${sum.bytes} bytes copied`);
  const refused = notes.tellMissing();
  if (refused > 0 || done.notesFailed) await done.notes(refused > 0 ? 'failed' : 'done');
  if (refused + sum.failed === 0) await done.finish();
}
