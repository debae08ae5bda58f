import type { ObjectRef, RelatedObject } from '../../../shared/model/catalog';
import type { PgSession } from '../../adapters/postgres/session';
import { describeObjects } from './objects/describe-objects';
import { addressKey, addressOf, CATALOG, type ObjectAddress } from './objects/object-address';

interface LinkRow extends ObjectAddress {
  readonly how: string;
}

/** Most that are told; nobody reads more. */
const MOST = 10_000;

/**
 * What counts as the object itself: parts that have no node of their own (the rule of a view, defaults, row and array types) and, for what an
 * object needs, also its constraints, triggers and policies. `$4` are the catalogs of parts.
 */
const PARTS = `
WITH RECURSIVE parts (classid, objid, sub) AS (
  SELECT $1::pg_catalog.oid, $2::pg_catalog.oid, $3::int4
  UNION SELECT d.classid, d.objid, 0 FROM parts p
    JOIN pg_catalog.pg_depend d ON d.refclassid = p.classid AND d.refobjid = p.objid AND (p.sub = 0 OR d.refobjsubid = p.sub)
   WHERE d.deptype IN ('i', 'a', 'P') AND d.objsubid = 0 AND d.classid = ANY ($4::pg_catalog.oid[])
)`;

const NEEDS = `${PARTS}
SELECT d.refclassid AS classid, d.refobjid AS objid, d.refobjsubid AS sub, min(d.deptype::text) AS how
  FROM parts p JOIN pg_catalog.pg_depend d ON d.classid = p.classid AND d.objid = p.objid AND (p.sub = 0 OR d.objsubid = p.sub)
 WHERE d.deptype <> 'p' AND NOT EXISTS (SELECT FROM parts o WHERE o.classid = d.refclassid AND o.objid = d.refobjid AND o.sub IN (0, d.refobjsubid))
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT $5`;

const NEEDED_BY = `${PARTS}
SELECT d.classid, d.objid, d.objsubid AS sub, min(d.deptype::text) AS how
  FROM parts p JOIN pg_catalog.pg_depend d ON d.refclassid = p.classid AND d.refobjid = p.objid AND (p.sub = 0 OR d.refobjsubid = p.sub)
 WHERE d.deptype <> 'p' AND NOT EXISTS (SELECT FROM parts o WHERE o.classid = d.classid AND o.objid = d.objid AND o.sub IN (0, d.objsubid))
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT $5`;

/** Roles and tablespaces that an object of this database needs; `$4` whether the object belongs to the whole server. */
const SHARED_NEEDS = `
SELECT d.refclassid AS classid, d.refobjid AS objid, 0 AS sub, d.deptype::text AS how FROM pg_catalog.pg_shdepend d
 WHERE d.classid = $1 AND d.objid = $2 AND ($3 = 0 OR d.objsubid = $3) AND d.deptype <> 'p'
   AND d.dbid = CASE WHEN $4::boolean THEN 0 ELSE (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) END
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 4`;

/** What needs a role or tablespace: things of this database and of the server by themselves, those of others by their database. */
const SHARED_NEEDED_BY = `
SELECT CASE WHEN d.dbid IN (0, here.oid) THEN d.classid ELSE ${CATALOG.pg_database} END AS classid,
       CASE WHEN d.dbid IN (0, here.oid) THEN d.objid ELSE d.dbid END AS objid,
       CASE WHEN d.dbid IN (0, here.oid) THEN d.objsubid ELSE 0 END AS sub, d.deptype::text AS how
  FROM pg_catalog.pg_shdepend d, pg_catalog.pg_database here
 WHERE here.datname = pg_catalog.current_database() AND d.refclassid = $1 AND d.refobjid = $2 AND d.deptype <> 'p'
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT $3`;

/** The relation or domain that a constraint, trigger, rule, policy, index or column stands on; not every version keeps an entry of that. */
const STANDS_ON = `
SELECT CASE WHEN k.contypid <> 0 THEN ${CATALOG.pg_type} ELSE ${CATALOG.pg_class} END AS classid,
       CASE WHEN k.contypid <> 0 THEN k.contypid ELSE k.conrelid END AS objid, 0 AS sub, 'a' AS how
  FROM pg_catalog.pg_constraint k WHERE $1::pg_catalog.oid = ${CATALOG.pg_constraint} AND k.oid = $2::pg_catalog.oid
UNION ALL SELECT ${CATALOG.pg_class}, tgrelid, 0, 'a' FROM pg_catalog.pg_trigger WHERE $1::pg_catalog.oid = ${CATALOG.pg_trigger} AND oid = $2::pg_catalog.oid
UNION ALL SELECT ${CATALOG.pg_class}, ev_class, 0, 'a' FROM pg_catalog.pg_rewrite WHERE $1::pg_catalog.oid = ${CATALOG.pg_rewrite} AND oid = $2::pg_catalog.oid
UNION ALL SELECT ${CATALOG.pg_class}, polrelid, 0, 'a' FROM pg_catalog.pg_policy WHERE $1::pg_catalog.oid = ${CATALOG.pg_policy} AND oid = $2::pg_catalog.oid
UNION ALL SELECT ${CATALOG.pg_class}, indrelid, 0, 'a' FROM pg_catalog.pg_index WHERE $1::pg_catalog.oid = ${CATALOG.pg_class} AND indexrelid = $2::pg_catalog.oid
UNION ALL SELECT ${CATALOG.pg_class}, inhparent, 0, 'a' FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition
   WHERE $1::pg_catalog.oid = ${CATALOG.pg_class} AND i.inhrelid = $2::pg_catalog.oid AND $3::int4 = 0
UNION ALL SELECT ${CATALOG.pg_class}, $2::pg_catalog.oid, 0, 'a' WHERE $1::pg_catalog.oid = ${CATALOG.pg_class} AND $3::int4 > 0`;

const WITHOUT_NODE = [CATALOG.pg_attrdef, CATALOG.pg_rewrite, CATALOG.pg_type];
const HANGING = [...WITHOUT_NODE, CATALOG.pg_constraint, CATALOG.pg_trigger, CATALOG.pg_policy];
/** Catalogs of the whole server. */
const SHARED = new Set<number>([
  CATALOG.pg_database,
  CATALOG.pg_authid,
  CATALOG.pg_tablespace,
  CATALOG.pg_subscription,
]);

async function readLinks(
  session: PgSession,
  { classid, objid, sub }: ObjectAddress,
  direction: 'needs' | 'needed-by',
  signal: AbortSignal,
): Promise<LinkRow[]> {
  const isShared = SHARED.has(classid);
  if (direction === 'needs') {
    const place = await session.query<LinkRow>(STANDS_ON, [classid, objid, sub], signal);
    const links = await session.query<LinkRow>(NEEDS, [classid, objid, sub, HANGING, MOST], signal);
    return [
      ...place,
      ...links,
      ...(await session.query<LinkRow>(SHARED_NEEDS, [classid, objid, sub, isShared], signal)),
    ];
  }
  const links = await session.query<LinkRow>(NEEDED_BY, [classid, objid, sub, WITHOUT_NODE, MOST], signal);
  if (!isShared) return links;
  return [...links, ...(await session.query<LinkRow>(SHARED_NEEDED_BY, [classid, objid, MOST], signal))];
}

/**
 * What an object needs, or what needs it, directly. Things inside the server that a person does not know by themselves (a view's rule, a row
 * type, a TOAST table) are told as what they are a part of.
 */
export async function readRelated(
  session: PgSession,
  object: ObjectRef,
  direction: 'needs' | 'needed-by',
  signal: AbortSignal,
): Promise<RelatedObject[]> {
  if (object.kind === 'replica') return [];
  const address = addressOf(object);
  const links = await readLinks(session, address, direction, signal);
  const described = await describeObjects(session, links, signal);
  const related = new Map<string, RelatedObject>();
  links.forEach((link, at) => {
    const found = described[at];
    if (!found) return;
    const { ref } = found;
    const to = ref === null ? link : addressOf(ref);
    if (to.classid === address.classid && to.objid === address.objid && (address.sub === 0 || to.sub === address.sub))
      return;
    const key = `${addressKey(to)} ${link.how}`;
    if (!related.has(key)) related.set(key, { ref, text: found.text, how: link.how });
  });
  return [...related.values()];
}
