import { elementOf, type Element } from '../../../../../shared/model/forms/table/element-shape';
import { unbracketed } from '../../../../../shared/model/forms/table/sql-parts';
import { quoteIdent, quoteLiteral } from '../../../../../shared/model/quote';
import { OPERATOR_CLASS, qualified } from './rows';

/** A column or an expression of an index as the catalogs have it. */
export interface ElementRow {
  readonly place: number;
  /** Null: an expression. */
  readonly column: string | null;
  readonly expression: string | null;
  /** Null: that of the column or the type. */
  readonly collation: string | null;
  /** Null: the usual one. */
  readonly opclass: string | null;
  /** The usual one's name too: options need it. */
  readonly opclassName: string;
  readonly opclassOptions: readonly string[] | null;
  /** Bit 1: descending, bit 2: nulls first. */
  readonly order: number;
  readonly statistics: number | null;
  readonly operator: string | null;
}

const ofVersion = (version: number) => ({
  keys: version >= 110000 ? 'x.indnkeyatts' : 'x.indnatts',
  options: version >= 130000 ? 'ia.attoptions' : 'NULL::text[]',
  statistics: version >= 170000 ? 'ia.attstattarget::int4' : 'nullif(ia.attstattarget, -1)::int4',
});

/** SQL expression: `ElementRow[]` as JSON of the index `x` (pg_index). `operators`: oids of an exclusion's operators, one for each element. */
export function elementsJson(version: number, operators = 'NULL::oid[]'): string {
  const { keys, options, statistics } = ofVersion(version);
  return `(SELECT pg_catalog.json_agg(pg_catalog.json_build_object('place', k.place, 'column', ta.attname,
      'expression', CASE WHEN ta.attname IS NULL THEN pg_catalog.pg_get_indexdef(x.indexrelid, k.place, false) END,
      'collation', CASE WHEN co.oid IS NOT NULL AND co.oid <> coalesce(ta.attcollation, it.typcollation) THEN ${qualified('cn.nspname', 'co.collname')} END,
      'opclass', CASE WHEN NOT oc.opcdefault THEN ${OPERATOR_CLASS} END,
      'opclassName', ${OPERATOR_CLASS}, 'opclassOptions', ${options},
      'order', x.indoption[k.place - 1]::int4, 'statistics', ${statistics},
      'operator', (SELECT CASE WHEN pn.nspname = 'pg_catalog' THEN op.oprname::text
          ELSE pg_catalog.format('%I.%s', pn.nspname, op.oprname) END
        FROM pg_catalog.pg_operator op JOIN pg_catalog.pg_namespace pn ON pn.oid = op.oprnamespace
        WHERE op.oid = (${operators})[k.place])) ORDER BY k.place)
    FROM pg_catalog.generate_series(1, ${keys}::int4) k(place)
    JOIN pg_catalog.pg_attribute ia ON ia.attrelid = x.indexrelid AND ia.attnum = k.place
    JOIN pg_catalog.pg_type it ON it.oid = ia.atttypid
    LEFT JOIN pg_catalog.pg_attribute ta ON ta.attrelid = x.indrelid AND ta.attnum = x.indkey[k.place - 1] AND ta.attnum <> 0
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = x.indcollation[k.place - 1]
    LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
    JOIN pg_catalog.pg_opclass oc ON oc.oid = x.indclass[k.place - 1] JOIN pg_catalog.pg_namespace on_ ON on_.oid = oc.opcnamespace)`;
}

/** SQL expression: names of the columns that the index `x` only carries. */
export const includedColumns = (version: number): string =>
  version < 110000
    ? 'ARRAY[]::text[]'
    : `ARRAY(SELECT ta.attname::text FROM pg_catalog.generate_series(x.indnkeyatts + 1, x.indnatts) k(place)
       JOIN pg_catalog.pg_attribute ta ON ta.attrelid = x.indrelid AND ta.attnum = x.indkey[k.place - 1] ORDER BY k.place)`;

const optionText = (option: string): string => {
  const cut = option.indexOf('=');
  return `${quoteIdent(option.slice(0, cut))}=${quoteLiteral(option.slice(cut + 1))}`;
};

/** Elements as a form holds them. What an order does by itself isn't said. */
export const elementsOf = (rows: readonly ElementRow[] | null): Element[] =>
  (rows ?? []).map((row) => {
    const descends = (row.order & 1) !== 0;
    const nullsFirst = (row.order & 2) !== 0;
    const hasOptions = row.opclassOptions !== null;
    return elementOf({
      id: String(row.place),
      column: row.column ?? '',
      expression: unbracketed(row.expression ?? ''),
      collation: row.collation ?? '',
      opclass: row.opclass ?? (hasOptions ? row.opclassName : ''),
      opclassOptions: (row.opclassOptions ?? []).map(optionText).join(', '),
      order: descends ? 'DESC' : '',
      nulls: descends === nullsFirst ? '' : nullsFirst ? 'FIRST' : 'LAST',
      operator: row.operator ?? '',
      statistics: row.column === null ? row.statistics : null,
    });
  });
