import type { PgSession } from '../../../adapters/postgres/session';
import { castPieces, transformPieces } from './cast-ddl';
import { collationPieces, conversionPieces } from './collation-ddl';
import { currentDatabasePieces } from './database-object-ddl';
import { defaultPrivilegePieces, eventTriggerPieces, publicationPieces } from './database-parts';
import { readNeeds } from './dependencies';
import { extensionMarkPieces } from './extension-marks';
import { foreignServerPieces, mappingPieces, wrapperPieces } from './foreign-ddl';
import { constructorPieces, functionPieces } from './function-ddl';
import { givenPrivilegePieces } from './given-privileges';
import { accessMethodPieces, languagePieces } from './language-ddl';
import { addedMemberPieces, operatorClassPieces, operatorFamilyPieces } from './operator-class-ddl';
import { operatorPieces } from './operator-ddl';
import type { Piece } from './piece';
import { orderPieces, type Ordered } from './piece-order';
import { extensionPieces, schemaPieces } from './schema-ddl';
import { MADE_BY_HAND } from './scope';
import { sequencePieces } from './sequence-ddl';
import { subscriptionPieces } from './subscription-ddl';
import { tablePieces } from './table-ddl';
import {
  textSearchConfigurationPieces,
  textSearchDictionaryPieces,
  textSearchParserPieces,
  textSearchTemplatePieces,
} from './text-search-ddl';
import { typePieces } from './type-ddl';
import { viewPieces } from './view-ddl';

export interface DatabaseDdl {
  readonly sql: string;
}

type Group = 'schema' | 'extension' | 'type' | 'function' | 'constructor' | 'sequence' | 'table' | 'view';

/** In no system schema and not of an extension. */
const mine = (catalog: string, oid: string, namespace: string): string =>
  `EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.oid = ${namespace} AND n.nspname !~ '^(pg_|information_schema$)')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
     AND d.objid = ${oid} AND d.deptype = 'e')`;

const CONTENT = `
SELECT 'schema' AS "group", s.oid FROM pg_catalog.pg_namespace s WHERE ${mine('pg_namespace', 's.oid', 's.oid')}
UNION ALL SELECT 'extension', e.oid FROM pg_catalog.pg_extension e
UNION ALL SELECT 'type', t.oid FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
 WHERE (t.typtype IN ('e', 'r', 'd') OR t.typtype = 'c' AND c.relkind = 'c' OR t.typtype IN ('b', 'p')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_type a WHERE a.oid = t.typelem AND a.typarray = t.oid)) AND ${mine('pg_type', 't.oid', 't.typnamespace')}
UNION ALL SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
   AND i.objid = p.oid AND i.deptype = 'i') THEN 'constructor' ELSE 'function' END, p.oid
  FROM pg_catalog.pg_proc p WHERE ${mine('pg_proc', 'p.oid', 'p.pronamespace')}
UNION ALL SELECT CASE WHEN c.relkind = 'S' THEN 'sequence' WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END, c.oid
  FROM pg_catalog.pg_class c WHERE c.relkind IN ('S', 'r', 'p', 'f', 'v', 'm') AND ${mine('pg_class', 'c.oid', 'c.relnamespace')}`;

/** Kinds of things that are read by their catalog alone. */
const BY_SCOPE = [
  languagePieces,
  accessMethodPieces,
  collationPieces,
  conversionPieces,
  operatorPieces,
  operatorFamilyPieces,
  operatorClassPieces,
  castPieces,
  transformPieces,
  textSearchParserPieces,
  textSearchTemplatePieces,
  textSearchDictionaryPieces,
  textSearchConfigurationPieces,
  wrapperPieces,
  foreignServerPieces,
  mappingPieces,
  publicationPieces,
  subscriptionPieces,
  eventTriggerPieces,
];

/** Settings under which the pieces of a database run. */
export const SCRIPT_HEAD = `SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;`;

/** Everything that makes a database anew in an empty one, each piece after what it depends on; the session's search path is empty. */
export const databasePieces = async (session: PgSession, signal: AbortSignal): Promise<readonly Piece[]> =>
  (await orderedPieces(session, signal)).pieces;

async function orderedPieces(session: PgSession, signal: AbortSignal): Promise<Ordered> {
  const content = await session.query<{ group: Group; oid: number }>(CONTENT, [], signal);
  const of = (group: Group): number[] => content.filter((row) => row.group === group).map((row) => row.oid);
  const pieces: Piece[] = [
    ...(await schemaPieces(session, of('schema'), signal)),
    ...(await extensionPieces(session, of('extension'), signal)),
    ...(await typePieces(session, of('type'), true, signal)),
    ...(await functionPieces(session, of('function'), signal)),
    ...(await constructorPieces(session, of('constructor'), signal)),
    ...(await sequencePieces(session, of('sequence'), signal)),
    ...(await tablePieces(session, of('table'), true, signal)),
    ...(await viewPieces(session, of('view'), true, signal)),
    ...(await addedMemberPieces(session, signal)),
    ...(await defaultPrivilegePieces(session, MADE_BY_HAND, signal)),
    ...(await givenPrivilegePieces(session, signal)),
    ...(await currentDatabasePieces(session, signal)),
  ];
  for (const piecesOf of BY_SCOPE) pieces.push(...(await piecesOf(session, MADE_BY_HAND, signal)));
  pieces.push(...(await extensionMarkPieces(session, pieces, signal)));
  const needs = await readNeeds(session, pieces, signal);
  const { pieces: sorted, circular } = orderPieces(pieces, needs);
  return {
    pieces: sorted.map((piece) => ({
      ...piece,
      needs: [...new Set([...piece.needs, ...(needs.get(piece.id) ?? [])])],
    })),
    circular,
  };
}

/** The statements that make everything in a database anew in an empty one, each after what it depends on. */
export async function databaseDdl(session: PgSession, signal: AbortSignal): Promise<DatabaseDdl> {
  const ordered = await orderedPieces(session, signal);
  const notes = ordered.circular.map(
    (name) => `-- Needs something that comes after it: ${name.replaceAll(/[\r\n]+/g, ' ')}`,
  );
  const parts = [
    ...(notes.length > 0 ? [notes.join('\n')] : []),
    SCRIPT_HEAD,
    ...ordered.pieces.map((piece) => piece.sql),
  ];
  return { sql: `${parts.join('\n\n')}\n` };
}
