import { AppError } from '../../../../shared/errors';
import type { ObjectRef } from '../../../../shared/model/catalog';
import type { PgSession } from '../../../adapters/postgres/session';
import { gone } from '../catalog-reader';
import { constructorPieces, functionPieces } from './function-ddl';
import type { Piece } from './piece';
import { extensionPieces, schemaPieces } from './schema-ddl';
import { sequencePieces } from './sequence-ddl';
import { tablePieces } from './table-ddl';
import { shellId, typePieces } from './type-ddl';
import { readTypes } from './type-rows';
import { viewPieces } from './view-ddl';

/**
 * The statements that make one object anew with all that is part of it, ready to run where everything it depends on exists. Fails with
 * `not-found` when it is gone and `unsupported` for kinds that have none.
 */
export async function objectDdl(session: PgSession, object: ObjectRef, signal: AbortSignal): Promise<string> {
  const pieces = await piecesOf(session, object, signal);
  if (pieces.length === 0) throw gone(object);
  return `${inPhaseOrder(pieces)
    .map((piece) => piece.sql)
    .join('\n\n')}\n`;
}

/** Phase, then the order in which they were made. */
const inPhaseOrder = (pieces: readonly Piece[]): Piece[] => pieces.toSorted((left, right) => left.phase - right.phase);

async function piecesOf(session: PgSession, object: ObjectRef, signal: AbortSignal): Promise<Piece[]> {
  const { kind, oid } = object;
  switch (kind) {
    case 'schema':
      return schemaPieces(session, [oid], signal);
    case 'extension':
      return extensionPieces(session, [oid], signal);
    case 'table':
    case 'foreign-table':
      return [
        ...(await sequencePieces(session, await ownedSequences(session, oid, signal), signal)),
        ...(await tablePieces(session, [oid], false, signal)),
      ];
    case 'view':
    case 'materialized-view':
      return viewPieces(session, [oid], false, signal);
    case 'sequence':
      return sequenceDdl(session, object, signal);
    case 'function':
    case 'procedure':
    case 'aggregate':
    case 'trigger-function':
      return functionDdl(session, oid, signal);
    case 'type':
    case 'domain':
      return typeDdl(session, oid, signal);
    case 'constraint':
    case 'index':
    case 'trigger':
      return partOfTable(session, object, signal);
    default:
      throw new AppError({ code: 'unsupported', message: `There are no statements for a ${kind}` });
  }
}

/** Sequences that a table's columns own by OWNED BY. */
async function ownedSequences(session: PgSession, table: number, signal: AbortSignal): Promise<number[]> {
  const rows = await session.query<{ oid: number }>(
    `SELECT d.objid AS oid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = d.classid AND d.refobjid = $1 AND d.refobjsubid > 0
        AND d.deptype = 'a' ORDER BY c.relname`,
    [table],
    signal,
  );
  return rows.map((row) => row.oid);
}

/** The sequence of an identity column is made by its table. */
async function sequenceDdl(session: PgSession, object: ObjectRef, signal: AbortSignal): Promise<Piece[]> {
  const pieces = await sequencePieces(session, [object.oid], signal);
  if (pieces.length > 0) return pieces;
  const [owner] = await session.query<{ oid: number }>(
    `SELECT d.refobjid AS oid FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = $1 AND d.refclassid = d.classid AND d.deptype = 'i'`,
    [object.oid],
    signal,
  );
  return owner ? tablePieces(session, [owner.oid], false, signal) : [];
}

/** The constructors of a range come with their type. */
async function functionDdl(session: PgSession, oid: number, signal: AbortSignal): Promise<Piece[]> {
  const [owner] = await session.query<{ oid: number }>(
    `SELECT coalesce((SELECT r.rngtypid FROM pg_catalog.pg_depend m JOIN pg_catalog.pg_range r ON r.rngtypid = m.refobjid
         WHERE m.classid = d.refclassid AND m.objid = d.refobjid AND m.deptype = 'i' AND m.refclassid = d.refclassid), d.refobjid) AS oid
       FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = $1
        AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.deptype = 'i'`,
    [oid],
    signal,
  );
  return owner ? typeDdl(session, owner.oid, signal) : functionPieces(session, [oid], signal);
}

/** Constructors of a range and of its multirange. */
const CONSTRUCTORS = `
SELECT d.objid AS oid FROM pg_catalog.pg_depend d
 WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.deptype = 'i'
   AND (d.refobjid = $1 OR d.refobjid IN (SELECT m.objid FROM pg_catalog.pg_depend m WHERE m.classid = d.refclassid
     AND m.refclassid = d.refclassid AND m.refobjid = $1 AND m.deptype = 'i'))`;

/** A base type comes with its input, output and other support functions, which need its shell; a range with its constructors' privileges. */
async function typeDdl(session: PgSession, oid: number, signal: AbortSignal): Promise<Piece[]> {
  const pieces = await typePieces(session, [oid], signal);
  const [row] = await readTypes(session, [oid], signal);
  const functions = await functionPieces(session, row?.base?.functionOids ?? [], signal);
  const constructors = await session.query<{ oid: number }>(CONSTRUCTORS, [oid], signal);
  const shell = pieces.filter((piece) => piece.id === shellId(oid));
  return [
    ...shell,
    ...functions.map((piece) => ({ ...piece, phase: shell[0]?.phase ?? piece.phase })),
    ...pieces.filter((piece) => piece.id !== shellId(oid)),
    ...(await constructorPieces(
      session,
      constructors.map((each) => each.oid),
      signal,
    )),
  ];
}

const PART_OF: Readonly<Record<'constraint' | 'index' | 'trigger', string>> = {
  constraint: 'SELECT c.conrelid AS relation FROM pg_catalog.pg_constraint c WHERE c.oid = $1',
  index: 'SELECT x.indrelid AS relation FROM pg_catalog.pg_index x WHERE x.indexrelid = $1',
  trigger: 'SELECT t.tgrelid AS relation FROM pg_catalog.pg_trigger t WHERE t.oid = $1',
};

/** A constraint, index or trigger alone: its pieces out of those of its table. */
async function partOfTable(session: PgSession, object: ObjectRef, signal: AbortSignal): Promise<Piece[]> {
  const kind = object.kind as keyof typeof PART_OF;
  const [owner] = await session.query<{ relation: number; relkind: string }>(
    `SELECT p.relation, c.relkind::text FROM (${PART_OF[kind]}) p JOIN pg_catalog.pg_class c ON c.oid = p.relation`,
    [object.oid],
    signal,
  );
  if (!owner) return [];
  const isView = owner.relkind === 'v' || owner.relkind === 'm';
  const pieces = isView
    ? await viewPieces(session, [owner.relation], false, signal)
    : await tablePieces(session, [owner.relation], false, signal);
  const [backing] = await session.query<{ oid: number }>(
    "SELECT c.oid FROM pg_catalog.pg_constraint c WHERE c.conindid = $1 AND c.conrelid = $2 AND c.contype IN ('p', 'u', 'x')",
    [object.oid, owner.relation],
    signal,
  );
  const catalog = kind === 'constraint' ? 'pg_constraint' : kind === 'trigger' ? 'pg_trigger' : 'pg_class';
  const ids = new Set([`${catalog}:${object.oid}`, `attach-index:${object.oid}`]);
  if (kind === 'index' && backing)
    for (const prefix of ['pg_constraint', 'attach-index']) ids.add(`${prefix}:${backing.oid}`);
  const parts = pieces.filter((piece) => ids.has(piece.id));
  return parts.length > 0 ? parts : pieces.filter((piece) => piece.id === `pg_class:${owner.relation}`);
}
