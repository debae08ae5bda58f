import type { FormState } from '../../../../../shared/model/form';
import { DATABASE_TABLESPACE } from '../state-pieces';
import type { StateReader } from '../state-reader';
import { elementsJson, elementsOf, includedColumns, type ElementRow } from './elements';
import { extensionsOf, optionRows, qualified } from './rows';

interface IndexRow {
  readonly name: string;
  readonly comment: string | null;
  readonly table: string;
  readonly tableSchema: string;
  readonly method: string;
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly elements: readonly ElementRow[] | null;
  readonly include: readonly string[];
  readonly where: string | null;
  readonly tablespace: string | null;
  readonly databaseTablespace: string;
  readonly options: readonly string[] | null;
  readonly clustered: boolean;
  readonly replica: boolean;
  readonly extensions: readonly string[];
}

const indexSql = (version: number): string => `
SELECT i.relname AS name, pg_catalog.obj_description(i.oid, 'pg_class') AS comment, ${qualified('n.nspname', 't.relname')} AS "table",
       n.nspname AS "tableSchema", m.amname AS method, x.indisunique AS unique,
       ${version >= 150000 ? 'x.indnullsnotdistinct' : 'false'} AS "nullsNotDistinct", ${elementsJson(version)} AS elements,
       ${includedColumns(version)} AS include, pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS "where", s.spcname AS tablespace,
       ${DATABASE_TABLESPACE} AS "databaseTablespace",
       i.reloptions AS options, x.indisclustered AS clustered, x.indisreplident AS replica,
       ${extensionsOf('pg_class', 'i.oid')} AS extensions
  FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_am m ON m.oid = i.relam
  JOIN pg_catalog.pg_class t ON t.oid = x.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = i.reltablespace
 WHERE x.indexrelid = $1`;

/** State of the index dialog. */
export const readIndexState: StateReader = async (session, object, signal) => {
  const [row] = await session.query<IndexRow>(indexSql(session.serverVersionNum), [object.oid], signal);
  if (!row) return null;
  const state: FormState = {
    name: row.name,
    comment: row.comment ?? '',
    table: row.table,
    tableSchema: row.tableSchema,
    only: false,
    method: row.method,
    unique: row.unique,
    nullsNotDistinct: row.nullsNotDistinct,
    elements: elementsOf(row.elements),
    include: row.include,
    where: row.where ?? '',
    tablespace: row.tablespace ?? '',
    databaseTablespace: row.databaseTablespace,
    parameters: optionRows(row.options),
    concurrently: false,
    clustered: row.clustered,
    replica: row.replica,
    extensions: row.extensions,
  };
  return { variant: '', state };
};
