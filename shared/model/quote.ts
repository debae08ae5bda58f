/** The only place where identifiers and literals become SQL text. */

const BARE = /^[a-z_][a-z0-9_$]*$/;

/**
 * Reserved words of PostgreSQL 10 to 18 (keywords that can't be a bare column or type name), lower case.
 * Source: src/include/parser/kwlist.h, categories reserved, type_func_name and col_name, all versions joined.
 */
const KEYWORDS = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character ' +
    'check coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role ' +
    'current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists ' +
    'extract false fetch float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout int ' +
    'integer intersect interval into is isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query ' +
    'json_scalar json_serialize json_table json_value lateral leading least left like limit localtime localtimestamp merge_action ' +
    'national natural nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing ' +
    'position precision primary real references returning right row select session_user setof similar smallint some substring ' +
    'symmetric system_user table tablesample then time timestamp to trailing treat trim true union unique user using values varchar ' +
    'variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi ' +
    'xmlroot xmlserialize xmltable'
  ).split(' '),
);

/** Quotes an identifier only where the server's own quote_ident would. */
export function quoteIdent(name: string): string {
  return BARE.test(name) && !KEYWORDS.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** `schema.name`, each part quoted where needed; the schema may be empty. */
export const quoteQualified = (schema: string, name: string): string =>
  schema === '' ? quoteIdent(name) : `${quoteIdent(schema)}.${quoteIdent(name)}`;

/** A string constant that is right under either setting of standard_conforming_strings. */
export function quoteLiteral(value: string): string {
  const doubled = value.replaceAll("'", "''");
  return value.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}
