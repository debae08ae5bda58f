import { AppError } from '../../../../shared/errors';
import type { ObjectKind, ObjectRef } from '../../../../shared/model/catalog';

/** How the dependency catalogs name a thing: catalog, row, and for columns the attribute number. */
export interface ObjectAddress {
  readonly classid: number;
  readonly objid: number;
  readonly sub: number;
}

/** Oids of the system catalogs; the same in every version. Source: src/include/catalog/*.h. */
export const CATALOG = {
  pg_default_acl: 826,
  pg_tablespace: 1213,
  pg_type: 1247,
  pg_proc: 1255,
  pg_class: 1259,
  pg_authid: 1260,
  pg_database: 1262,
  pg_foreign_server: 1417,
  pg_user_mapping: 1418,
  pg_foreign_data_wrapper: 2328,
  pg_am: 2601,
  pg_amop: 2602,
  pg_amproc: 2603,
  pg_attrdef: 2604,
  pg_cast: 2605,
  pg_constraint: 2606,
  pg_conversion: 2607,
  pg_language: 2612,
  pg_namespace: 2615,
  pg_opclass: 2616,
  pg_operator: 2617,
  pg_rewrite: 2618,
  pg_trigger: 2620,
  pg_opfamily: 2753,
  pg_extension: 3079,
  pg_policy: 3256,
  pg_statistic_ext: 3381,
  pg_collation: 3456,
  pg_event_trigger: 3466,
  pg_transform: 3576,
  pg_ts_dict: 3600,
  pg_ts_parser: 3601,
  pg_ts_config: 3602,
  pg_ts_template: 3764,
  pg_subscription: 6100,
  pg_publication: 6104,
  pg_publication_rel: 6106,
  pg_publication_namespace: 6237,
} as const;

const CATALOG_OF: Readonly<Record<ObjectKind, number | null>> = {
  database: CATALOG.pg_database,
  role: CATALOG.pg_authid,
  tablespace: CATALOG.pg_tablespace,
  replica: null,
  schema: CATALOG.pg_namespace,
  table: CATALOG.pg_class,
  'foreign-table': CATALOG.pg_class,
  view: CATALOG.pg_class,
  'materialized-view': CATALOG.pg_class,
  sequence: CATALOG.pg_class,
  function: CATALOG.pg_proc,
  procedure: CATALOG.pg_proc,
  aggregate: CATALOG.pg_proc,
  'trigger-function': CATALOG.pg_proc,
  type: CATALOG.pg_type,
  domain: CATALOG.pg_type,
  collation: CATALOG.pg_collation,
  conversion: CATALOG.pg_conversion,
  operator: CATALOG.pg_operator,
  'operator-class': CATALOG.pg_opclass,
  'operator-family': CATALOG.pg_opfamily,
  'text-search-configuration': CATALOG.pg_ts_config,
  'text-search-dictionary': CATALOG.pg_ts_dict,
  'text-search-parser': CATALOG.pg_ts_parser,
  'text-search-template': CATALOG.pg_ts_template,
  'statistics-object': CATALOG.pg_statistic_ext,
  extension: CATALOG.pg_extension,
  cast: CATALOG.pg_cast,
  transform: CATALOG.pg_transform,
  'access-method': CATALOG.pg_am,
  'event-trigger': CATALOG.pg_event_trigger,
  'foreign-data-wrapper': CATALOG.pg_foreign_data_wrapper,
  'foreign-server': CATALOG.pg_foreign_server,
  'user-mapping': CATALOG.pg_user_mapping,
  language: CATALOG.pg_language,
  publication: CATALOG.pg_publication,
  subscription: CATALOG.pg_subscription,
  column: CATALOG.pg_class,
  constraint: CATALOG.pg_constraint,
  index: CATALOG.pg_class,
  trigger: CATALOG.pg_trigger,
  rule: CATALOG.pg_rewrite,
  policy: CATALOG.pg_policy,
};

/** Where an object of the tree stands in the catalogs. Fails with `unsupported` for what has no row of its own. */
export function addressOf(object: ObjectRef): ObjectAddress {
  const classid = CATALOG_OF[object.kind];
  if (classid === null) {
    throw new AppError({ code: 'unsupported', message: `Nothing in the catalogs depends on a ${object.kind}` });
  }
  return { classid, objid: object.oid, sub: object.sub };
}

export const addressKey = ({ classid, objid, sub }: ObjectAddress): string => `${classid}.${objid}.${sub}`;

/** The addresses as three arrays, for `unnest`. */
export const addressParams = (addresses: readonly ObjectAddress[]): readonly [number[], number[], number[]] => [
  addresses.map((each) => each.classid),
  addresses.map((each) => each.objid),
  addresses.map((each) => each.sub),
];
