import type { Check, CheckContext } from './check';
import { lackingCheck } from './lacking-check';
import { COLUMN_NAME, COLUMNS, count, itemsCheck, RELATION_NAME, RELATIONS } from './object-scope';

const oids: Check = itemsCheck({
  id: 'with-oids',
  step: 'ObjectCheck',
  title: 'Tables WITH OIDS',
  applies: ({ source }) => source.major < 12,
  sql: `SELECT ${RELATION_NAME} AS item FROM ${RELATIONS} WHERE c.oid = ANY ($1::oid[]) AND c.relhasoids ORDER BY 1`,
  level: 'failed',
  none: 'No table has hidden oids',
  found: (many) => `${count(many, 'table')} with a hidden column oid`,
  effect:
    'The column does not travel: servers since 12 do not have it, and what refers to its values would refer to nothing.',
  remedy:
    'Copy the values into a column of their own where something uses them, then ALTER TABLE … SET WITHOUT OIDS on the source.',
});

/** Every type that a column is made of: elements of arrays, bases of domains, fields of composites, subtypes of ranges. */
const USED_TYPES = `WITH RECURSIVE used (item, type) AS (
SELECT ${COLUMN_NAME}, a.atttypid FROM ${COLUMNS}
UNION SELECT u.item, x.type FROM used u JOIN pg_catalog.pg_type t ON t.oid = u.type, LATERAL (
SELECT t.typelem AS type WHERE t.typelem <> 0 AND t.typcategory = 'A'
UNION ALL SELECT t.typbasetype WHERE t.typbasetype <> 0
UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
UNION ALL SELECT f.atttypid FROM pg_catalog.pg_attribute f WHERE f.attrelid = t.typrelid AND t.typtype = 'c' AND f.attnum > 0 AND NOT f.attisdropped) x)
`;
const SYSTEM_TYPES = `${USED_TYPES}SELECT DISTINCT u.item, t.typname AS name FROM used u JOIN pg_catalog.pg_type t ON t.oid = u.type
WHERE t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace AND t.typtype <> 'm' AND t.typcategory <> 'A' ORDER BY 1, 2`;
const TARGET_TYPES = `SELECT typname AS name FROM pg_catalog.pg_type WHERE typnamespace = 'pg_catalog'::pg_catalog.regnamespace
AND (typtype <> 'p' OR typname <> 'unknown')`;

const systemTypes = (o: {
  readonly id: string;
  readonly title: string;
  readonly level: 'failed' | 'warning';
  readonly applies: (context: CheckContext) => boolean;
  readonly remedy: string;
}): Check =>
  lackingCheck({
    id: o.id,
    title: o.title,
    applies: o.applies,
    side: 'source',
    used: SYSTEM_TYPES,
    scope: 'tables',
    known: TARGET_TYPES,
    level: o.level,
    none: 'The target has the types of all columns',
    found: (many) => `${count(many, 'column')} of a type that the target does not have`,
    effect: 'These tables cannot be made: they and their rows would be missing on the target.',
    remedy: () => o.remedy,
  });

const removedTypes = systemTypes({
  id: 'removed-types',
  title: 'Types that newer servers have given up',
  level: 'failed',
  applies: ({ source, target }) => target.major >= source.major,
  remedy:
    'Change the columns on the source: abstime to timestamptz, reltime to interval, tinterval to tstzrange, unknown to text.',
});
const missingTypes = systemTypes({
  id: 'downgrade-types',
  title: 'Types that older servers do not have',
  level: 'warning',
  applies: ({ source, target }) => target.major < source.major,
  remedy: 'Change the columns on the source, leave the tables out, or choose a newer target.',
});

const customTypes: Check = itemsCheck({
  id: 'custom-types',
  step: 'ObjectCheck',
  title: 'Columns of types made in the database',
  sql: `${USED_TYPES}SELECT u.item || ': ' || pg_catalog.format_type(t.oid, NULL) AS item FROM used u JOIN pg_catalog.pg_type t ON t.oid = u.type
WHERE t.oid >= 16384 AND t.typtype IN ('b', 'c', 'r') AND t.typcategory <> 'A' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e') ORDER BY 1`,
  level: 'info',
  none: 'Columns use types of the server, of extensions, enumerations and domains only',
  found: (many) => `${count(many, 'column')} of composite, range or base types made in the database`,
  effect: 'The types travel with the tables; rows go as text, whatever number the types have on the target.',
  remedy: 'Base types need their library on the target and a superuser there.',
});

const REMOVED_ROUTINES = `SELECT pg_catalog.format('function %I.%I(%s): returns opaque', n.nspname, p.proname,
pg_catalog.pg_get_function_identity_arguments(p.oid)) AS item FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid = ANY ($1::oid[]) AND pg_catalog.format_type(p.prorettype, NULL) = 'opaque'
UNION ALL SELECT pg_catalog.format('operator %I.%s: postfix', n.nspname, o.oprname) FROM pg_catalog.pg_operator o
JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE n.nspname = ANY ($2::text[]) AND o.oprright = 0 AND o.oid >= 16384
UNION ALL SELECT pg_catalog.format('aggregate %I.%I: uses %s', n.nspname, p.proname, f.proname) FROM pg_catalog.pg_aggregate g
JOIN pg_catalog.pg_proc p ON p.oid = g.aggfnoid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_proc f ON f.oid IN (g.aggtransfn, g.aggfinalfn) WHERE p.oid = ANY ($1::oid[]) AND p.oid >= 16384
AND f.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
AND f.proname IN ('array_append', 'array_cat', 'array_prepend', 'array_remove', 'array_replace', 'array_position', 'array_positions', 'width_bucket')
AND 'anyarray'::pg_catalog.regtype = ANY (f.proargtypes::oid[]) ORDER BY 1`;

const removedRoutines: Check = itemsCheck({
  id: 'removed-routines',
  step: 'ObjectCheck',
  title: 'Functions and operators of a kind that newer servers have given up',
  applies: ({ source, target }) => source.major < 14 && target.major >= 14,
  sql: REMOVED_ROUTINES,
  params: ({ functions, wholeSchemas }) => [functions, wholeSchemas],
  level: 'warning',
  none: 'No postfix operators, no functions that return opaque, no aggregates over the array functions that 14 has changed',
  found: (many) => `${count(many, 'object')} that servers since 14 refuse`,
  effect: 'They will not exist on the target, nor what uses them.',
  remedy: 'Make prefix operators, functions that return trigger, and aggregates over anycompatiblearray instead.',
});

export const TYPE_CHECKS: readonly Check[] = [oids, removedTypes, missingTypes, customTypes, removedRoutines];
