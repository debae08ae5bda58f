import type { ObjectRef } from '../../../../shared/model/catalog';
import type { FormState } from '../../../../shared/model/form';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import type { StateReader } from './state-reader';

/*
 * Pieces of SQL that readers of form states share. What they take is the query's own text (a column), never a value.
 */

/**
 * JSON of `PrivilegeRow[]`. `defaults`: what an ACL that is null stands for, e.g. `acldefault('r', c.relowner)`; without it a null ACL is no
 * rows.
 */
export const privilegesJson = (acl: string, defaults?: string): string => `
coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('grantee', held.grantee, 'privileges', held.privileges,
     'grantable', held.grantable) ORDER BY held.grantee)
   FROM (SELECT CASE WHEN x.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(x.grantee)::text END AS grantee,
                pg_catalog.json_agg(DISTINCT x.privilege_type) AS privileges,
                coalesce(pg_catalog.json_agg(DISTINCT x.privilege_type) FILTER (WHERE x.is_grantable), '[]'::json) AS grantable
           FROM pg_catalog.aclexplode(${defaults === undefined ? acl : `coalesce(${acl}, pg_catalog.${defaults})`}) x
          GROUP BY 1) held), '[]'::json)`;

/** JSON of `LabelRow[]`. `catalog` is the catalog that holds the object, e.g. `pg_class`. */
export const labelsJson = (catalog: string, oid: string, sub = '0'): string => `
coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('provider', l.provider, 'label', l.label) ORDER BY l.provider)
   FROM pg_catalog.pg_seclabels l
  WHERE l.objoid = ${oid} AND l.classoid = 'pg_catalog.${catalog}'::regclass AND l.objsubid = ${sub}), '[]'::json)`;

/** JSON of `OptionRow[]` from `name=value` texts (reloptions, proconfig, fdwoptions); `prefix` goes before each name. */
export const optionsJson = (options: string, prefix = ''): string => `
coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', '${prefix}' || pg_catalog.split_part(o, '=', 1),
     'value', pg_catalog.substr(o, pg_catalog.strpos(o, '=') + 1)) ORDER BY n)
   FROM pg_catalog.unnest(${options}) WITH ORDINALITY AS u(o, n)), '[]'::json)`;

/** Name of the tablespace of the session's database: where things are for which none was chosen. */
export const DATABASE_TABLESPACE = `(SELECT s.spcname::text FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace s
  ON s.oid = d.dattablespace WHERE d.datname = pg_catalog.current_database())`;

/**
 * A reader whose query gives one row with a column for each field of the state; `$1` is the oid, and with `sub` `$2` the attribute number.
 * `variant` tells which of the kind's forms it is.
 */
export const readerOf =
  (
    sql: VersionedSql,
    how: { readonly sub?: boolean; readonly variant?: (state: FormState) => string } = {},
  ): StateReader =>
  async (session: PgSession, object: ObjectRef, signal: AbortSignal) => {
    const params = how.sub === true ? [object.oid, object.sub] : [object.oid];
    const [state] = await session.query<FormState>(sqlFor(sql, session.serverVersionNum), params, signal);
    return state ? { variant: how.variant?.(state) ?? '', state } : null;
  };
