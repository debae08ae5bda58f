import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { pieceObject, attachmentStatements, joinStatements, PHASE, type Piece } from './piece';
import { readRelations } from './relation-rows';

export interface SequenceRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly type: string;
  readonly start: string;
  readonly increment: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cache: string;
  readonly cycle: boolean;
  /** `a`: OWNED BY a column, `i`: behind an identity column; null: stands alone. */
  readonly ownership: 'a' | 'i' | null;
  readonly table: {
    readonly oid: number;
    readonly schema: string;
    readonly name: string;
    readonly column: string;
  } | null;
}

const SEQUENCES = `
SELECT c.oid, n.nspname AS schema, c.relname AS name, pg_catalog.format_type(s.seqtypid, NULL) AS type, s.seqstart::text AS start,
       s.seqincrement::text AS increment, s.seqmin::text AS minimum, s.seqmax::text AS maximum, s.seqcache::text AS cache,
       s.seqcycle AS cycle, d.deptype::text AS ownership,
       CASE WHEN d.objid IS NOT NULL THEN pg_catalog.json_build_object('oid', t.oid::int8, 'schema', tn.nspname, 'name', t.relname,
         'column', a.attname) END AS "table"
  FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.objsubid = 0
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
  LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
 WHERE c.oid = ANY ($1::oid[]) ORDER BY 2, 3`;

export const readSequences = (
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<SequenceRow[]> => session.query(SEQUENCES, [oids], signal);

/** Everything that describes a sequence but its name and type. */
const sequenceOptions = (row: SequenceRow): string[] => [
  `START WITH ${row.start}`,
  `INCREMENT BY ${row.increment}`,
  `MINVALUE ${row.minimum}`,
  `MAXVALUE ${row.maximum}`,
  `CACHE ${row.cache}`,
  ...(row.cycle ? ['CYCLE'] : []),
];

const LARGEST: Readonly<Record<string, string>> = { smallint: '32767', integer: '2147483647' };
const SMALLEST: Readonly<Record<string, string>> = { smallint: '-32768', integer: '-2147483648' };

/** Only what differs from what a new sequence of the type gets by itself. */
export function unusualOptions(row: SequenceRow): string[] {
  const isRising = !row.increment.startsWith('-');
  const minimum = isRising ? '1' : (SMALLEST[row.type] ?? '-9223372036854775808');
  const maximum = isRising ? (LARGEST[row.type] ?? '9223372036854775807') : '-1';
  const start = isRising ? row.minimum : row.maximum;
  return [
    ...(row.start === start ? [] : [`START WITH ${row.start}`]),
    ...(row.increment === '1' ? [] : [`INCREMENT BY ${row.increment}`]),
    ...(row.minimum === minimum ? [] : [`MINVALUE ${row.minimum}`]),
    ...(row.maximum === maximum ? [] : [`MAXVALUE ${row.maximum}`]),
    ...(row.cache === '1' ? [] : [`CACHE ${row.cache}`]),
    ...(row.cycle ? ['CYCLE'] : []),
  ];
}

/** `CREATE SEQUENCE`, and `OWNED BY` as a piece of its own, since the column's default may need the sequence. Identity sequences are left out. */
export async function sequencePieces(
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<Piece[]> {
  if (oids.length === 0) return [];
  const relations = new Map((await readRelations(session, oids, signal)).map((row) => [row.oid, row]));
  return (await readSequences(session, oids, signal)).flatMap((row): Piece[] => {
    const relation = relations.get(row.oid);
    if (!relation || row.ownership === 'i') return [];
    const name = quoteQualified(row.schema, row.name);
    const id = `pg_class:${row.oid}`;
    const create = `CREATE ${relation.persistence === 'u' ? 'UNLOGGED ' : ''}SEQUENCE ${name}\n    AS ${row.type}\n    ${sequenceOptions(row).join('\n    ')};`;
    const pieces: Piece[] = [
      {
        id,
        object: pieceObject('sequence', row.schema, row.name),
        phase: PHASE.sequence,
        name,
        sql: joinStatements(create, attachmentStatements(`SEQUENCE ${name}`, { ...relation, acl: relation })),
        needs: [],
      },
    ];
    if (row.table) {
      const { oid, schema, name: table, column } = row.table;
      pieces.push({
        id: `owned:${row.oid}`,
        object: pieceObject('sequence', row.schema, row.name),
        phase: PHASE.ownedBy,
        name,
        sql: `ALTER SEQUENCE ${name} OWNED BY ${quoteQualified(schema, table)}.${quoteIdent(column)};`,
        needs: [id, `pg_class:${oid}`],
      });
    }
    return pieces;
  });
}
