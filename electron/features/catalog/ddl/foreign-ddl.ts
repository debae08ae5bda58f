import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { aclJson, type AclEntry } from './acl';
import { functionJson, type NamedRef } from './aggregate-ddl';
import { attachmentStatements, foreignOptions, partObject, PHASE, pieceObject, type Piece } from './piece';
import type { Scope } from './scope';

/** What things without a schema have that are owned and granted. */
export interface Owned {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly acl: readonly AclEntry[] | null;
  readonly defaults: readonly AclEntry[];
  readonly comment: string | null;
}

/** Columns of `Owned` for a catalog without schemas; `letter` is what acldefault calls its kind. */
export const ownedColumns = (catalog: string, prefix: string, letter: string): string => `
o.oid, o.${prefix}name AS name, pg_catalog.pg_get_userbyid(o.${prefix}owner) AS owner, ${aclJson(`o.${prefix}acl`)} AS acl,
${aclJson(`pg_catalog.acldefault('${letter}', o.${prefix}owner)`)} AS defaults, pg_catalog.obj_description(o.oid, '${catalog}') AS comment`;

const optionClause = (options: readonly string[] | null): string => {
  const list = foreignOptions(options);
  return list === '' ? '' : ` OPTIONS (${list})`;
};

/** ` HANDLER schema.name` or nothing. */
export const refClause = (word: string, ref: NamedRef): string =>
  ref ? ` ${word} ${quoteQualified(ref.schema, ref.name)}` : '';

/** These kinds have no security labels. */
const plain = { labels: null };

interface WrapperRow extends Owned {
  readonly handler: NamedRef;
  readonly validator: NamedRef;
  readonly options: readonly string[] | null;
}

export async function wrapperPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<WrapperRow>(
    `SELECT ${ownedColumns('pg_foreign_data_wrapper', 'fdw', 'F')}, ${functionJson('o.fdwhandler')} AS handler,
            ${functionJson('o.fdwvalidator')} AS validator, o.fdwoptions AS options
       FROM pg_catalog.pg_foreign_data_wrapper o WHERE ${scope.where('pg_foreign_data_wrapper')} ORDER BY 2`,
    scope.params,
    signal,
  );
  return rows.map((row) => {
    const target = `FOREIGN DATA WRAPPER ${quoteIdent(row.name)}`;
    const create = `CREATE ${target}${refClause('HANDLER', row.handler)}${refClause('VALIDATOR', row.validator)}${optionClause(row.options)};`;
    return {
      id: `pg_foreign_data_wrapper:${row.oid}`,
      object: pieceObject('foreign-data-wrapper', '', row.name),
      phase: PHASE.server,
      name: row.name,
      sql: [create, ...attachmentStatements(target, { ...row, ...plain, acl: row })].join('\n'),
      needs: [],
    };
  });
}

interface ServerRow extends Owned {
  readonly wrapper: string;
  readonly type: string | null;
  readonly version: string | null;
  readonly options: readonly string[] | null;
}

export async function foreignServerPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<ServerRow>(
    `SELECT ${ownedColumns('pg_foreign_server', 'srv', 'S')}, w.fdwname AS wrapper, o.srvtype AS type, o.srvversion AS version,
            o.srvoptions AS options
       FROM pg_catalog.pg_foreign_server o JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = o.srvfdw
      WHERE ${scope.where('pg_foreign_server')} ORDER BY 2`,
    scope.params,
    signal,
  );
  return rows.map((row) => {
    const name = quoteIdent(row.name);
    const type = row.type === null ? '' : ` TYPE ${quoteLiteral(row.type)}`;
    const version = row.version === null ? '' : ` VERSION ${quoteLiteral(row.version)}`;
    const create = `CREATE SERVER ${name}${type}${version} FOREIGN DATA WRAPPER ${quoteIdent(row.wrapper)}${optionClause(row.options)};`;
    const rest = attachmentStatements(`SERVER ${name}`, { ...row, ...plain, acl: row }, `FOREIGN SERVER ${name}`);
    return {
      id: `pg_foreign_server:${row.oid}`,
      object: pieceObject('foreign-server', '', row.name),
      phase: PHASE.server + 1,
      name,
      sql: [create, ...rest].join('\n'),
      needs: [],
    };
  });
}

interface MappingRow {
  readonly oid: number;
  readonly server: string;
  readonly serverOid: number;
  /** Empty is PUBLIC. */
  readonly user: string;
  readonly options: readonly string[] | null;
}

/** User mappings. The server shows their options only to those who may know them. */
export async function mappingPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<MappingRow>(
    `SELECT o.oid, o.srvname AS server, o.srvid AS "serverOid", CASE WHEN o.umuser = 0 THEN '' ELSE o.usename END AS user,
            o.umoptions AS options FROM (SELECT m.umid AS oid, m.* FROM pg_catalog.pg_user_mappings m) o
      WHERE ${scope.where('pg_user_mapping')} ORDER BY 2, 4`,
    scope.params,
    signal,
  );
  return rows.map((row) => {
    const user = row.user === '' ? 'PUBLIC' : quoteIdent(row.user);
    const server = quoteIdent(row.server);
    return {
      id: `pg_user_mapping:${row.oid}`,
      object: partObject('user-mapping', { schema: '', name: row.server }, row.user),
      phase: PHASE.server + 2,
      name: `${server} ${user}`,
      sql: `CREATE USER MAPPING FOR ${user} SERVER ${server}${optionClause(row.options)};`,
      needs: [`pg_foreign_server:${row.serverOid}`],
    };
  });
}
