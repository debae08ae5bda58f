import { statfs } from 'node:fs/promises';
import { applicationName } from '../endpoint';
import type { Check, CheckContext, CheckedSide, Found } from './check';
import { exclusiveLocks, wraparound } from './capacity-source-checks';
import { onThisMachine } from './local-side';
import { count } from './object-scope';
import { inBytes, passed } from './saying';

const STEP = 'CapacityCheck';

/** Room at the target for each byte of the source: indexes are built side by side, and the log of the load is kept for a while. */
const ROOM_FACTOR = 1.2;
/** More than this is not begun without a word about the room. */
const LARGE = 1024 ** 3;
/** Tables beyond which the lists, the locks of the dump, and the checks take minutes. */
const MANY_TABLES = 10_000;

// Of sessions of others an account without rights sees neither name nor kind.
const CONNECTIONS_SQL = `SELECT s.most - s.reserved - (SELECT count(*) FROM pg_catalog.pg_stat_activity
    WHERE datname IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
      AND application_name IS DISTINCT FROM $1)::int AS free, s.most,
  (SELECT rolconnlimit FROM pg_catalog.pg_roles WHERE rolname = current_user) AS role_limit,
  (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE usename = current_user AND application_name IS DISTINCT FROM $1)::int AS of_role
  FROM (SELECT pg_catalog.current_setting('max_connections')::int AS most, CASE WHEN $2 THEN 0
    ELSE pg_catalog.current_setting('superuser_reserved_connections')::int
      + coalesce(pg_catalog.current_setting('reserved_connections', true), '0')::int END AS reserved) s`;
const DATABASE_LIMIT_SQL = `SELECT d.datname::text AS name, d.datconnlimit - (SELECT count(*) FROM pg_catalog.pg_stat_activity a
    WHERE a.datname = d.datname AND a.application_name IS DISTINCT FROM $1)::int AS free, d.datconnlimit AS most
  FROM pg_catalog.pg_database d WHERE d.datconnlimit >= 0 AND d.datname = ANY ($2::text[])`;
const FOLDER_SQL = `SELECT pg_catalog.current_setting('data_directory', true) AS folder`;

interface Connections {
  free: number;
  most: number;
  role_limit: number;
  of_role: number;
}

/** Everything that leaves fewer connections than needed, as sentences. */
async function readShortages(name: 'source' | 'target', side: CheckedSide, context: CheckContext): Promise<string[]> {
  const needed = context.sessionsNeeded;
  const ours = applicationName(context.jobId);
  const [row] = await side.server.query<Connections>(CONNECTIONS_SQL, [ours, side.superuser], context.signal);
  const names = context.databases.map(({ plan }) => (name === 'source' ? plan.source : plan.target));
  const limits = side.superuser
    ? []
    : await side.server.query<{ name: string; free: number; most: number }>(
        DATABASE_LIMIT_SQL,
        [ours, names],
        context.signal,
      );
  return [
    ...(row && row.free < needed ? [`${Math.max(row.free, 0)} of ${row.most} connections of the server are free`] : []),
    ...(row && !side.superuser && row.role_limit >= 0 && row.role_limit - row.of_role < needed
      ? [`${Math.max(row.role_limit - row.of_role, 0)} of ${row.role_limit} connections of ${side.user} are free`]
      : []),
    ...limits
      .filter(({ free }) => free < needed)
      .map(
        ({ name: database, free, most }) =>
          `${Math.max(free, 0)} of ${most} connections to the database ${database} are free`,
      ),
  ];
}

const connections = (name: 'source' | 'target'): Check => ({
  id: `${name}-connections`,
  step: STEP,
  title: 'Free connections',
  applies: () => true,
  async run(context) {
    const shortages = await readShortages(name, context[name], context);
    const needed = context.sessionsNeeded;
    if (shortages.length === 0) {
      return [
        passed({ side: name }, `There is room for the ${count(needed, 'connection')} of the task`, CONNECTIONS_SQL),
      ];
    }
    return [
      {
        level: 'failed',
        side: name,
        database: '',
        found: `The task opens ${count(needed, 'connection')} to the ${name}, and fewer are free`,
        items: shortages,
        effect: 'Connections of the task are refused, or those of the applications, which want the same ones.',
        remedy: `Choose fewer tables and indexes at once, or raise the limit: max_connections (restart), ALTER ROLE … CONNECTION LIMIT, ALTER DATABASE … CONNECTION LIMIT.`,
        sql: CONNECTIONS_SQL,
      },
    ];
  },
});

const totalBytes = ({ databases }: CheckContext): number =>
  databases.reduce(
    (sum, { plan }) =>
      sum +
      plan.tables.reduce((bytes, table) => bytes + table.bytes, 0) +
      plan.indexes.reduce((bytes, index) => bytes + index.bytes, 0),
    0,
  );

/** Bytes that are free where the target keeps its data; null when that cannot be seen from here. */
async function readFree({ target, signal }: CheckContext): Promise<number | null> {
  if (!onThisMachine(target) || !target.superuser) return null;
  const [row] = await target.server.query<{ folder: string | null }>(FOLDER_SQL, [], signal);
  if (!row?.folder) return null;
  const disk = await statfs(row.folder).catch(() => null);
  return disk && disk.bavail * disk.bsize;
}

const disk: Check = {
  id: 'target-disk',
  step: STEP,
  title: 'Room on the disk of the target',
  applies: ({ options }) => options.type !== 'structure',
  async run(context) {
    const bytes = totalBytes(context);
    const needed = bytes * ROOM_FACTOR;
    const free = await readFree(context);
    const place = { side: 'target', database: '', sql: FOLDER_SQL } as const;
    const effect = 'The target stops when its disk is full; the task waits then, and goes on when there is room.';
    if (free !== null && free >= needed) {
      return [passed({ side: 'target' }, `${inBytes(needed)} are needed and ${inBytes(free)} are free`, FOLDER_SQL)];
    }
    if (free !== null) {
      return [
        {
          ...place,
          level: 'warning',
          found: `About ${inBytes(needed)} are needed (${inBytes(bytes)} travel), and ${inBytes(free)} are free`,
          effect,
          remedy: `Give the target at least ${inBytes(needed)} of free disk, or choose fewer tables.`,
        },
      ];
    }
    return [
      {
        ...place,
        level: bytes > LARGE ? 'warning' : 'info',
        found: `About ${inBytes(needed)} are needed (${inBytes(bytes)} travel); how much is free at the target cannot be seen from here`,
        effect,
        remedy: `See to it that the target has at least ${inBytes(needed)} of free disk.`,
      },
    ];
  },
};

const manyTables: Check = {
  id: 'many-tables',
  step: STEP,
  title: 'Number of tables',
  applies: () => true,
  async run({ databases }) {
    const found: Found[] = [];
    for (const { plan } of databases) {
      const tables = plan.tables.length;
      const place = { side: 'source', database: plan.source } as const;
      const sql = 'SELECT count(*) FROM pg_catalog.pg_class';
      if (tables <= MANY_TABLES) found.push(passed(place, `${count(tables, 'table')} travel`, sql));
      else
        found.push({
          ...place,
          level: 'warning',
          found: `${count(tables, 'table')} travel`,
          effect:
            'Reading the structure locks each of them (not against reading or writing) and may run out of max_locks_per_transaction.',
          remedy: `Divide the schemas among several tasks, or at both servers: ALTER SYSTEM SET max_locks_per_transaction = ${Math.ceil(tables / 100) + 64}; and a restart.`,
          sql,
        });
    }
    return found;
  },
};

/** Whether there is room for what the task does. */
export const CAPACITY_CHECKS: readonly Check[] = [
  connections('source'),
  connections('target'),
  disk,
  manyTables,
  wraparound,
  exclusiveLocks,
];
