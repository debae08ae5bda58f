import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { aclJson, type AclEntry } from './acl';
import { functionJson, type NamedRef } from './aggregate-ddl';
import { partObject, pieceObject, attachmentStatements, foreignOptions, PHASE, type Piece } from './piece';

interface Owned {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly acl: readonly AclEntry[] | null;
  readonly defaults: readonly AclEntry[];
  readonly comment: string | null;
}

/** Columns of `Owned` for a catalog without schemas; `letter` is what acldefault calls its kind. */
const owned = (catalog: string, prefix: string, letter: string): string => `
o.oid, o.${prefix}name AS name, pg_catalog.pg_get_userbyid(o.${prefix}owner) AS owner, ${aclJson(`o.${prefix}acl`)} AS acl,
${aclJson(`pg_catalog.acldefault('${letter}', o.${prefix}owner)`)} AS defaults, pg_catalog.obj_description(o.oid, '${catalog}') AS comment`;

interface WrapperRow extends Owned {
  readonly handler: NamedRef;
  readonly validator: NamedRef;
  readonly options: readonly string[] | null;
}

interface ServerRow extends Owned {
  readonly wrapper: string;
  readonly type: string | null;
  readonly version: string | null;
  readonly options: readonly string[] | null;
}

interface MappingRow {
  readonly oid: number;
  readonly server: string;
  readonly serverOid: number;
  /** Empty is PUBLIC. */
  readonly user: string;
  readonly options: readonly string[] | null;
}

interface LanguageRow extends Owned {
  readonly trusted: boolean;
  readonly handler: NamedRef;
  readonly inline: NamedRef;
  readonly validator: NamedRef;
}

const optionClause = (options: readonly string[] | null): string => {
  const list = foreignOptions(options);
  return list === '' ? '' : ` OPTIONS (${list})`;
};

const refClause = (word: string, ref: NamedRef): string =>
  ref ? ` ${word} ${quoteQualified(ref.schema, ref.name)}` : '';

const plain = { labels: null };

/** Foreign-data wrappers, servers and user mappings that no extension brought. `own` is the condition on `o`. */
export async function foreignPieces(
  session: PgSession,
  own: (catalog: string) => string,
  signal: AbortSignal,
): Promise<Piece[]> {
  const wrappers = await session.query<WrapperRow>(
    `SELECT ${owned('pg_foreign_data_wrapper', 'fdw', 'F')}, ${functionJson('o.fdwhandler')} AS handler,
            ${functionJson('o.fdwvalidator')} AS validator, o.fdwoptions AS options
       FROM pg_catalog.pg_foreign_data_wrapper o WHERE ${own('pg_foreign_data_wrapper')} ORDER BY 2`,
    [],
    signal,
  );
  const servers = await session.query<ServerRow>(
    `SELECT ${owned('pg_foreign_server', 'srv', 'S')}, w.fdwname AS wrapper, o.srvtype AS type, o.srvversion AS version, o.srvoptions AS options
       FROM pg_catalog.pg_foreign_server o JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = o.srvfdw
      WHERE ${own('pg_foreign_server')} ORDER BY 2`,
    [],
    signal,
  );
  const mappings = await session.query<MappingRow>(
    `SELECT m.umid AS oid, m.srvname AS server, m.srvid AS "serverOid", CASE WHEN m.umuser = 0 THEN '' ELSE m.usename END AS user,
            m.umoptions AS options FROM pg_catalog.pg_user_mappings m ORDER BY 2, 4`,
    [],
    signal,
  );
  return [
    ...wrappers.map((row): Piece => {
      const target = `FOREIGN DATA WRAPPER ${quoteIdent(row.name)}`;
      const create = `CREATE ${target}${refClause('HANDLER', row.handler)}${refClause('VALIDATOR', row.validator)}${optionClause(row.options)};`;
      const rest = attachmentStatements(target, { ...row, ...plain, acl: row });
      return {
        id: `pg_foreign_data_wrapper:${row.oid}`,
        object: pieceObject('foreign-data-wrapper', '', row.name),
        phase: PHASE.server,
        name: row.name,
        sql: [create, ...rest].join('\n'),
        needs: [],
      };
    }),
    ...servers.map((row): Piece => {
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
    }),
    ...mappings.map((row): Piece => {
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
    }),
  ];
}

/** Languages that no extension brought. */
export async function languagePieces(
  session: PgSession,
  own: (catalog: string) => string,
  signal: AbortSignal,
): Promise<Piece[]> {
  const rows = await session.query<LanguageRow>(
    `SELECT ${owned('pg_language', 'lan', 'l')}, o.lanpltrusted AS trusted, ${functionJson('o.lanplcallfoid')} AS handler,
            ${functionJson('o.laninline')} AS inline, ${functionJson('o.lanvalidator')} AS validator
       FROM pg_catalog.pg_language o WHERE ${own('pg_language')} ORDER BY 2`,
    [],
    signal,
  );
  return rows.map((row) => {
    const target = `LANGUAGE ${quoteIdent(row.name)}`;
    const parts = [
      refClause('HANDLER', row.handler),
      refClause('INLINE', row.inline),
      refClause('VALIDATOR', row.validator),
    ];
    const create = `CREATE ${row.trusted ? 'TRUSTED ' : ''}PROCEDURAL ${target}${parts.join('')};`;
    return {
      id: `pg_language:${row.oid}`,
      object: pieceObject('language', '', row.name),
      phase: PHASE.extension + 5,
      name: row.name,
      sql: [create, ...attachmentStatements(target, { ...row, ...plain, acl: row })].join('\n'),
      needs: [],
    };
  });
}
