import {
  collationsWhere,
  columnsWhere,
  constraintsWhere,
  indexesWhere,
  relations,
  schemas,
  tablesWhere,
  type ServerFeature,
} from './downgrade-feature';
import { COLUMN_NAME, RELATION_NAME, RELATIONS } from './object-scope';

const LEAVE = 'Leave them out of the selection, replace them on the source, or choose a newer target.';
const REPLACE = 'Replace them on the source, make a substitute on the target afterwards, or choose a newer target.';

/** Oldest first. Source: the release notes of 15 to 18. */
export const FEATURES_FROM_15: readonly ServerFeature[] = [
  {
    id: 'nulls-not-distinct',
    since: 15,
    name: 'unique indexes with NULLS NOT DISTINCT',
    sql: indexesWhere('i.indnullsnotdistinct'),
    effect: 'These indexes and keys will not exist on the target: it takes rows that they would refuse.',
    remedy: 'Make a unique index over coalesce(…) on the target afterwards, or choose a target of 15 or newer.',
  },
  {
    id: 'security-invoker',
    since: 15,
    name: 'views with security_invoker',
    sql: tablesWhere("pg_catalog.array_to_string(c.reloptions, ',') ~ 'security_invoker=(true|on|1)'"),
    params: relations,
    effect:
      'The target refuses the option, so these views will not exist there; without it they would read their tables as their owner and might show more than they should.',
    remedy: 'Write them anew for the target with its row security in mind, or choose a target of 15 or newer.',
  },
  {
    id: 'set-null-columns',
    since: 15,
    name: 'foreign keys that set some columns to null or default on delete',
    sql: constraintsWhere("k.contype = 'f' AND k.confdelsetcols IS NOT NULL"),
    effect: 'These foreign keys will not exist on the target: it takes rows that refer to nothing.',
    remedy: REPLACE,
  },
  {
    id: 'numeric-scale',
    since: 15,
    name: 'numeric columns whose scale is negative or larger than the precision',
    sql: columnsWhere(
      `a.atttypid = 'pg_catalog.numeric'::pg_catalog.regtype AND a.atttypmod > 4
AND ((((a.atttypmod - 4) & 2047) # 1024) - 1024 < 0 OR (((a.atttypmod - 4) & 2047) # 1024) - 1024 > (((a.atttypmod - 4) >> 16) & 65535))`,
    ),
    effect: 'The tables cannot be made: they and their rows are missing on the target.',
    remedy: 'Make the columns numeric without a scale on the source, or choose a target of 15 or newer.',
  },
  {
    id: 'collation-rules',
    since: 16,
    name: 'collations with rules of their own',
    sql: collationsWhere('l.collicurules IS NOT NULL'),
    params: schemas,
    effect: 'These collations will not exist on the target, nor the tables that use them.',
    remedy: LEAVE,
  },
  {
    id: 'builtin-collations',
    since: 17,
    name: 'collations of the builtin provider',
    sql: `SELECT DISTINCT item FROM (SELECT pg_catalog.format('%I.%I', n.nspname, l.collname) AS item FROM pg_catalog.pg_collation l
JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace WHERE n.nspname = ANY ($1::text[]) AND l.collprovider = 'b'
UNION ALL SELECT ${COLUMN_NAME} FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
WHERE c.oid = ANY ($2::oid[]) AND a.attnum > 0 AND NOT a.attisdropped AND l.collprovider = 'b' AND l.collname <> 'ucs_basic') k ORDER BY 1`,
    params: (scope) => [scope.schemas, scope.tables],
    effect: 'What uses these collations cannot be made on the target.',
    remedy: 'Use COLLATE "C" or an ICU collation on the source, or choose a target of 17 or newer.',
  },
  {
    id: 'maintain-privilege',
    since: 17,
    name: 'objects on which MAINTAIN is granted to somebody but the owner',
    sql: `SELECT DISTINCT ${RELATION_NAME} AS item FROM ${RELATIONS}, pg_catalog.aclexplode(c.relacl) x
WHERE c.oid = ANY ($1::oid[]) AND x.privilege_type = 'MAINTAIN' AND x.grantee <> c.relowner ORDER BY 1`,
    params: relations,
    effect: 'The target does not know the privilege: the roles cannot vacuum, analyze or refresh these objects there.',
    remedy: 'Nothing has to be done when the owners do that work.',
  },
  {
    id: 'exclusion-partitioned',
    since: 17,
    name: 'exclusion constraints of partitioned tables',
    sql: constraintsWhere("k.contype = 'x' AND c.relkind = 'p'"),
    effect: 'These constraints will not exist on the target: it takes rows that they would refuse.',
    remedy: 'Make them on each partition of the target afterwards.',
  },
  {
    id: 'partitioned-identity',
    since: 17,
    name: 'identity columns of partitions',
    sql: columnsWhere("a.attidentity <> '' AND c.relispartition"),
    effect:
      'On the target only the partitioned table gives values; rows that are inserted into a partition directly get none.',
    remedy: 'Insert through the partitioned table, or choose a target of 17 or newer.',
  },
  {
    id: 'virtual-columns',
    since: 18,
    name: 'virtual generated columns',
    sql: columnsWhere("a.attgenerated = 'v'"),
    effect:
      'The target stores their values (12 or newer): the tables take more room, and a changed expression of the source is not followed.',
    remedy: 'Replace them by a view when the room matters, or choose a target of 18 or newer.',
  },
  {
    id: 'not-null-constraints',
    since: 18,
    name: 'NOT NULL constraints that are not inherited or not valid',
    sql: constraintsWhere("k.contype = 'n' AND (k.connoinherit OR NOT k.convalidated)"),
    effect:
      'Those with NO INHERIT hold for the tables that inherit as well; those that are not valid will not exist on the target.',
    remedy: 'Validate the constraints on the source first; look at these columns afterwards.',
  },
  {
    id: 'not-enforced',
    since: 18,
    name: 'constraints that are not enforced',
    sql: constraintsWhere('NOT k.conenforced'),
    effect: 'The target would enforce them: their statements fail, and these constraints will not exist there.',
    remedy: 'Nothing has to be done: they refuse no row on the source either.',
  },
  {
    id: 'temporal-keys',
    since: 18,
    name: 'keys WITHOUT OVERLAPS and foreign keys with PERIOD',
    sql: constraintsWhere('k.conperiod'),
    effect: 'These keys will not exist on the target: it takes rows that they would refuse.',
    remedy:
      'Make an exclusion constraint (EXCLUDE USING gist) on the target afterwards, or choose a target of 18 or newer.',
  },
  {
    id: 'not-valid-partitioned',
    since: 18,
    name: 'foreign keys of partitioned tables that are not valid',
    sql: constraintsWhere("k.contype = 'f' AND NOT k.convalidated AND c.relkind = 'p'"),
    effect: 'These foreign keys will not exist on the target: it takes rows that refer to nothing.',
    remedy: 'Repair the rows and validate the keys on the source first.',
  },
];
