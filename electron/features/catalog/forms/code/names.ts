/*
 * SQL expressions for names as SQL writes them, empty for none. What they take is the query's own text, never a value.
 */

const qualified = (catalog: string, name: string, namespace: string) => (oid: string) =>
  `
coalesce((SELECT pg_catalog.quote_ident(qn.nspname) || '.' || pg_catalog.quote_ident(q.${name}) FROM pg_catalog.${catalog} q
   JOIN pg_catalog.pg_namespace qn ON qn.oid = q.${namespace} WHERE q.oid = ${oid}), '')`;

/** `sales.total`, without arguments. */
export const functionName = qualified('pg_proc', 'proname', 'pronamespace');
export const collationName = qualified('pg_collation', 'collname', 'collnamespace');
export const operatorClassName = qualified('pg_opclass', 'opcname', 'opcnamespace');
export const relationName = qualified('pg_class', 'relname', 'relnamespace');
export const domainName = qualified('pg_type', 'typname', 'typnamespace');
export const parserName = qualified('pg_ts_parser', 'prsname', 'prsnamespace');
export const templateName = qualified('pg_ts_template', 'tmplname', 'tmplnamespace');
export const dictionaryName = qualified('pg_ts_dict', 'dictname', 'dictnamespace');

/** `sales.===`: the symbol is never quoted. */
export const operatorName = (oid: string): string => `
coalesce((SELECT pg_catalog.quote_ident(qn.nspname) || '.' || q.oprname FROM pg_catalog.pg_operator q
   JOIN pg_catalog.pg_namespace qn ON qn.oid = q.oprnamespace WHERE q.oid = ${oid}), '')`;

/** `sales.total(integer)`. */
export const functionCall = (oid: string): string =>
  `CASE WHEN ${oid} = 0 THEN '' ELSE ${oid}::pg_catalog.oid::pg_catalog.regprocedure::text END`;

/** A type without its modifiers. */
export const typeName = (oid: string): string =>
  `CASE WHEN ${oid} = 0 THEN '' ELSE pg_catalog.format_type(${oid}, NULL) END`;

/** Name, schema, owner and comment of a thing in a schema; `alias` is its row. */
export const identity = (alias: string, prefix: string, catalog: string): string => `
${alias}.${prefix}name::text AS name,
(SELECT n.nspname::text FROM pg_catalog.pg_namespace n WHERE n.oid = ${alias}.${prefix}namespace) AS schema,
${owned(alias, prefix, catalog)}`;

/** Owner and comment. */
export const owned = (alias: string, prefix: string, catalog: string): string => `
pg_catalog.pg_get_userbyid(${alias}.${prefix}owner)::text AS owner, ${commented(alias, catalog)}`;

export const commented = (alias: string, catalog: string): string =>
  `coalesce(pg_catalog.obj_description(${alias}.oid, '${catalog}'), '') AS comment`;
