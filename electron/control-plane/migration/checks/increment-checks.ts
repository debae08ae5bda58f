import { AppError } from '../../../../shared/errors';
import { quoteLiteral } from '../../../../shared/model/quote';
import type { Check, CheckContext, Found } from './check';
import { INCREMENT_TABLE_CHECKS } from './increment-table-checks';
import { count, forDatabases, RELATIONS } from './object-scope';
import { asAdvice, inBytes, passed } from './saying';

const STEP = 'IncrementCheck';
const PLACE = { side: 'source', database: '' } as const;
const incrementally = ({ incremental }: CheckContext): boolean => incremental;

const IDENTIFY = 'IDENTIFY_SYSTEM';
const SLOTS_SQL = `SELECT slot_name::text AS name, coalesce(plugin::text, 'physical') AS plugin, coalesce(database::text, '') AS database,
  pg_catalog.pg_wal_lsn_diff(CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
    ELSE pg_catalog.pg_current_wal_lsn() END, restart_lsn)::float8 AS bytes
  FROM pg_catalog.pg_replication_slots WHERE NOT active AND NOT temporary ORDER BY 1`;
const PROBE_SQL = `SELECT pg_catalog.pg_create_logical_replication_slot('howdah_probe_' || pg_catalog.pg_backend_pid(), 'pgoutput', true)`;
const PREPARED_SQL = `SELECT gid, owner::text AS owner, database::text AS database,
  extract(epoch FROM pg_catalog.now() - prepared)::float8 AS seconds FROM pg_catalog.pg_prepared_xacts ORDER BY prepared`;
// Of sessions of others an account without rights sees no begin.
const LONG_SQL = `SELECT pid, usename::text AS owner, datname::text AS database, extract(epoch FROM pg_catalog.clock_timestamp() - xact_start)::float8 AS seconds
  FROM pg_catalog.pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_catalog.pg_backend_pid()
    AND coalesce(xact_start < pg_catalog.clock_timestamp() - $1::float8 * interval '1 second', true) ORDER BY xact_start`;
const PGLOGICAL_SQL = `SELECT EXISTS (SELECT 1 FROM ${RELATIONS} WHERE n.nspname = 'pglogical' AND c.relname = 'node') AS present`;

const PROBE_SECONDS = 3;
const QUERY_CANCELED = '57014';

/** The words of a server that refuses, or null; other failures go on to the one who runs the checks. */
function refusal(error: unknown): AppError {
  if (error instanceof AppError && error.code !== 'cancelled' && error.code !== 'bug') return error;
  throw error;
}

const connection: Check = {
  id: 'replication-connection',
  step: STEP,
  title: 'Connection for replication',
  applies: incrementally,
  async run(context) {
    const { source, databases, signal } = context;
    try {
      const session = await source.open(databases[0]?.plan.source ?? source.endpoint.database, { replication: true });
      try {
        await session.query(IDENTIFY, [], signal);
      } finally {
        await session.end();
      }
      return [passed(PLACE, 'A connection for replication can be made', IDENTIFY)];
    } catch (error) {
      const refused = refusal(error);
      return [
        {
          ...PLACE,
          level: 'failed',
          found: `A connection for replication is refused: ${refused.message}`,
          effect: 'Nobody can read the changes that come after the full copy.',
          remedy: `Give the account the attribute REPLICATION (ALTER ROLE … REPLICATION), let it in by pg_hba.conf, and connect to the server itself: a pooler does not let these connections through.`,
          sql: IDENTIFY,
        },
      ];
    }
  },
};

/** What a slot that is dropped at once shows: the right, the room, the plugin, and whether something is waited for. */
async function trySlot({ source, databases, signal }: CheckContext, patience: number): Promise<Found> {
  const good = passed(PLACE, 'A replication slot can be made with the plugin pgoutput', PROBE_SQL);
  const session = await source.open(databases[0]?.plan.source ?? source.endpoint.database);
  try {
    const [level] = await session.query<{ wal_level: string }>('SHOW wal_level', [], signal);
    if (level?.wal_level !== 'logical') {
      return { ...good, level: 'info', found: `Not tried, because wal_level is ${level?.wal_level ?? 'unknown'}` };
    }
    await session.query(`SET statement_timeout = ${Math.round(patience * 1000)}`, [], signal);
    await session.query(PROBE_SQL, [], signal);
    return good;
  } catch (error) {
    const refused = refusal(error);
    const waits = refused.info.sqlstate === QUERY_CANCELED;
    return {
      ...PLACE,
      level: waits ? 'warning' : 'failed',
      found: waits
        ? `A replication slot is not ready after ${patience} s: transactions that write are open`
        : `No replication slot can be made: ${refused.message}`,
      effect: waits
        ? 'The task does not begin before these transactions have ended.'
        : 'Changes after the full copy cannot be followed.',
      remedy: waits
        ? 'Let the transactions end, or end them; prepared ones with COMMIT PREPARED or ROLLBACK PREPARED.'
        : 'See the reason; it is the right to replicate, the number of slots, or the plugin that is missing.',
      sql: PROBE_SQL,
    };
  } finally {
    await session.end();
  }
}

/** How long the probe waits for transactions that are open, in seconds. */
export const slotProbe = (patience: number): Check => ({
  id: 'slot-probe',
  step: STEP,
  title: 'Trying a replication slot',
  applies: incrementally,
  run: async (context) => [await trySlot(context, patience)],
});

const staleSlots: Check = {
  id: 'stale-slots',
  step: STEP,
  title: 'Replication slots that nobody reads',
  applies: incrementally,
  async run({ source, signal }) {
    const rows = await source.server.query<{ name: string; plugin: string; database: string; bytes: number | null }>(
      SLOTS_SQL,
      [],
      signal,
    );
    if (rows.length === 0) return [passed(PLACE, 'Every slot is read by somebody', SLOTS_SQL)];
    const bytes = Math.max(...rows.map((row) => row.bytes ?? 0));
    return [
      {
        ...PLACE,
        level: 'warning',
        found: `${count(rows.length, 'replication slot')} ${rows.length === 1 ? 'is' : 'are'} read by nobody and ${rows.length === 1 ? 'keeps' : 'keep'} ${inBytes(bytes)} of log`,
        items: rows.map(
          (row) =>
            `${row.name} (${[row.plugin, row.database].filter((part) => part !== '').join(', ')}): ${inBytes(row.bytes ?? 0)}`,
        ),
        effect: 'The log they keep grows until the disk of the source is full, and they take the places of new slots.',
        remedy: `If nobody needs them any more: ${asAdvice(rows.map(({ name }) => `SELECT pg_drop_replication_slot(${quoteLiteral(name)})`))}`,
        sql: SLOTS_SQL,
      },
    ];
  },
};

const aged = (seconds: number | null): string =>
  seconds === null ? 'age not shown to this account' : `${Math.round(seconds)} s`;

/** Transactions that have written and are open for longer than this; in seconds. */
export const longTransactions = (longer: number): Check => ({
  id: 'long-transactions',
  step: STEP,
  title: 'Long transactions',
  applies: incrementally,
  async run({ source, signal }) {
    const rows = await source.server.query<{
      pid: number;
      owner: string | null;
      database: string | null;
      seconds: number | null;
    }>(LONG_SQL, [longer], signal);
    if (rows.length === 0) return [passed(PLACE, `No transaction that writes is older than ${longer} s`, LONG_SQL)];
    return [
      {
        ...PLACE,
        level: 'warning',
        found: `${count(rows.length, 'transaction')} that ${rows.length === 1 ? 'writes is' : 'write are'} open for more than ${longer} s`,
        items: rows.map(
          (row) => `process ${row.pid} of ${row.owner ?? ''} in ${row.database ?? ''}: ${aged(row.seconds)}`,
        ),
        effect:
          'A replication slot is ready only when every transaction has ended that was open before: the task waits for them.',
        remedy: `Let them end, or end them: ${asAdvice(rows.map(({ pid }) => `SELECT pg_terminate_backend(${pid})`))}`,
        sql: LONG_SQL,
      },
    ];
  },
});

const prepared: Check = {
  id: 'prepared-transactions',
  step: STEP,
  title: 'Prepared transactions',
  applies: incrementally,
  async run({ source, signal }) {
    const rows = await source.server.query<{ gid: string; owner: string; database: string; seconds: number }>(
      PREPARED_SQL,
      [],
      signal,
    );
    if (rows.length === 0) return [passed(PLACE, 'No transaction is prepared', PREPARED_SQL)];
    return [
      {
        ...PLACE,
        level: 'warning',
        found: `${count(rows.length, 'transaction')} ${rows.length === 1 ? 'is' : 'are'} prepared and neither committed nor rolled back`,
        items: rows.map((row) => `${row.gid} of ${row.owner} in ${row.database}: ${aged(row.seconds)}`),
        effect: 'A replication slot is not ready before they have ended: the task waits for them.',
        remedy: `In their databases: COMMIT PREPARED '…'; or ROLLBACK PREPARED '…';`,
        sql: PREPARED_SQL,
      },
    ];
  },
};

const pglogical: Check = {
  id: 'source-pglogical',
  step: STEP,
  title: 'Replication that is there already',
  applies: incrementally,
  run: (context) =>
    forDatabases(context, async ({ plan, source }) => {
      const [row] = await source.query<{ present: boolean }>(PGLOGICAL_SQL, [], context.signal);
      const place = { side: 'source', database: plan.source } as const;
      if (row?.present !== true) return passed(place, 'pglogical is not set up', PGLOGICAL_SQL);
      return {
        ...place,
        level: 'warning',
        found: `pglogical is set up in ${plan.source}`,
        effect: 'Rows that pglogical brings are followed too, and its slots take places that the task needs.',
        remedy: 'If nobody needs it any more: SELECT pglogical.drop_node(…); otherwise go on.',
        sql: PGLOGICAL_SQL,
      };
    }),
};

const LONG_SECONDS = 60;

/** What following the changes of the source needs. */
export const INCREMENT_CHECKS: readonly Check[] = [
  connection,
  slotProbe(PROBE_SECONDS),
  staleSlots,
  longTransactions(LONG_SECONDS),
  prepared,
  pglogical,
  ...INCREMENT_TABLE_CHECKS,
];
