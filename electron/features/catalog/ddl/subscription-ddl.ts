import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { attachmentStatements, PHASE, pieceObject, sharedLabelsJson, type Attachments, type Piece } from './piece';
import type { Scope } from './scope';

interface SubscriptionRow {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly enabled: boolean;
  readonly slot: string | null;
  readonly commit: string;
  readonly publications: readonly string[];
  /** The option's value, null where it is as usual. */
  readonly binary: string | null;
  readonly streaming: string | null;
  readonly twoPhase: string | null;
  readonly disableOnError: string | null;
  readonly passwordRequired: string | null;
  readonly runAsOwner: string | null;
  readonly origin: string | null;
  readonly failover: string | null;
  readonly comment: string | null;
  readonly labels: Attachments['labels'];
}

interface Since {
  readonly binary: string;
  readonly streaming: string;
  readonly twoPhase: string;
  readonly disableOnError: string;
  readonly passwordRequired: string;
  readonly runAsOwner: string;
  readonly origin: string;
  readonly failover: string;
}

const subscriptions = (since: Since): string => `
SELECT o.oid, o.subname AS name, pg_catalog.pg_get_userbyid(o.subowner) AS owner, o.subenabled AS enabled, o.subslotname AS slot,
       o.subsynccommit AS commit, o.subpublications AS publications, ${since.binary} AS binary, ${since.streaming} AS streaming,
       ${since.twoPhase} AS "twoPhase", ${since.disableOnError} AS "disableOnError", ${since.passwordRequired} AS "passwordRequired",
       ${since.runAsOwner} AS "runAsOwner", ${since.origin} AS origin, ${since.failover} AS failover,
       pg_catalog.obj_description(o.oid, 'pg_subscription') AS comment, ${sharedLabelsJson('pg_subscription', 'o.oid')} AS labels
  FROM pg_catalog.pg_subscription o
 WHERE o.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())`;

const OLD: Since = {
  binary: 'NULL',
  streaming: 'NULL',
  twoPhase: 'NULL',
  disableOnError: 'NULL',
  passwordRequired: 'NULL',
  runAsOwner: 'NULL',
  origin: 'NULL',
  failover: 'NULL',
};
const SINCE_14: Since = {
  ...OLD,
  binary: "CASE WHEN o.subbinary THEN 'true' END",
  streaming: "CASE WHEN o.substream THEN 'true' END",
};
const SINCE_15: Since = {
  ...SINCE_14,
  twoPhase: "CASE WHEN o.subtwophasestate <> 'd' THEN 'true' END",
  disableOnError: "CASE WHEN o.subdisableonerr THEN 'true' END",
};
const SINCE_16: Since = {
  ...SINCE_15,
  streaming: "CASE o.substream WHEN 't' THEN 'true' WHEN 'p' THEN 'parallel' END",
  passwordRequired: "CASE WHEN NOT o.subpasswordrequired THEN 'false' END",
  runAsOwner: "CASE WHEN o.subrunasowner THEN 'true' END",
  origin: "nullif(o.suborigin, 'any')",
};
const SINCE_17: Since = { ...SINCE_16, failover: "CASE WHEN o.subfailover THEN 'true' END" };
/** Streaming is usual since 18. */
const SINCE_18: Since = {
  ...SINCE_17,
  streaming: "CASE o.substream WHEN 'f' THEN 'false' WHEN 't' THEN 'true' END",
};
const SUBSCRIPTIONS: VersionedSql = {
  100000: subscriptions(OLD),
  140000: subscriptions(SINCE_14),
  150000: subscriptions(SINCE_15),
  160000: subscriptions(SINCE_16),
  170000: subscriptions(SINCE_17),
  180000: subscriptions(SINCE_18),
};

/** Before 14 what identifies a subscription was for superusers alone. */
async function mayReadAll(session: PgSession, signal: AbortSignal): Promise<boolean> {
  const [row] = await session.query<{ readable: boolean }>(
    "SELECT pg_catalog.has_table_privilege('pg_catalog.pg_subscription', 'SELECT') AS readable",
    [],
    signal,
  );
  return row?.readable === true;
}

/** Only superusers may read connection strings, unless somebody granted it. */
async function readConnections(session: PgSession, signal: AbortSignal): Promise<ReadonlyMap<number, string> | null> {
  const [row] = await session.query<{ readable: boolean }>(
    "SELECT pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT') AS readable",
    [],
    signal,
  );
  if (row?.readable !== true) return null;
  const rows = await session.query<{ oid: number; connection: string }>(
    'SELECT o.oid, o.subconninfo AS connection FROM pg_catalog.pg_subscription o',
    [],
    signal,
  );
  return new Map(rows.map(({ oid, connection }) => [oid, connection]));
}

/** Subscriptions of this database, so that making one anew touches no other server: it doesn't connect, and is not enabled. */
export async function subscriptionPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  if (session.serverVersionNum < 140_000 && !(await mayReadAll(session, signal))) return [];
  const sql = sqlFor(SUBSCRIPTIONS, session.serverVersionNum);
  const rows = await session.query<SubscriptionRow>(
    `${sql} AND ${scope.where('pg_subscription')} ORDER BY 2`,
    scope.params,
    signal,
  );
  if (rows.length === 0) return [];
  const connections = await readConnections(session, signal);
  return rows.map((row) => {
    const target = `SUBSCRIPTION ${quoteIdent(row.name)}`;
    const notes = [
      ...(connections ? [] : ['-- The connection string of the original is hidden from this user.']),
      ...(row.enabled ? ['-- The original is enabled; this one is not, until ALTER SUBSCRIPTION says so.'] : []),
    ];
    const create = `CREATE ${target}
    CONNECTION ${quoteLiteral(connections?.get(row.oid) ?? '')}
    PUBLICATION ${row.publications.map(quoteIdent).join(', ')}
    WITH (${options(row).join(', ')});`;
    return {
      id: `pg_subscription:${row.oid}`,
      object: pieceObject('subscription', '', row.name),
      phase: PHASE.publication + 1,
      name: row.name,
      sql: [...notes, create, '', ...attachmentStatements(target, { ...row, acl: null })].join('\n'),
      needs: [],
    };
  });
}

function options(row: SubscriptionRow): string[] {
  const list = ['connect = false', `slot_name = ${row.slot === null ? 'NONE' : quoteLiteral(row.slot)}`];
  const add = (name: string, value: string | null): void => {
    if (value !== null) list.push(`${name} = ${value}`);
  };
  if (row.commit !== 'off') list.push(`synchronous_commit = ${quoteLiteral(row.commit)}`);
  add('binary', row.binary);
  add('streaming', row.streaming);
  add('two_phase', row.twoPhase);
  add('disable_on_error', row.disableOnError);
  add('password_required', row.passwordRequired);
  add('run_as_owner', row.runAsOwner);
  add('origin', row.origin);
  add('failover', row.failover);
  return list;
}
