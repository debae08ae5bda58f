import type { PgSession } from '../../../adapters/postgres/session';
import type { Journal } from '../journal';
import { readAside } from '../plan/read-aside';
import { reasonText } from '../worker/failure';
import type { Telling } from '../worker-protocol';
import { writeObjects } from './large-object-bytes';
import { largeObjectJournal, type LargeObjectJournal } from './large-object-journal';
import { largeObjectsOf, nextLargeObjects, type LargeObject } from './large-object-notes';
import { createNoteWriter, type NoteWriter } from './large-object-note-writer';
import { inChunks } from './in-chunks';
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
/** Numbers that are compared at once. */
const PAGE = 10_000;

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

/** Writes them together, or one by one when that fails. Answers those that failed. */
async function writeBatch(work: Copying, objects: readonly LargeObject[]): Promise<Set<number>> {
  const { notes, sum } = work;
  const failed = new Set<number>();
  if (objects.length === 0) return failed;
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
    if (objects.length === 1 && first) {
      await fail(work, first.oid, reasonText(error));
      return failed.add(first.oid);
    }
    for (const object of objects) for (const oid of await writeBatch(work, [object])) failed.add(oid);
  }
  return failed;
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

/** Copies some by themselves, each with lines of its own in the journal. */
async function copySingly(work: Copying, oids: readonly number[]): Promise<void> {
  const { source, done, signal } = work;
  for (const batch of inChunks(oids, BATCH)) {
    const objects = await largeObjectsOf(source, batch, signal);
    const left = new Set(objects.map(({ oid }) => oid));
    const free = await freeOf(work, objects);
    await Promise.all(free.map(({ oid }) => done.beginAgain(oid)));
    const failed = await writeBatch(work, free);
    const copied = free.filter(({ oid }) => !failed.has(oid));
    // What the source has dropped since need not come any more.
    const settled = [...copied.map(({ oid }) => oid), ...batch.filter((oid) => !left.has(oid))];
    await Promise.all(settled.map((oid) => done.doneAgain(oid)));
  }
}

/** Those that earlier attempts have passed and that the target lacks: made since then, under a number that was free. */
async function lateOnes({ source, target, done, signal }: Copying): Promise<number[]> {
  const late: number[] = [];
  for (let after = 0; ;) {
    const page = await readAside(source, () =>
      source.query<{ oid: number }>(
        'SELECT oid FROM pg_catalog.pg_largeobject_metadata WHERE oid > $1 AND oid <= $2 ORDER BY oid LIMIT $3',
        [after, done.doneUpTo, PAGE],
        signal,
      ),
    );
    const rows = await target.query<{ oid: number }>(
      'SELECT oid FROM pg_catalog.pg_largeobject_metadata WHERE oid = ANY ($1::pg_catalog.oid[])',
      [page.map(({ oid }) => oid)],
      signal,
    );
    const there = new Set(rows.map(({ oid }) => oid));
    for (const { oid } of page) if (!there.has(oid) && !done.failed.has(oid)) late.push(oid);
    const last = page.at(-1);
    if (!last) return late;
    after = last.oid;
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
 * be copied is told, also one whose number the target uses already; so is each owner, privilege or comment that is refused. To be called by every
 * attempt: after a kill, or after failures, the next call goes on where this one was, and brings what has been made since. Fails when a connection is lost, or as the signal says.
 */
export async function copyLargeObjects(work: LargeObjectWork): Promise<void> {
  const { database, journal, telling } = work;
  const done = largeObjectJournal(journal, database);
  const notes = await createNoteWriter(work);
  const copying: Copying = { ...work, done, notes, sum: { objects: 0, bytes: 0, failed: 0 } };
  await removeUncertain(copying);
  if (done.notesFailed) await repeatNotes(copying);
  await copySingly(copying, [...done.failed.keys()]);
  await copySingly(copying, await lateOnes(copying));
  await copyAll(copying);
  const { sum } = copying;
  if (sum.objects > 0) telling.log('info', `${database}: ${sum.objects} large objects with ${sum.bytes} bytes copied`);
  const refused = notes.tellMissing();
  if (refused > 0 || done.notesFailed) await done.notes(refused > 0 ? 'failed' : 'done');
  if (refused + sum.failed === 0) await done.finish();
}
