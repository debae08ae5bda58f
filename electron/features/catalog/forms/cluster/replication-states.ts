import type { FormState } from '../../../../../shared/model/form';
import type { PgSession } from '../../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../../kinds/kind';
import { labelsJson, readerOf } from '../state-pieces';
import type { StateReader } from '../state-reader';
import { connectionOptions } from './connection-options';

const TABLE = "pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)";

const publication = (
  truncate: string,
  root: string,
  generated: string,
  columns: string,
  where: string,
  schemas: string,
): string => `
SELECT p.pubname::text AS name, pg_catalog.pg_get_userbyid(p.pubowner)::text AS owner,
       coalesce(pg_catalog.obj_description(p.oid, 'pg_publication'), '') AS comment, ${labelsJson('pg_publication', 'p.oid')} AS labels,
       p.puballtables AS "allTables", p.pubinsert AS insert, p.pubupdate AS update, p.pubdelete AS delete, ${truncate} AS truncate,
       ${root} AS "viaRoot", ${generated} AS "generatedColumns", ${schemas} AS schemas,
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('id', r.prrelid::text, 'table', ${TABLE}, 'only', true,
            'columns', ${columns}, 'where', ${where}) ORDER BY n.nspname, c.relname)
          FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE r.prpubid = p.oid), '[]'::json) AS tables
  FROM pg_catalog.pg_publication p WHERE p.oid = $1`;

const NONE = "'[]'::json";
const COLUMNS = `coalesce((SELECT pg_catalog.json_agg(a.attname ORDER BY k.n)
              FROM pg_catalog.unnest(r.prattrs) WITH ORDINALITY AS k(attnum, n)
              JOIN pg_catalog.pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = k.attnum), '[]'::json)`;
const WHERE = "coalesce(pg_catalog.pg_get_expr(r.prqual, r.prrelid), '')";
const SCHEMAS = `coalesce((SELECT pg_catalog.json_agg(n.nspname ORDER BY n.nspname)
          FROM pg_catalog.pg_publication_namespace s JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid), '[]'::json)`;

/** pg_publication with what it publishes. */
export const publicationState = readerOf({
  100_000: publication('false', 'false', "'none'", NONE, "''", NONE),
  110_000: publication('p.pubtruncate', 'false', "'none'", NONE, "''", NONE),
  130_000: publication('p.pubtruncate', 'p.pubviaroot', "'none'", NONE, "''", NONE),
  150_000: publication('p.pubtruncate', 'p.pubviaroot', "'none'", COLUMNS, WHERE, SCHEMAS),
  180_000: publication(
    'p.pubtruncate',
    'p.pubviaroot',
    "CASE p.pubgencols WHEN 's' THEN 'stored' ELSE 'none' END",
    COLUMNS,
    WHERE,
    SCHEMAS,
  ),
});

/** Subscriptions belong to databases, but all of them stand in one catalog. */
const HERE = 's.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())';

/** Before 14 the oid is for superusers; the name leads to it for everybody, of those that are here. */
const OLD_OID = `(CASE WHEN ${HERE} THEN (pg_catalog.pg_get_object_address('subscription', ARRAY[s.subname::text], '{}')).objid END)`;

const subscription = (oid: string, ...more: readonly string[]): string => `
SELECT s.subname::text AS name, pg_catalog.pg_get_userbyid(s.subowner)::text AS owner,
       coalesce(pg_catalog.obj_description(${oid}, 'pg_subscription'), '') AS comment,
       ${labelsJson('pg_subscription', oid)} AS labels, pg_catalog.to_json(s.subpublications) AS publications, s.subenabled AS enabled,
       coalesce(s.subslotname::text, '') AS "slotName"${more.map((column) => `, ${column}`).join('')}
  FROM pg_catalog.pg_subscription s WHERE ${oid} = $1`;

const FROM_14 = 's.subbinary AS binary';
const FROM_15 = [`s.subtwophasestate <> 'd' AS "twoPhase"`, 's.subdisableonerr AS "disableOnError"'] as const;
const FROM_16 = [
  `CASE s.substream WHEN 't' THEN 'on' WHEN 'p' THEN 'parallel' ELSE 'off' END AS streaming`,
  's.subrunasowner AS "runAsOwner"',
  's.subpasswordrequired AS "passwordRequired"',
  's.suborigin AS origin',
] as const;
const STREAMS = "CASE WHEN s.substream THEN 'on' ELSE 'off' END AS streaming";

const SUBSCRIPTION: VersionedSql = {
  100_000: subscription(OLD_OID),
  140_000: subscription('s.oid', FROM_14, STREAMS),
  150_000: subscription('s.oid', FROM_14, STREAMS, ...FROM_15),
  160_000: subscription('s.oid', FROM_14, ...FROM_15, ...FROM_16),
  170_000: subscription('s.oid', FROM_14, ...FROM_15, ...FROM_16, 's.subfailover AS failover'),
};

/** What a dialog asks of the moment, not of the subscription. */
const MOMENT = { connect: true, createSlot: true, copyData: true, refresh: false } as const;
/** What older servers don't know. */
const USUAL = {
  streaming: 'off',
  binary: false,
  twoPhase: false,
  disableOnError: false,
  runAsOwner: false,
  passwordRequired: true,
  origin: 'any',
  failover: false,
} as const;

type Guarded = 'subconninfo' | 'subsynccommit';

/** A column of a subscription of this database that not everybody may read; null for who may not. */
async function readGuarded(
  session: PgSession,
  column: Guarded,
  name: string,
  signal: AbortSignal,
): Promise<string | null> {
  const [allowed] = await session.query<{ may: boolean }>(
    "SELECT pg_catalog.has_column_privilege('pg_catalog.pg_subscription', $1, 'SELECT') AS may",
    [column],
    signal,
  );
  if (allowed?.may !== true) return null;
  const [found] = await session.query<{ text: string }>(
    `SELECT s.${column} AS text FROM pg_catalog.pg_subscription s WHERE s.subname = $1 AND ${HERE}`,
    [name],
    signal,
  );
  return found?.text ?? null;
}

interface SubscriptionRow extends FormState {
  readonly name: string;
  readonly enabled: boolean;
  readonly twoPhase?: boolean;
  readonly failover?: boolean;
}

/** pg_subscription. Its connection may hold a password: only who may read it gets it, the others see none. */
export const subscriptionState: StateReader = async (session, object, signal) => {
  const [row] = await session.query<SubscriptionRow>(
    sqlFor(SUBSCRIPTION, session.serverVersionNum),
    [object.oid],
    signal,
  );
  if (!row) return null;
  const options = connectionOptions((await readGuarded(session, 'subconninfo', row.name, signal)) ?? '');
  const secret = (keyword: string): string => options.findLast(({ name }) => name === keyword)?.value ?? '';
  const { enabled, twoPhase = false, failover = false } = row;
  return {
    variant: '',
    state: {
      ...USUAL,
      ...row,
      ...MOMENT,
      synchronousCommit: (await readGuarded(session, 'subsynccommit', row.name, signal)) ?? '',
      connection: options.filter(({ name }) => name !== 'password' && name !== 'sslpassword'),
      password: secret('password'),
      sslPassword: secret('sslpassword'),
      asRead: { enabled, twoPhase, failover },
    },
  };
};
