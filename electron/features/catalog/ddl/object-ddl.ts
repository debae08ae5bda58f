import { AppError } from '../../../../shared/errors';
import type { ObjectKind, ObjectRef } from '../../../../shared/model/catalog';
import type { PgSession } from '../../../adapters/postgres/session';
import { gone } from '../catalog-reader';
import { castPieces, transformPieces } from './cast-ddl';
import { collationPieces, conversionPieces } from './collation-ddl';
import { columnPieces } from './column-piece';
import { databaseObjectPieces } from './database-object-ddl';
import { defaultPrivilegePieces, eventTriggerPieces, publicationPieces } from './database-parts';
import { extensionMarkPieces } from './extension-marks';
import { foreignServerPieces, mappingPieces, wrapperPieces } from './foreign-ddl';
import { constructorPieces, functionPieces } from './function-ddl';
import { accessMethodPieces, languagePieces } from './language-ddl';
import { operatorClassPieces, operatorFamilyPieces } from './operator-class-ddl';
import { operatorPieces } from './operator-ddl';
import type { Piece } from './piece';
import { rolePieces } from './role-ddl';
import { extensionPieces, schemaPieces } from './schema-ddl';
import { onlyOne, type Scope } from './scope';
import { sequencePieces } from './sequence-ddl';
import { subscriptionPieces } from './subscription-ddl';
import { tablePieces } from './table-ddl';
import { constraintPieces, tablePartPieces, type TablePart } from './table-part-ddl';
import { tablespacePieces } from './tablespace-ddl';
import {
  textSearchConfigurationPieces,
  textSearchDictionaryPieces,
  textSearchParserPieces,
  textSearchTemplatePieces,
} from './text-search-ddl';
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

type Read = (session: PgSession, object: ObjectRef, signal: AbortSignal) => Promise<Piece[]>;

const alone =
  (read: (session: PgSession, scope: Scope, signal: AbortSignal) => Promise<Piece[]>): Read =>
  (session, { oid }, signal) =>
    read(session, onlyOne(oid), signal);

const part =
  (kind: TablePart): Read =>
  (session, { oid }, signal) =>
    tablePartPieces(session, kind, oid, signal);

const table: Read = async (session, { oid }, signal) => [
  ...(await sequencePieces(session, await ownedSequences(session, oid, signal), signal)),
  ...(await tablePieces(session, [oid], false, signal)),
];
const view: Read = (session, { oid }, signal) => viewPieces(session, [oid], false, signal);
const routine: Read = (session, { oid }, signal) => functionDdl(session, oid, signal);
const type: Read = (session, { oid }, signal) => typeDdl(session, oid, signal);

const READERS: Readonly<Record<Exclude<ObjectKind, 'replica'>, Read>> = {
  database: (session, { oid }, signal) => databaseObjectPieces(session, oid, signal),
  role: (session, { oid }, signal) => rolePieces(session, oid, signal),
  tablespace: (session, { oid }, signal) => tablespacePieces(session, oid, signal),
  schema: async (session, { oid }, signal) => [
    ...(await schemaPieces(session, [oid], signal)),
    ...(await defaultPrivilegePieces(session, { where: () => 'o.defaclnamespace = $1', params: [oid] }, signal)),
  ],
  extension: (session, { oid }, signal) => extensionPieces(session, [oid], signal),
  table,
  'foreign-table': table,
  view,
  'materialized-view': view,
  sequence: (session, object, signal) => sequenceDdl(session, object, signal),
  function: routine,
  procedure: routine,
  aggregate: routine,
  'trigger-function': routine,
  type,
  domain: type,
  collation: alone(collationPieces),
  conversion: alone(conversionPieces),
  operator: alone(operatorPieces),
  'operator-class': alone(operatorClassPieces),
  'operator-family': alone(operatorFamilyPieces),
  'text-search-configuration': alone(textSearchConfigurationPieces),
  'text-search-dictionary': alone(textSearchDictionaryPieces),
  'text-search-parser': alone(textSearchParserPieces),
  'text-search-template': alone(textSearchTemplatePieces),
  cast: alone(castPieces),
  transform: alone(transformPieces),
  'access-method': alone(accessMethodPieces),
  'event-trigger': alone(eventTriggerPieces),
  'foreign-data-wrapper': alone(wrapperPieces),
  'foreign-server': alone(foreignServerPieces),
  'user-mapping': alone(mappingPieces),
  language: alone(languagePieces),
  publication: alone(publicationPieces),
  subscription: alone(subscriptionPieces),
  column: (session, { oid, sub }, signal) => columnPieces(session, oid, sub, signal),
  constraint: constraintPieces,
  index: part('index'),
  trigger: part('trigger'),
  rule: part('rule'),
  policy: part('policy'),
  'statistics-object': part('statistics-object'),
};

async function piecesOf(session: PgSession, object: ObjectRef, signal: AbortSignal): Promise<Piece[]> {
  const { kind } = object;
  if (kind === 'replica') throw new AppError({ code: 'unsupported', message: `There are no statements for a ${kind}` });
  const pieces = await READERS[kind](session, object, signal);
  return [...pieces, ...(await extensionMarkPieces(session, pieces, signal))];
}

/** Sequences that a table's columns own by OWNED BY. */
async function ownedSequences(session: PgSession, tableOid: number, signal: AbortSignal): Promise<number[]> {
  const rows = await session.query<{ oid: number }>(
    `SELECT d.objid AS oid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = d.classid AND d.refobjid = $1 AND d.refobjsubid > 0
        AND d.deptype = 'a' ORDER BY c.relname`,
    [tableOid],
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
  const pieces = await typePieces(session, [oid], false, signal);
  const [row] = await readTypes(session, [oid], signal);
  const functions = await functionPieces(session, row?.base?.functionOids ?? row?.range?.functionOids ?? [], signal);
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
