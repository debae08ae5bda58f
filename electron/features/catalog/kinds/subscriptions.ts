import { sharedSecurityLabelsGrid } from './facts';
import { always, type KindDefinition } from './kind';

/** Servers before 14 show the oid to superusers only; the name leads to it for everybody, in the database that it belongs to. */
const OID = {
  100000: `(CASE WHEN s.subdbid = (SELECT c.oid FROM pg_catalog.pg_database c WHERE c.datname = pg_catalog.current_database())
    THEN (pg_catalog.pg_get_object_address('subscription', ARRAY[s.subname::text], '{}')).objid END)`,
  140000: 's.oid',
};

const ORIGIN =
  'FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid AND d.datname = current_database()';

const list = (oid: string): string =>
  `${oid} AS oid, s.subname AS name, '' AS note, CASE WHEN s.subenabled THEN '' ELSE 'disabled' END AS mark`;

/** Facts by the first version that has their column. */
const COLUMNS: readonly (readonly [since: number, sql: string])[] = [
  [140000, 's.subsynccommit AS "synchronousCommit", s.subbinary::text AS "binary"'],
  [
    140000,
    "CASE s.substream::text WHEN 't' THEN 'on' WHEN 'p' THEN 'parallel' ELSE CASE s.substream::text WHEN 'true' THEN 'on' ELSE 'off' END END AS streaming",
  ],
  [150000, "CASE s.subtwophasestate WHEN 'd' THEN 'off' WHEN 'p' THEN 'pending' ELSE 'on' END AS \"twoPhase\""],
  [150000, 's.subdisableonerr::text AS "disableOnError", nullif(s.subskiplsn::text, \'0/0\') AS "skipLsn"'],
  [
    160000,
    's.suborigin AS origin, s.subpasswordrequired::text AS "passwordRequired", s.subrunasowner::text AS "runAsOwner"',
  ],
  [170000, 's.subfailover::text AS failover'],
];

const facts = (version: number, oid: string): string => `
SELECT s.subname AS name, (${oid})::text AS oid, pg_catalog.pg_get_userbyid(s.subowner) AS owner, s.subenabled::text AS active,
       pg_catalog.array_to_string(s.subpublications, ', ') AS publications, s.subslotname AS "slotName",
       ${COLUMNS.filter(([since]) => since <= version)
         .map(([, sql]) => `${sql},`)
         .join('\n       ')}
       pg_catalog.obj_description(${oid}, 'pg_subscription') AS comment
  ${ORIGIN} WHERE ${oid} = $1`;

/** The connection string, in either of its forms, with stars for its secrets. */
const WITHOUT_PASSWORD = String.raw`pg_catalog.regexp_replace(pg_catalog.regexp_replace(s.subconninfo,
  '((?:password|secret)\s*=\s*)(''(\\.|[^''\\])*''|\S+)', '\1********', 'g'), '^(postgres(?:ql)?://[^:/?#@]*:)[^@/?#]*@', '\1********@')`;

/** Subscriptions of the current database. */
export const subscriptions: KindDefinition = {
  folder: 'subscriptions',
  kind: 'subscription',
  scope: 'database',
  rare: true,
  select: { 100000: list(OID[100000]), 140000: list(OID[140000]) },
  from: always(`${ORIGIN} WHERE $1 OR true`),
  order: 's.subname',
  properties: {
    subscription: {
      sql: {
        100000: facts(100000, OID[100000]),
        140000: facts(140000, OID[140000]),
        150000: facts(150000, OID[140000]),
        160000: facts(160000, OID[140000]),
        170000: facts(170000, OID[140000]),
      },
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['owner', 'text'],
        ['active', 'boolean'],
        ['publications', 'text'],
        ['slotName', 'text'],
        ['synchronousCommit', 'text'],
        ['binary', 'boolean'],
        ['streaming', 'text'],
        ['twoPhase', 'text'],
        ['disableOnError', 'boolean'],
        ['origin', 'text'],
        ['passwordRequired', 'boolean'],
        ['runAsOwner', 'boolean'],
        ['failover', 'boolean'],
        ['skipLsn', 'text'],
        ['comment', 'text'],
      ],
      grids: [
        {
          key: 'tables',
          columns: ['name', 'state', 'lsn'],
          sql: always(`
SELECT r.srrelid::pg_catalog.regclass::text AS name,
       CASE r.srsubstate WHEN 'i' THEN 'initialize' WHEN 'd' THEN 'copy' WHEN 'f' THEN 'copied' WHEN 's' THEN 'synchronized' ELSE 'ready' END AS state,
       r.srsublsn::text AS lsn
  FROM pg_catalog.pg_subscription_rel r WHERE r.srsubid = $1 ORDER BY 1`),
        },
        sharedSecurityLabelsGrid('pg_subscription'),
      ],
      guarded: {
        allowed: "pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')",
        sql: always(`SELECT ${WITHOUT_PASSWORD} AS connection FROM pg_catalog.pg_subscription s WHERE s.oid = $1`),
        items: [['connection', 'code']],
      },
    },
  },
};
