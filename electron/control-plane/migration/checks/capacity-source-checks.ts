import type { Check, CheckContext, CheckedDatabase, Found } from './check';
import { count, forDatabases, RELATION_NAME, RELATIONS } from './object-scope';
import { passed } from './saying';

const STEP = 'CapacityCheck';

/** Transactions, or row locks by several, after which a snapshot of hours is a risk: servers refuse to write at about 2.1 billion. */
const OLD = 1_200_000_000;

const AGE_SQL = `SELECT pg_catalog.age(datfrozenxid) AS xids, pg_catalog.mxid_age(datminmxid) AS multis
  FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()`;
const LOCKS_SQL = `SELECT ${RELATION_NAME} AS name, l.pid, l.granted FROM ${RELATIONS} JOIN pg_catalog.pg_locks l ON l.relation = c.oid
  WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND c.oid = ANY ($1::oid[])
    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  ORDER BY 1, 2`;

async function lookAtAge({ signal }: CheckContext, { plan, source }: CheckedDatabase): Promise<Found> {
  const place = { side: 'source', database: plan.source } as const;
  const [row] = await source.query<{ xids: number; multis: number }>(AGE_SQL, [], signal);
  const { xids, multis } = row ?? { xids: 0, multis: 0 };
  const found = `The oldest transaction that is not frozen is ${count(xids, 'transaction')} old, the oldest multixact ${multis.toLocaleString('en-US')}`;
  if (Math.max(xids, multis) <= OLD) return passed(place, found, AGE_SQL);
  return {
    ...place,
    level: 'warning',
    found,
    effect:
      'While the copy holds its snapshot the source cannot freeze newer rows; a long copy may bring it to where it refuses to write.',
    remedy: `Run VACUUM (FREEZE); in ${plan.source} of the source first.`,
    sql: AGE_SQL,
  };
}

export const wraparound: Check = {
  id: 'wraparound',
  step: STEP,
  title: 'Age of the oldest rows',
  applies: ({ options }) => options.type !== 'structure',
  run: (context) => forDatabases(context, (database) => lookAtAge(context, database)),
};

async function lookAtLocks({ signal }: CheckContext, { plan, source }: CheckedDatabase): Promise<Found> {
  const place = { side: 'source', database: plan.source } as const;
  const oids = plan.tables.map(({ oid }) => oid);
  const rows = await source.query<{ name: string; pid: number; granted: boolean }>(LOCKS_SQL, [oids], signal);
  if (rows.length === 0) return passed(place, 'No table is locked against reading', LOCKS_SQL);
  const tables = new Set(rows.map(({ name }) => name)).size;
  return {
    ...place,
    level: 'warning',
    found: `${count(tables, 'table')} ${tables === 1 ? 'is' : 'are'} locked against reading, or about to be`,
    items: rows.map(({ name, pid, granted }) => `${name}: process ${pid}${granted ? '' : ' waits'}`),
    effect:
      'The task waits for these locks. Changes of the structure while it runs wait for the copy, and everyone else behind them.',
    remedy: `Let what holds the locks end (ALTER TABLE, VACUUM FULL, CLUSTER, TRUNCATE), and change no structure until the copy is over; SELECT pg_terminate_backend(…); ends a process.`,
    sql: LOCKS_SQL,
  };
}

export const exclusiveLocks: Check = {
  id: 'exclusive-locks',
  step: STEP,
  title: 'Tables locked against reading',
  applies: () => true,
  run: (context) => forDatabases(context, (database) => lookAtLocks(context, database)),
};
