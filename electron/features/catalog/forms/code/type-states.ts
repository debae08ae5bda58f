import { always, sqlFor, type VersionedSql } from '../../kinds/kind';
import { AppError } from '../../../../../shared/errors';
import type { FormState } from '../../../../../shared/model/form';
import { labelsJson, privilegesJson, readerOf } from '../state-pieces';
import type { StateReader } from '../state-reader';
import { collationName, domainName, functionName, identity, operatorClassName, typeName } from './names';

const COMMON = `${identity('t', 'typ', 'pg_type')}, ${privilegesJson('t.typacl', "acldefault('T', t.typowner)")} AS privileges,
       ${labelsJson('pg_type', 't.oid')} AS labels`;

const COMPOSITE = always(`
SELECT ${COMMON}, coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('id', 'a' || a.attnum, 'name', a.attname,
         'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'collation', CASE WHEN a.attcollation <> at.typcollation
           THEN ${collationName('a.attcollation')} ELSE '' END,
         'comment', coalesce(pg_catalog.col_description(a.attrelid, a.attnum), '')) ORDER BY a.attnum)
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type at ON at.oid = a.atttypid
      WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '[]'::json) AS attributes
  FROM pg_catalog.pg_type t WHERE t.oid = $1`);

const ENUM = always(`
SELECT ${COMMON}, coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('id', 'v' || e.oid, 'label', e.enumlabel)
         ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid), '[]'::json) AS values,
       coalesce((SELECT pg_catalog.json_agg('v' || e.oid ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e
                  WHERE e.enumtypid = t.oid), '[]'::json) AS known
  FROM pg_catalog.pg_type t WHERE t.oid = $1`);

const range = (multirange: string): string => `
SELECT ${COMMON}, pg_catalog.format_type(r.rngsubtype, NULL) AS subtype,
       CASE WHEN (SELECT o.opcdefault FROM pg_catalog.pg_opclass o WHERE o.oid = r.rngsubopc) THEN '' ELSE ${operatorClassName('r.rngsubopc')}
       END AS "operatorClass",
       CASE WHEN r.rngcollation = s.typcollation THEN '' ELSE ${collationName('r.rngcollation')} END AS collation,
       ${functionName('r.rngcanonical')} AS canonical, ${functionName('r.rngsubdiff')} AS difference, ${multirange} AS multirange
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid JOIN pg_catalog.pg_type s ON s.oid = r.rngsubtype
 WHERE t.oid = $1`;

const RANGE: VersionedSql = {
  100000: range("''"),
  140000: range('(SELECT m.typname::text FROM pg_catalog.pg_type m WHERE m.oid = r.rngmultitypid)'),
};

const base = (subscript: string): string => `
SELECT ${COMMON}, ${functionName('t.typinput')} AS input, ${functionName('t.typoutput')} AS output,
       ${functionName('t.typreceive')} AS receive, ${functionName('t.typsend')} AS send, ${functionName('t.typmodin')} AS "modifierInput",
       ${functionName('t.typmodout')} AS "modifierOutput", ${functionName('t.typanalyze')} AS analyze, ${subscript} AS subscript,
       t.typlen::int4 AS length, t.typbyval AS "byValue",
       CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END AS alignment,
       CASE t.typstorage WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED' WHEN 'm' THEN 'MAIN' ELSE 'PLAIN' END AS storage,
       t.typcategory::text AS category, t.typispreferred AS preferred, coalesce(t.typdefault, '') AS default,
       t.typdefault IS NOT NULL AS "hasDefault", ${typeName('t.typelem')} AS element, t.typdelim::text AS delimiter,
       t.typcollation <> 0 AS collatable
  FROM pg_catalog.pg_type t WHERE t.oid = $1`;

const BASE: VersionedSql = { 100000: base("''"), 140000: base(functionName('t.typsubscript')) };

const SHELL = always(`
SELECT t.typname::text AS name, n.nspname::text AS schema, pg_catalog.pg_get_userbyid(t.typowner)::text AS owner
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = $1`);

const VARIANTS: Readonly<Record<string, readonly [variant: string, sql: VersionedSql]>> = {
  c: ['composite', COMPOSITE],
  e: ['enum', ENUM],
  r: ['range', RANGE],
  b: ['base', BASE],
  p: ['shell', SHELL],
};

const KIND = 'SELECT t.typtype::text AS kind FROM pg_catalog.pg_type t WHERE t.oid = $1';

/** Types of every variant but domains. Fails with `unsupported` for those that the server made along with another. */
export const typeState: StateReader = async (session, object, signal) => {
  const [found] = await session.query<{ kind: string }>(KIND, [object.oid], signal);
  const [variant, sql] = VARIANTS[found?.kind ?? ''] ?? [];
  if (!found) return null;
  if (variant === undefined || sql === undefined) {
    throw new AppError({
      code: 'unsupported',
      message: `${object.name} is changed with the type that it was made along with`,
    });
  }
  const [state] = await session.query<FormState>(sqlFor(sql, session.serverVersionNum), [object.oid], signal);
  return state ? { variant, state } : null;
};

/** Expression of a CHECK of a domain. */
const EXPRESSION = 'pg_catalog.pg_get_expr(c.conbin, 0)';

export const domainState = readerOf(
  always(`
SELECT ${COMMON}, pg_catalog.format_type(t.typbasetype, t.typtypmod) AS "baseType",
       CASE WHEN t.typcollation = b.typcollation THEN '' ELSE ${collationName('t.typcollation')} END AS collation,
       coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typdefault, '') AS default, t.typnotnull AS "notNull",
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('id', 'c' || c.oid, 'name', c.conname, 'expression', ${EXPRESSION},
           'notValid', NOT c.convalidated, 'comment', coalesce(pg_catalog.obj_description(c.oid, 'pg_constraint'), '')) ORDER BY c.conname)
         FROM pg_catalog.pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'), '[]'::json) AS checks
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype WHERE t.oid = $1`),
);

interface DomainConstraintRow extends FormState {
  readonly name: string;
  readonly type: string;
}

const DOMAIN_CONSTRAINT = `
SELECT c.conname::text AS name, coalesce(pg_catalog.obj_description(c.oid, 'pg_constraint'), '') AS comment,
       ${domainName('c.contypid')} AS domain, coalesce(${EXPRESSION}, '') AS expression, NOT c.convalidated AS "notValid",
       c.convalidated AS "isKnownValid", c.contype::text AS type
  FROM pg_catalog.pg_constraint c WHERE c.oid = $1 AND c.contypid <> 0`;

/** A CHECK of a domain; null for constraints of tables. Fails with `unsupported` for NOT NULL, which is a part of the domain's own form. */
export const domainCheckState: StateReader = async (session, object, signal) => {
  const [row] = await session.query<DomainConstraintRow>(DOMAIN_CONSTRAINT, [object.oid], signal);
  if (!row) return null;
  const { type, ...state } = row;
  if (type !== 'c') throw new AppError({ code: 'unsupported', message: `${row.name} is changed with its domain` });
  return { variant: 'domain-check', state };
};
