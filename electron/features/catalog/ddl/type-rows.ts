import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { aclJson, type AclEntry } from './acl';
import { functionJson, type NamedRef } from './aggregate-ddl';
import { callsOwnFunctions } from './column-rows';
import { labelsJson, type Attachments } from './piece';

/** A type that a person made: `c` composite, `e` enum, `r` range, `d` domain, `b` base, `p` shell. */
export interface TypeRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'c' | 'e' | 'r' | 'd' | 'b' | 'p';
  readonly defined: boolean;
  /** pg_class of a composite type; 0 otherwise. */
  readonly relation: number;
  readonly owner: string;
  readonly acl: readonly AclEntry[] | null;
  readonly defaults: readonly AclEntry[];
  readonly comment: string | null;
  readonly labels: Attachments['labels'];
  readonly enumLabels: readonly string[];
  readonly collation: NamedRef;
  readonly domain: { readonly base: string; readonly default: string | null; readonly notNull: boolean } | null;
  readonly range: {
    readonly subtype: string;
    readonly opclass: NamedRef;
    readonly canonical: NamedRef;
    readonly diff: NamedRef;
    readonly multirange: NamedRef;
    /** Oid of the canonical function, which needs the type's shell. */
    readonly functionOids: readonly number[];
  } | null;
  readonly base: {
    readonly length: number;
    readonly byValue: boolean;
    readonly alignment: string;
    readonly storage: string;
    readonly category: string;
    readonly preferred: boolean;
    readonly default: string | null;
    readonly element: string | null;
    readonly delimiter: string;
    readonly collatable: boolean;
    readonly functions: Readonly<Record<string, NamedRef>>;
    /** Oids of its input, output and other support functions. */
    readonly functionOids: readonly number[];
  } | null;
}

const named = (from: string, alias: string, name: string, namespace: string, where: string): string =>
  `(SELECT pg_catalog.json_build_object('schema', nn.nspname, 'name', ${alias}.${name}) FROM pg_catalog.${from} ${alias}
     JOIN pg_catalog.pg_namespace nn ON nn.oid = ${alias}.${namespace} WHERE ${where})`;

const types = (multirange: string, subscript: string): string => `
SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typtype::text AS kind, t.typisdefined AS defined, t.typrelid AS relation,
       pg_catalog.pg_get_userbyid(t.typowner) AS owner, ${aclJson('t.typacl')} AS acl,
       ${aclJson("pg_catalog.acldefault('T', t.typowner)")} AS defaults,
       pg_catalog.obj_description(t.oid, 'pg_type') AS comment, ${labelsJson('pg_type', 't.oid')} AS labels,
       ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS "enumLabels",
       CASE WHEN t.typtype = 'r' THEN ${named('pg_collation', 'c', 'collname', 'collnamespace', 'c.oid = r.rngcollation AND r.rngcollation <> (SELECT s.typcollation FROM pg_catalog.pg_type s WHERE s.oid = r.rngsubtype)')}
            WHEN t.typtype = 'd' THEN ${named('pg_collation', 'c', 'collname', 'collnamespace', 'c.oid = t.typcollation AND t.typcollation <> b.typcollation')}
       END AS collation,
       CASE WHEN t.typtype = 'd' THEN pg_catalog.json_build_object('base', pg_catalog.format_type(t.typbasetype, t.typtypmod),
         'default', pg_catalog.pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_type'::pg_catalog.regclass), 'notNull', t.typnotnull) END AS domain,
       CASE WHEN t.typtype = 'r' THEN pg_catalog.json_build_object('subtype', pg_catalog.format_type(r.rngsubtype, NULL),
         'opclass', ${named('pg_opclass', 'o', 'opcname', 'opcnamespace', 'o.oid = r.rngsubopc AND NOT o.opcdefault')},
         'canonical', ${functionJson('r.rngcanonical')}, 'diff', ${functionJson('r.rngsubdiff')}, 'multirange', ${multirange},
         'functionOids', ARRAY(SELECT f.oid::int8 FROM pg_catalog.pg_proc f WHERE f.oid = r.rngcanonical AND f.oid >= 16384)) END AS range,
       CASE WHEN t.typtype = 'b' THEN pg_catalog.json_build_object('length', t.typlen, 'byValue', t.typbyval, 'alignment', t.typalign,
         'storage', t.typstorage, 'category', t.typcategory, 'preferred', t.typispreferred, 'default', t.typdefault,
         'element', CASE WHEN t.typelem <> 0 THEN pg_catalog.format_type(t.typelem, NULL) END, 'delimiter', t.typdelim,
         'collatable', t.typcollation <> 0,
         'functions', pg_catalog.json_build_object('INPUT', ${functionJson('t.typinput')}, 'OUTPUT', ${functionJson('t.typoutput')},
           'RECEIVE', ${functionJson('t.typreceive')}, 'SEND', ${functionJson('t.typsend')}, 'TYPMOD_IN', ${functionJson('t.typmodin')},
           'TYPMOD_OUT', ${functionJson('t.typmodout')}, 'ANALYZE', ${functionJson('t.typanalyze')}${subscript}),
         'functionOids', ARRAY(SELECT DISTINCT f.oid::int8 FROM pg_catalog.pg_proc f
           WHERE f.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend) AND f.oid >= 16384)) END AS base
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
 WHERE t.oid = ANY ($1::oid[]) ORDER BY 2, 3`;

const MULTIRANGE = named('pg_type', 'm', 'typname', 'typnamespace', 'm.oid = r.rngmultitypid');

const TYPES: VersionedSql = {
  100000: types('NULL::json', ''),
  140000: types(MULTIRANGE, `, 'SUBSCRIPT', ${functionJson('t.typsubscript')}`),
};

export const readTypes = (session: PgSession, oids: readonly number[], signal: AbortSignal): Promise<TypeRow[]> =>
  session.query(sqlFor(TYPES, session.serverVersionNum), [oids], signal);

export interface DomainConstraintRow {
  readonly oid: number;
  readonly type: number;
  readonly name: string;
  readonly kind: 'c' | 'n';
  /** Whether it calls functions that this database defines. */
  readonly callsFunctions: boolean;
  readonly definition: string;
  readonly validated: boolean;
  readonly comment: string | null;
}

const DOMAIN_CONSTRAINTS = `
SELECT c.oid, c.contypid AS type, ${callsOwnFunctions('pg_constraint', 'c.oid')} AS "callsFunctions", c.conname AS name, c.contype::text AS kind, pg_catalog.pg_get_constraintdef(c.oid) AS definition,
       c.convalidated AS validated, pg_catalog.obj_description(c.oid, 'pg_constraint') AS comment
  FROM pg_catalog.pg_constraint c WHERE c.contypid = ANY ($1::oid[]) AND c.contype IN ('c', 'n') ORDER BY c.contypid, c.conname`;

/** Checks of domains; from 17 on also what says NOT NULL. */
export const readDomainConstraints = (
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<DomainConstraintRow[]> => session.query(DOMAIN_CONSTRAINTS, [oids], signal);
