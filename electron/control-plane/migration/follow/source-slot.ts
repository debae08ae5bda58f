import { z } from 'zod';
import { AppError } from '../../../../shared/errors';
import { quoteIdent } from '../../../../shared/model/quote';
import { openReplicationSession, type ReplicationSession } from '../../../adapters/postgres/replication-session';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Side } from '../worker/sides';
import { formatLsn, parseLsn, type Lsn } from './change-stream';
import { pluginOf } from './decode/old-plugins';
import { walsenderProfile } from './decode/walsender-options';
import { slotName, type StreamIdentity } from './follow-model';
import { createPublications, dropPublications, findPublications, type PublishedTable } from './publication';
import { dropSlot } from './slots';

export interface StreamPlace {
  /** That the changes come from. */
  readonly side: Side;
  readonly jobId: string;
  readonly database: string;
  readonly direction: 'forward' | 'back';
  readonly signal: AbortSignal;
}

export interface StreamOrder extends StreamPlace {
  readonly tables: readonly PublishedTable[];
  /** Runs after the publication is made and before the slot is: what it does is followed. */
  readonly onPublished?: (session: PgSession, publication: string) => Promise<void>;
  /** Written before anything is made, and after. */
  readonly onMade: (made: {
    readonly slot: string;
    readonly publication: string;
    /** Empty before it is made. */
    readonly lsn: string;
    readonly system: string;
  }) => Promise<void>;
  readonly onNote: (level: 'info' | 'warning', text: string) => void;
}

/** A state of the database that holds everything that was committed before `lsn`, and nothing else. */
export interface ConsistentPoint {
  readonly lsn: Lsn;
  /** Can be imported until `release`. */
  readonly snapshot: string;
  release(): Promise<void>;
}

export interface PreparedStream extends ConsistentPoint {
  readonly identity: StreamIdentity;
}

const STANDBY_FROM = 160_000;
const made = z.object({ consistent_point: z.string(), snapshot_name: z.string() });
const facts = z.object({ oid: z.number(), standby: z.boolean() });

export const openWalsender = (side: Side, database: string, signal: AbortSignal): Promise<ReplicationSession> =>
  openReplicationSession(walsenderProfile(side.profile(database), side.versionNum), signal);

/** `system_identifier` of the server, by which a slot is known again. */
export async function readSystem(session: ReplicationSession, signal: AbortSignal): Promise<string> {
  const [row] = await session.query('IDENTIFY_SYSTEM', signal);
  return row?.['systemid'] ?? '';
}

/** Servers before have no pgoutput, and no slots that end with their session. */
const PGOUTPUT_FROM = 100_000;

/** The plugin of new slots. The variable is for tests: servers that have pgoutput are followed by it. */
async function pluginFor(session: ReplicationSession, slot: string, signal: AbortSignal): Promise<string> {
  const wished = process.env['HOWDAH_DECODING_PLUGIN'];
  if (wished !== undefined || session.serverVersionNum >= PGOUTPUT_FROM) return wished ?? 'pgoutput';
  const found = await pluginOf(session, `${slot}_probe`, signal);
  if (found !== null) return found;
  throw new AppError({
    code: 'unsupported',
    message: 'The source has neither wal2json nor test_decoding, by which its changes could be followed',
    hint: 'Install the package of the contributed modules (postgresql-contrib) on the source.',
  });
}

async function createSlot(
  session: ReplicationSession,
  slot: string,
  how: '' | 'TEMPORARY',
  signal: AbortSignal,
): Promise<ConsistentPoint> {
  const plugin = await pluginFor(session, slot, signal);
  const keep = session.serverVersionNum >= PGOUTPUT_FROM ? ' EXPORT_SNAPSHOT' : '';
  // The snapshot lives until the next command of this session.
  const [row] = await session.query(
    `CREATE_REPLICATION_SLOT ${quoteIdent(slot)} ${how} LOGICAL ${quoteIdent(plugin)}${keep}`,
    signal,
  );
  const { consistent_point: lsn, snapshot_name: snapshot } = made.parse(row);
  return { lsn: parseLsn(lsn), snapshot, release: () => session.end() };
}

async function readFacts(session: PgSession, signal: AbortSignal): Promise<z.output<typeof facts>> {
  const [row] = await session.query(
    `SELECT oid::int8::int4 AS oid, pg_catalog.pg_is_in_recovery() AS standby
     FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()`,
    [],
    signal,
  );
  return facts.parse(row);
}

/** Name of slot and publication of a database of the side, and whether the side is a standby. */
export async function readPlace(
  session: PgSession,
  { jobId, direction, signal }: Omit<StreamPlace, 'side' | 'database'>,
): Promise<{ readonly slot: string; readonly standby: boolean }> {
  const { oid, standby } = await readFacts(session, signal);
  return { slot: slotName(jobId, oid, direction), standby };
}

async function publish(session: PgSession, slot: string, standby: boolean, order: StreamOrder): Promise<void> {
  const { tables, signal, onNote } = order;
  if (!standby) {
    await dropPublications(session, slot, signal);
    await createPublications(session, { name: slot, tables, onNote, signal });
    await order.onPublished?.(session, slot);
    return;
  }
  if (session.serverVersionNum < STANDBY_FROM) {
    throw new AppError({
      code: 'unsupported',
      message: 'The source is a standby: changes of a standby can be followed from PostgreSQL 16 on',
      hint: 'Take its primary as the source.',
    });
  }
  if ((await findPublications(session, slot, signal)).length === 0) {
    throw new AppError({
      code: 'conflict',
      message: `The source is a standby, and its primary has no publication ${slot} in ${order.database}`,
      hint: `On the primary, in ${order.database}: CREATE PUBLICATION ${quoteIdent(slot)} FOR ALL TABLES; then resume.`,
    });
  }
  onNote(
    'warning',
    `${order.database}: the source is a standby; when nothing is written on its primary, run there: SELECT pg_catalog.pg_log_standby_snapshot()`,
  );
}

/**
 * Makes publications and slot; what is there of an attempt before is dropped. Fails with `unsupported` and `conflict` where the server cannot
 * be followed, `sql`, `lost-connection` or `cancelled`.
 */
export async function prepareStream(order: StreamOrder): Promise<PreparedStream> {
  const { side, database, jobId, direction, signal } = order;
  const session = await side.open(database, signal);
  try {
    const { slot, standby } = await readPlace(session, order);
    const walsender = await openWalsender(side, database, signal);
    try {
      const system = await readSystem(walsender, signal);
      await order.onMade({ slot, publication: slot, lsn: '', system });
      await dropSlot(session, slot, signal);
      await publish(session, slot, standby, order);
      const point = await createSlot(walsender, slot, '', signal);
      await order.onMade({ slot, publication: slot, lsn: formatLsn(point.lsn), system });
      return { ...point, identity: { jobId, database, direction, slot, system } };
    } catch (error) {
      await walsender.end();
      throw error;
    }
  } finally {
    await session.end();
  }
}

/** Takes slot and publications of a direction away, whoever made them; nothing when they are not there. */
export async function removeStream({ side, database, jobId, direction, signal }: StreamPlace): Promise<void> {
  const session = await side.open(database, signal);
  try {
    const { slot, standby } = await readPlace(session, { jobId, direction, signal });
    await dropSlot(session, slot, signal);
    if (!standby) await dropPublications(session, slot, signal);
  } finally {
    await session.end();
  }
}

/** A state of now, by a slot that ends with the session. `purpose` keeps several at once apart. */
export async function takeConsistentPoint(
  place: Pick<StreamPlace, 'side' | 'database' | 'signal'>,
  slot: string,
  purpose: string,
): Promise<ConsistentPoint> {
  const walsender = await openWalsender(place.side, place.database, place.signal);
  try {
    return await createSlot(walsender, `${slot}_${purpose}`, 'TEMPORARY', place.signal);
  } catch (error) {
    await walsender.end();
    throw error;
  }
}
