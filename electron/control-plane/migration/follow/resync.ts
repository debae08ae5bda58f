import { z } from 'zod';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import { copyRows } from '../../../adapters/postgres/copy-pipe';
import type { CopySession } from '../../../adapters/postgres/copy-session';
import type { PgSession } from '../../../adapters/postgres/session';
import { importSnapshot } from '../copy/snapshot';
import type { Side } from '../worker/sides';
import { routeStatements } from './apply/progress';
import type { Lsn } from './change-stream';
import type { Asking, StreamIdentity, TableRoute } from './follow-model';
import { takeConsistentPoint } from './source-slot';

export interface ResyncDeps {
  /** That the changes come from, and the other one with its database. */
  readonly from: Side;
  readonly to: Side;
  readonly toDatabase: string;
  readonly identity: StreamIdentity;
  /** Of the rows that travel, as SQL; empty is all. */
  readonly rowFilter: string;
  readonly signal: AbortSignal;
}

const found = z.object({ schema: z.string(), name: z.string(), columns: z.array(z.string()), encoding: z.string() });

/** The table as it is now on the sending side; columns that the receiving side computes are left out. */
async function readTable(session: PgSession, oid: number, signal: AbortSignal) {
  const generated = session.serverVersionNum >= 120_000 ? "a.attgenerated = ''" : 'true';
  const [row] = await session.query(
    `SELECT n.nspname::text AS schema, c.relname::text AS name, pg_catalog.current_setting('server_encoding') AS encoding,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND ${generated} ORDER BY a.attnum) AS columns
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1`,
    [oid],
    signal,
  );
  return row === undefined ? null : found.parse(row);
}

/** The oid of a table by its name; null when there is none. */
export async function findTable(
  asking: Asking,
  schema: string,
  name: string,
  signal: AbortSignal,
): Promise<number | null> {
  const [row] = await asking((session) =>
    session.query<{ oid: string }>(
      `SELECT c.oid::int8::text AS oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = $1 AND c.relname = $2`,
      [schema, name],
      signal,
    ),
  );
  return row ? Number(row.oid) : null;
}

/** `client_encoding` in which text travels: bytes as they are where the database does not know what they mean. */
export async function readEncoding(asking: Asking, signal: AbortSignal): Promise<'UTF8' | 'SQL_ASCII'> {
  const [row] = await asking((session) =>
    session.query<{ name: string }>("SELECT pg_catalog.current_setting('server_encoding') AS name", [], signal),
  );
  return row?.name === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8';
}

/** Refused by foreign keys, or where the receiving table is divided: then in another way. */
async function empty(target: CopySession, name: string): Promise<void> {
  await target.run('SAVEPOINT howdah_empty');
  try {
    await target.run(`TRUNCATE ONLY ${name}`);
  } catch {
    await target.run('ROLLBACK TO SAVEPOINT howdah_empty');
    const divided = await target.run(
      `SELECT FROM pg_catalog.pg_class WHERE oid = ${quoteLiteral(name)}::pg_catalog.regclass AND relkind = 'p'`,
    );
    // Tables that inherit from it keep their rows.
    await target.run(`DELETE FROM ${divided === 'SELECT 1' ? '' : 'ONLY '}${name}`);
  }
}

/**
 * Copies a table anew out of a state of now, in one transaction with the record of where that state lies. The stream must stand still, and
 * everything before be durable. Null: the sending side has no such table any more. Fails with `CopyFailure`, `sql`, `lost-connection` or `cancelled`.
 */
export async function resyncTable(
  oid: number,
  route: TableRoute,
  deps: ResyncDeps,
): Promise<{ readonly lsn: Lsn; readonly rows: number } | null> {
  const { from, to, toDatabase, identity, signal } = deps;
  const session = await from.open(identity.database, signal);
  try {
    const point = await takeConsistentPoint({ side: from, database: identity.database, signal }, identity.slot, 'sync');
    try {
      // The snapshot is imported before the walsender does anything else, and held by this session from then on.
      for (const statement of importSnapshot(point.snapshot).split('; ')) await session.query(statement, [], signal);
    } finally {
      await point.release();
    }
    const [row] = await session.query<{ id: string }>('SELECT pg_catalog.pg_export_snapshot() AS id', [], signal);
    const table = await readTable(session, oid, signal);
    if (!table) return null;
    const encoding = table.encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8';
    const source = await from.openCopy(identity.database, encoding, signal);
    try {
      const target = await to.openCopy(toDatabase, encoding, signal);
      try {
        const name = quoteQualified(route.schema, route.name);
        const columns = table.columns.map(quoteIdent).join(', ');
        const there = table.columns.map((column) => quoteIdent(route.columns?.get(column) ?? column)).join(', ');
        const where = deps.rowFilter === '' ? '' : ` WHERE ${deps.rowFilter}\n`;
        const read = `COPY (SELECT ${columns} FROM ONLY ${quoteQualified(table.schema, table.name)}${where}) TO STDOUT`;
        await target.run('BEGIN; SET LOCAL synchronous_commit = on');
        await empty(target, name);
        const { rows } = await copyRows({
          source,
          read: `${importSnapshot(row?.id ?? '')}; ${read}; COMMIT`,
          target,
          write: `COPY ${name}${there === '' ? '' : ` (${there})`} FROM STDIN`,
          signal,
        });
        for (const sql of routeStatements(identity, oid, { ...route, syncedAt: point.lsn })) await target.run(sql);
        await target.run('COMMIT');
        return { lsn: point.lsn, rows };
      } finally {
        await target.end();
      }
    } finally {
      await source.end();
    }
  } finally {
    await session.end();
  }
}
