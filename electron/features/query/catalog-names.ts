import type { RawSession } from '../../adapters/postgres/raw-session';
import type { WireColumn } from '../../adapters/postgres/wire-messages';
import { decodeRow, rowSize } from '../../adapters/postgres/wire-rows';
import { quoteQualified } from '../../../shared/model/quote';
import type { Row } from '../../../shared/model/query';

/** Types whose numbers never change (src/include/catalog/pg_type.dat), so that most results need no question. */
const BUILT_IN: readonly (readonly [number, string])[] = [
  [16, 'boolean'],
  [17, 'bytea'],
  [18, '"char"'],
  [19, 'name'],
  [20, 'bigint'],
  [21, 'smallint'],
  [23, 'integer'],
  [25, 'text'],
  [26, 'oid'],
  [114, 'json'],
  [142, 'xml'],
  [700, 'real'],
  [701, 'double precision'],
  [869, 'inet'],
  [1007, 'integer[]'],
  [1009, 'text[]'],
  [1042, 'character'],
  [1043, 'character varying'],
  [1082, 'date'],
  [1083, 'time without time zone'],
  [1114, 'timestamp without time zone'],
  [1184, 'timestamp with time zone'],
  [1186, 'interval'],
  [1700, 'numeric'],
  [2205, 'regclass'],
  [2278, 'void'],
  [2950, 'uuid'],
  [3802, 'jsonb'],
];

const key = (oid: number, modifier: number): string => `${oid}:${modifier}`;

/** Names of types and tables by their numbers, for one session's results. What is not known yet is asked after a run. */
export class CatalogNames {
  private readonly types = new Map(BUILT_IN.map(([oid, name]) => [key(oid, -1), name]));
  private readonly tables = new Map<number, string | null>();

  /** e.g. `numeric(10,2)`; without the modifier, or the number, until it was asked for. */
  type(oid: number, modifier: number): string {
    return this.types.get(key(oid, modifier)) ?? this.types.get(key(oid, -1)) ?? `oid ${oid}`;
  }

  /** The table that all columns come from, quoted; null when there is no such one or it is not known. */
  table(columns: readonly WireColumn[]): string | null {
    const oid = columns[0]?.tableOid ?? 0;
    return columns.every((column) => column.tableOid === oid) ? (this.tables.get(oid) ?? null) : null;
  }

  /** Whether `learn` would ask something. */
  lacks(columns: readonly WireColumn[]): boolean {
    return this.missingTypes(columns).size > 0 || this.missingTables(columns).size > 0;
  }

  /** Asks the server for the names that are missing. The session must be idle. */
  async learn(session: RawSession, columns: readonly WireColumn[]): Promise<void> {
    const types = [...this.missingTypes(columns).values()];
    if (types.length > 0) {
      const values = types.map((each) => `('${each.typeOid}'::pg_catalog.oid, ${each.typeModifier})`).join(', ');
      const rows = await smallQuery(
        session,
        `SELECT t, m, pg_catalog.format_type(t, m) FROM (VALUES ${values}) AS v(t, m)`,
      );
      for (const [oid, modifier, name] of rows) this.types.set(key(Number(oid), Number(modifier)), name ?? '');
    }
    const tables = [...this.missingTables(columns)];
    if (tables.length > 0) {
      const list = tables.map((oid) => `'${oid}'::pg_catalog.oid`).join(', ');
      const rows = await smallQuery(
        session,
        'SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ' +
          `WHERE c.oid IN (${list})`,
      );
      for (const oid of tables) this.tables.set(oid, null);
      for (const [oid, schema, name] of rows) this.tables.set(Number(oid), quoteQualified(schema ?? '', name ?? ''));
    }
  }

  private missingTypes(columns: readonly WireColumn[]): Map<string, WireColumn> {
    const missing = columns.filter((column) => !this.types.has(key(column.typeOid, column.typeModifier)));
    return new Map(missing.map((column) => [key(column.typeOid, column.typeModifier), column]));
  }

  private missingTables(columns: readonly WireColumn[]): Set<number> {
    return new Set(columns.map((column) => column.tableOid).filter((oid) => oid !== 0 && !this.tables.has(oid)));
  }
}

/** Rows of a small query of our own; none when the server refuses it. */
async function smallQuery(session: RawSession, sql: string): Promise<Row[]> {
  const rows: Row[] = [];
  await session.query(sql, {
    columns: () => undefined,
    rows(chunk, start, end) {
      for (let at = start; at < end; at += rowSize(chunk, at)) {
        rows.push(decodeRow(chunk, at, Number.MAX_SAFE_INTEGER));
      }
    },
    complete: () => undefined,
    error: () => undefined,
  });
  return rows;
}
