import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Journal } from '../journal';
import { readDatabases } from '../plan/read-databases';
import { failureKind } from '../worker/failure';
import { databaseState } from '../worker/journal-state';
import { withSession, type Side } from '../worker/sides';
import type { RunTelling } from '../worker/telling';
import type { WorkerOrder } from '../worker-protocol';
import { dropProgress } from './apply/progress';
import { removeCapture } from './ddl/capture';
import { PROGRESS_SCHEMA, type StreamIdentity } from './follow-model';
import { findColumnsAgain, identityColumn, setIdentity, type IdentityColumn } from './identity-columns';
import { dropPublications, findPublications } from './publication';
import { readPlace } from './source-slot';
import { dropSlot } from './slots';

export interface CleanDeps {
  readonly order: WorkerOrder;
  readonly source: Side;
  readonly target: Side;
  readonly journal: Journal;
  readonly telling: RunTelling;
  readonly signal: AbortSignal;
}

/** Steps of the journal that name an identity column which is set back at the end. */
export const IDENTITY = 'identity ';

const exists = async (side: Side, database: string, signal: AbortSignal): Promise<boolean> => {
  const found = await withSession(
    () => side.open(side.maintenance, signal),
    signal,
    (session) =>
      session.query('SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1 AND datallowconn', [database], signal),
  );
  return found.length > 0;
};

/** Slot, publications and capture, on the side that the changes came from. */
async function cleanSender(deps: CleanDeps, database: string, direction: 'forward' | 'back'): Promise<string> {
  const { order, telling, signal } = deps;
  const side = direction === 'forward' ? deps.source : deps.target;
  return withSession(
    () => side.open(database, signal),
    signal,
    async (session) => {
      const { slot, standby } = await readPlace(session, { jobId: order.jobId, direction, signal });
      const dropped = await session.query(
        'SELECT 1 FROM pg_catalog.pg_replication_slots WHERE slot_name = $1',
        [slot],
        signal,
      );
      await dropSlot(session, slot, signal);
      if (dropped.length > 0) telling.log('info', `${database}: the slot ${slot} is dropped`);
      if (standby) return slot;
      if (direction === 'forward') await removeCapture(session, { jobId: order.jobId, signal });
      const published = await findPublications(session, slot, signal);
      await dropPublications(session, slot, signal);
      if (published.length > 0) telling.log('info', `${database}: the publication ${slot} is dropped`);
      return slot;
    },
  );
}

/** Records of progress, on the side that received the changes. */
async function cleanReceiver(deps: CleanDeps, database: string, identity: StreamIdentity): Promise<void> {
  const { telling, signal } = deps;
  const side = identity.direction === 'forward' ? deps.target : deps.source;
  const open = (): Promise<PgSession> => side.open(database, signal);
  const there = await withSession(open, signal, (session) =>
    session.query('SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1', [PROGRESS_SCHEMA], signal),
  );
  if (there.length === 0) return;
  await dropProgress((work) => withSession(open, signal, work), identity);
  telling.log('info', `${database}: the records of progress are removed`);
}

async function setIdentityBack(deps: CleanDeps, database: string, to: string): Promise<void> {
  const { journal, target, telling, signal } = deps;
  const { steps } = databaseState(journal, database);
  const columns = [...steps]
    .filter((step) => step.startsWith(IDENTITY))
    .map((step): IdentityColumn => identityColumn.parse(JSON.parse(step.slice(IDENTITY.length))));
  if (columns.length === 0) return;
  await withSession(
    () => target.open(to, signal),
    signal,
    async (session) => {
      // A column that is no such any more is somebody else's wish.
      const back = await findColumnsAgain(session, columns, 'default', signal);
      await setIdentity(session, back, 'ALWAYS', signal);
      if (back.length > 0)
        telling.log('info', `${database}: ${back.length} identity columns are GENERATED ALWAYS again`);
    },
  );
}

/**
 * Takes away what a direction of following one database has left: slot, publications, capture of changes of the structure, records of progress;
 * with `forward` identity columns of the target become again what they are on the source. Done twice it does nothing more. `database` is of
 * the source, `to` of the target; one that is gone has nothing left. Fails when a side is away.
 */
export async function cleanDatabase(
  deps: CleanDeps,
  { database, to }: { readonly database: string; readonly to: string },
  direction: 'forward' | 'back',
): Promise<void> {
  const { order, source, target, journal, signal } = deps;
  const sourceThere = await exists(source, database, signal);
  const targetThere = await exists(target, to, signal);
  const [sender, receiver] = direction === 'forward' ? [database, to] : [to, database];
  const [senderThere, receiverThere] =
    direction === 'forward' ? [sourceThere, targetThere] : [targetThere, sourceThere];
  const record = databaseState(journal, database).slots[direction];
  const slot = senderThere ? await cleanSender(deps, sender, direction) : (record?.slot ?? '');
  if (receiverThere) {
    const identity = { jobId: order.jobId, database: sender, direction, slot, system: record?.system ?? '' };
    await cleanReceiver(deps, receiver, identity);
    if (direction === 'forward') await setIdentityBack(deps, database, to);
  }
  if (record && record.lsn !== '') await journal.add({ did: 'slot', database, direction, ...record, lsn: '' });
  await rm(join(order.folder, `spool-${slot}`), { recursive: true, force: true });
}

/** Databases of the task by their names on both sides: those that the journal names, and those that were chosen and are there. */
async function databasesOf({ order, source, journal, signal }: CleanDeps): Promise<Map<string, string>> {
  const { objects } = order.options;
  const names = new Map(objects.databases.map(({ name, newName }) => [name, newName === '' ? name : newName]));
  const chosen = await withSession(
    () => source.open(source.maintenance, signal),
    signal,
    (session) => readDatabases(session, objects),
  ).catch((error: unknown) => {
    // What is not there any more has nothing left there.
    if (failureKind(error) !== 'object') throw error;
    return objects.databases;
  });
  const known = journal.entries.flatMap((entry) => (entry.did === 'slot' ? [entry.database] : []));
  return new Map([...chosen.map(({ name }) => name), ...known].map((name) => [name, names.get(name) ?? name]));
}

/** `cleanDatabase` for every database of the task. */
export async function cleanDirection(deps: CleanDeps, direction: 'forward' | 'back'): Promise<void> {
  for (const [database, to] of await databasesOf(deps)) await cleanDatabase(deps, { database, to }, direction);
}

/** Drops slots of the task whose database is not known any more. Slots keep the WAL of the whole server. */
export async function cleanStraySlots(deps: CleanDeps, side: Side): Promise<void> {
  const { order, telling, signal } = deps;
  const pattern = `^howdah_${order.jobId.toLowerCase().replace(/[^a-z0-9]/g, '_')}_[0-9]+(_back)?$`;
  await withSession(
    () => side.open(side.maintenance, signal),
    signal,
    async (session) => {
      const rows = await session.query<{ name: string }>(
        'SELECT slot_name::text AS name FROM pg_catalog.pg_replication_slots WHERE slot_name ~ $1',
        [pattern],
        signal,
      );
      for (const { name } of rows) {
        await dropSlot(session, name, signal);
        telling.log('info', `The slot ${name} is dropped`);
      }
    },
  );
}
