import { z } from 'zod';
import { quoteLiteral } from '../../../../../shared/model/quote';
import { AppError } from '../../../../../shared/errors';
import type { PgSession } from '../../../../adapters/postgres/session';
import { formatLsn, parseLsn, type Lsn } from '../change-stream';
import { PROGRESS_SCHEMA, type Asking, type StreamIdentity, type TableRoute } from '../follow-model';

/**
 * How far the receiving side is, in tables of its own: written in the transactions that apply changes, so that the two can never differ. One row for
 * each session that applies (shard), and one for each table (route).
 */

const PROGRESS = `${PROGRESS_SCHEMA}.progress`;
const ROUTES = `${PROGRESS_SCHEMA}.routes`;
/** Another task may make them at the same moment. */
const ATTEMPTS = 5;
const THERE_ALREADY = new Set(['42P06', '42P07', '23505']);

const TABLES = [
  `CREATE TABLE IF NOT EXISTS ${PROGRESS} (
    job text NOT NULL, database text NOT NULL, direction text NOT NULL, shard int4 NOT NULL, shards int4 NOT NULL,
    slot text NOT NULL, system text NOT NULL, end_lsn pg_catalog.pg_lsn, committed_at int8 NOT NULL DEFAULT 0,
    PRIMARY KEY (job, database, direction, shard))`,
  `CREATE TABLE IF NOT EXISTS ${ROUTES} (
    job text NOT NULL, database text NOT NULL, direction text NOT NULL, oid int8 NOT NULL,
    schema text NOT NULL, name text NOT NULL, columns text NOT NULL, synced_at pg_catalog.pg_lsn NOT NULL,
    PRIMARY KEY (job, database, direction, oid))`,
];

/** How far the receiving side is with a stream. */
export interface StoredProgress {
  /** End of the last source transaction that all sessions have applied; null: nothing of this stream yet. */
  readonly endLsn: Lsn | null;
  /** By the clock of the source, milliseconds since the epoch; 0 with no progress. */
  readonly committedAt: number;
  /** There are records of another slot or server: they were not used. In words; empty when there are none. */
  readonly foreign: string;
}

/** Progress of each session that applies. */
export interface ShardProgress {
  readonly ends: readonly (Lsn | null)[];
  readonly committedAt: number;
}

const mine = ({ jobId, database, direction }: StreamIdentity): string =>
  `job = ${quoteLiteral(jobId)} AND database = ${quoteLiteral(database)} AND direction = ${quoteLiteral(direction)}`;

interface ProgressRow {
  readonly shard: number;
  readonly shards: number;
  readonly slot: string;
  readonly system: string;
  readonly end_lsn: string | null;
  readonly committed_at: string;
}

const rowsOf = (session: PgSession, identity: StreamIdentity, lock = ''): Promise<ProgressRow[]> =>
  session.query<ProgressRow>(
    `SELECT shard, shards, slot, system, end_lsn::text AS end_lsn, committed_at::text AS committed_at FROM ${PROGRESS} WHERE ${mine(identity)} ORDER BY shard${lock}`,
  );

const isOf = (row: ProgressRow, { slot, system }: StreamIdentity): boolean =>
  row.slot === slot && row.system === system;

const isThere = async (session: PgSession): Promise<boolean> => {
  const [found] = await session.query<{ tables: number }>(
    `SELECT count(*)::int4 AS tables FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname IN ('progress', 'routes')`,
    [PROGRESS_SCHEMA],
  );
  return found?.tables === 2;
};

async function makeTables(session: PgSession): Promise<void> {
  for (let attempt = 1; !(await isThere(session)); attempt += 1) {
    try {
      const [schema] = await session.query('SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1', [
        PROGRESS_SCHEMA,
      ]);
      if (!schema) await session.query(`CREATE SCHEMA ${PROGRESS_SCHEMA}`);
      for (const sql of TABLES) await session.query(sql);
    } catch (error) {
      const state = error instanceof AppError ? (error.info.sqlstate ?? '') : '';
      if (attempt >= ATTEMPTS || !THERE_ALREADY.has(state)) throw error;
    }
  }
}

/** The last position that all of them have. */
const least = (rows: readonly ProgressRow[]): ProgressRow | undefined =>
  rows.reduce<ProgressRow | undefined>((found, row) => {
    if (found === undefined || row.end_lsn === null) return row;
    return found.end_lsn !== null && parseLsn(row.end_lsn) < parseLsn(found.end_lsn) ? row : found;
  }, undefined);

/** Reads the progress of a stream; makes schema and tables where they are missing. */
export function openProgress(asking: Asking, identity: StreamIdentity): Promise<StoredProgress> {
  return asking(async (session) => {
    await makeTables(session);
    const rows = await rowsOf(session, identity);
    const other = rows.find((row) => !isOf(row, identity));
    const found = least(rows.filter((row) => isOf(row, identity)));
    return {
      endLsn: found?.end_lsn == null ? null : parseLsn(found.end_lsn),
      committedAt: found?.end_lsn == null ? 0 : Number(found.committed_at),
      foreign:
        other === undefined
          ? ''
          : `Progress of the slot ${other.slot} of the server ${other.system} is not used: the stream is of ${identity.slot} of ${identity.system}`,
    };
  });
}

/**
 * Makes the rows of progress for so many sessions. Where an earlier worker stopped between commits of its sessions, their number stays as it was: who
 * has what is told by it.
 */
export function claimProgress(asking: Asking, identity: StreamIdentity, jobs: number): Promise<ShardProgress> {
  return asking(async (session) => {
    await makeTables(session);
    await session.query('BEGIN');
    try {
      const rows = (await rowsOf(session, identity, ' FOR UPDATE')).filter((row) => isOf(row, identity));
      const level = rows.every(({ end_lsn: end }) => end === rows[0]?.end_lsn);
      const [first] = rows;
      if (!first || (level && first.shards !== jobs)) {
        await session.query(`DELETE FROM ${PROGRESS} WHERE ${mine(identity)}`);
        for (let shard = 0; shard < jobs; shard += 1)
          await session.query(
            `INSERT INTO ${PROGRESS} (job, database, direction, shard, shards, slot, system, end_lsn, committed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::pg_catalog.pg_lsn, $9)`,
            [
              identity.jobId,
              identity.database,
              identity.direction,
              shard,
              jobs,
              identity.slot,
              identity.system,
              first?.end_lsn ?? null,
              first?.committed_at ?? '0',
            ],
          );
      }
      const claimed = await rowsOf(session, identity);
      await session.query('COMMIT');
      const found = least(claimed);
      return {
        ends: claimed.map(({ end_lsn: end }) => (end === null ? null : parseLsn(end))),
        committedAt: Number(found?.committed_at ?? 0),
      };
    } catch (error) {
      await session.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}

/** Stores the progress of one session; it says `UPDATE 1` only when the progress is what this worker knows. */
export const progressStatement = (
  identity: StreamIdentity,
  shard: number,
  before: Lsn | null,
  end: { readonly endLsn: Lsn; readonly committedAt: number },
): string =>
  `UPDATE ${PROGRESS} SET end_lsn = '${formatLsn(end.endLsn)}', committed_at = ${Math.trunc(end.committedAt)} WHERE ${mine(identity)} AND shard = ${shard}` +
  ` AND slot = ${quoteLiteral(identity.slot)} AND system = ${quoteLiteral(identity.system)} AND end_lsn IS NOT DISTINCT FROM ${before === null ? 'NULL' : `'${formatLsn(before)}'`}::pg_catalog.pg_lsn`;

const columnNames = z.record(z.string(), z.string());

/** Statements that store one route, or remove it. */
export function routeStatements(identity: StreamIdentity, oid: number, route: TableRoute | null): string[] {
  if (route === null) return [`DELETE FROM ${ROUTES} WHERE ${mine(identity)} AND oid = ${oid}`];
  const columns = JSON.stringify(Object.fromEntries(route.columns ?? []));
  const values = [identity.jobId, identity.database, identity.direction].map(quoteLiteral).join(', ');
  const of = [route.schema, route.name, columns, formatLsn(route.syncedAt)].map(quoteLiteral).join(', ');
  return [
    `INSERT INTO ${ROUTES} (job, database, direction, oid, schema, name, columns, synced_at) VALUES (${values}, ${oid}, ${of}) ON CONFLICT (job, database, direction, oid) DO UPDATE SET schema = excluded.schema, name = excluded.name, columns = excluded.columns, synced_at = excluded.synced_at`,
  ];
}

/** Replaces all routes of a stream. */
export function saveRoutes(
  asking: Asking,
  identity: StreamIdentity,
  routes: ReadonlyMap<number, TableRoute>,
): Promise<void> {
  return asking(async (session) => {
    await makeTables(session);
    await session.query('BEGIN');
    try {
      await session.query(`DELETE FROM ${ROUTES} WHERE ${mine(identity)}`);
      for (const [oid, route] of routes)
        for (const sql of routeStatements(identity, oid, route)) await session.query(sql);
      await session.query('COMMIT');
    } catch (error) {
      await session.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}

/** Routes by the OID of the table on the side that the changes come from. */
export function readRoutes(asking: Asking, identity: StreamIdentity): Promise<Map<number, TableRoute>> {
  return asking(async (session) => {
    await makeTables(session);
    const rows = await session.query<{ oid: string; schema: string; name: string; columns: string; synced_at: string }>(
      `SELECT oid::text AS oid, schema, name, columns, synced_at::text AS synced_at FROM ${ROUTES} WHERE ${mine(identity)}`,
    );
    return new Map(
      rows.map((row) => {
        const columns = Object.entries(columnNames.parse(JSON.parse(row.columns)));
        const route = { schema: row.schema, name: row.name, syncedAt: parseLsn(row.synced_at) };
        return [Number(row.oid), columns.length === 0 ? route : { ...route, columns: new Map(columns) }];
      }),
    );
  });
}

/** Removes progress and routes of a stream, and the schema when nobody else has anything in it. */
export function dropProgress(asking: Asking, identity: StreamIdentity): Promise<void> {
  return asking(async (session) => {
    if (!(await isThere(session))) return;
    await session.query('BEGIN');
    try {
      await session.query(`LOCK TABLE ${PROGRESS}, ${ROUTES} IN ACCESS EXCLUSIVE MODE`);
      await session.query(`DELETE FROM ${PROGRESS} WHERE ${mine(identity)}`);
      await session.query(`DELETE FROM ${ROUTES} WHERE ${mine(identity)}`);
      const [left] = await session.query<{ used: boolean }>(
        `SELECT EXISTS (SELECT FROM ${PROGRESS}) OR EXISTS (SELECT FROM ${ROUTES}) AS used`,
      );
      if (left?.used === false) {
        await session.query(`DROP TABLE ${PROGRESS}, ${ROUTES}`);
        const [other] = await session.query<{ used: boolean }>(
          `SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1)
             OR EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = $1) AS used`,
          [PROGRESS_SCHEMA],
        );
        if (other?.used === false) await session.query(`DROP SCHEMA ${PROGRESS_SCHEMA}`);
      }
      await session.query('COMMIT');
    } catch (error) {
      await session.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}
