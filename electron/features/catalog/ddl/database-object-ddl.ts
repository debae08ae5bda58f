import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { aclJson, privilegeStatements, type AclEntry } from './acl';
import {
  attachmentStatements,
  commentStatement,
  labelStatements,
  PHASE,
  pieceObject,
  sharedLabelsJson,
  type Attachments,
  type Piece,
} from './piece';
import { settingClause } from './setting-text';

interface DatabaseRow {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly encoding: string;
  readonly provider: string;
  readonly collate: string;
  readonly ctype: string;
  readonly locale: string | null;
  readonly rules: string | null;
  readonly tablespace: string;
  readonly isTemplate: boolean;
  readonly allowConnections: boolean;
  readonly limit: number;
  readonly acl: readonly AclEntry[] | null;
  readonly defaults: readonly AclEntry[];
  readonly comment: string | null;
  readonly labels: Attachments['labels'];
  readonly settings: readonly string[] | null;
  readonly roleSettings: readonly { readonly role: string; readonly settings: readonly string[] }[] | null;
}

const databases = (provider: string, locale: string, rules: string): string => `
SELECT o.oid, o.datname AS name, pg_catalog.pg_get_userbyid(o.datdba) AS owner, pg_catalog.pg_encoding_to_char(o.encoding) AS encoding,
       ${provider} AS provider, o.datcollate AS collate, o.datctype AS ctype, ${locale} AS locale, ${rules} AS rules, t.spcname AS tablespace,
       o.datistemplate AS "isTemplate", o.datallowconn AS "allowConnections", o.datconnlimit AS "limit", ${aclJson('o.datacl')} AS acl,
       ${aclJson("pg_catalog.acldefault('d', o.datdba)")} AS defaults, pg_catalog.shobj_description(o.oid, 'pg_database') AS comment,
       ${sharedLabelsJson('pg_database', 'o.oid')} AS labels,
       (SELECT s.setconfig FROM pg_catalog.pg_db_role_setting s WHERE s.setdatabase = o.oid AND s.setrole = 0) AS settings,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('role', r.rolname, 'settings', s.setconfig) ORDER BY r.rolname)
          FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = o.oid) AS "roleSettings"
  FROM pg_catalog.pg_database o JOIN pg_catalog.pg_tablespace t ON t.oid = o.dattablespace`;

const DATABASES: VersionedSql = {
  100000: databases("'c'::text", 'NULL', 'NULL'),
  150000: databases('o.datlocprovider::text', 'o.daticulocale', 'NULL'),
  160000: databases('o.datlocprovider::text', 'o.daticulocale', 'o.daticurules'),
  170000: databases('o.datlocprovider::text', 'o.datlocale', 'o.daticurules'),
};

const PROVIDERS: Readonly<Record<string, string>> = { i: 'icu', b: 'builtin' };

/** `CREATE DATABASE` with everything said of the database itself; what is in it is not part of that. */
export async function databaseObjectPieces(session: PgSession, oid: number, signal: AbortSignal): Promise<Piece[]> {
  const sql = `${sqlFor(DATABASES, session.serverVersionNum)} WHERE o.oid = $1`;
  const rows = await session.query<DatabaseRow>(sql, [oid], signal);
  return rows.map((row) => {
    const name = quoteIdent(row.name);
    const target = `DATABASE ${name}`;
    const statements = [
      `CREATE ${target} WITH\n    ${databaseOptions(row).join('\n    ')};`,
      ...attachmentStatements(target, { ...row, acl: row }).slice(1),
      ...settingStatements(target, row),
    ];
    return {
      id: `pg_database:${row.oid}`,
      object: pieceObject('database', '', row.name),
      phase: PHASE.schema,
      name,
      sql: statements.join('\n'),
      needs: [],
    };
  });
}

const settingStatements = (target: string, row: DatabaseRow): string[] => [
  ...(row.settings ?? []).map((setting) => `ALTER ${target} ${settingClause(setting)};`),
  ...(row.roleSettings ?? []).flatMap(({ role, settings }) =>
    settings.map((setting) => `ALTER ROLE ${quoteIdent(role)} IN ${target} ${settingClause(setting)};`),
  ),
];

function databaseOptions(row: DatabaseRow): string[] {
  const options = [
    `OWNER = ${quoteIdent(row.owner)}`,
    'TEMPLATE = template0',
    `ENCODING = ${quoteLiteral(row.encoding)}`,
  ];
  const provider = PROVIDERS[row.provider];
  if (provider !== undefined) options.push(`LOCALE_PROVIDER = ${provider}`);
  options.push(`LC_COLLATE = ${quoteLiteral(row.collate)}`, `LC_CTYPE = ${quoteLiteral(row.ctype)}`);
  if (row.locale !== null) {
    options.push(`${row.provider === 'b' ? 'BUILTIN_LOCALE' : 'ICU_LOCALE'} = ${quoteLiteral(row.locale)}`);
  }
  if (row.rules !== null) options.push(`ICU_RULES = ${quoteLiteral(row.rules)}`);
  if (row.tablespace !== 'pg_default') options.push(`TABLESPACE = ${quoteIdent(row.tablespace)}`);
  if (!row.allowConnections) options.push('ALLOW_CONNECTIONS = false');
  if (row.limit !== -1) options.push(`CONNECTION LIMIT = ${row.limit}`);
  if (row.isTemplate) options.push('IS_TEMPLATE = true');
  return options;
}

/** Stands for the name of the database: no text of a server can hold it. */
const NAME = '\u0000';

/**
 * What a script says of the database that it runs in, whatever its name there: comment, labels, privileges and settings. The server puts in
 * the name, since these statements have no word for the current database.
 */
export async function currentDatabasePieces(session: PgSession, signal: AbortSignal): Promise<Piece[]> {
  const sql = `${sqlFor(DATABASES, session.serverVersionNum)} WHERE o.datname = pg_catalog.current_database()`;
  const [row] = await session.query<DatabaseRow>(sql, [], signal);
  if (!row) return [];
  const target = `DATABASE ${NAME}`;
  const privileges = privilegeStatements(target, { acl: row.acl, defaults: row.defaults, owner: row.owner });
  const statements = [
    ...commentStatement(target, row.comment),
    ...labelStatements(target, row.labels),
    ...(privileges.length === 0 ? [] : [`ALTER ${target} OWNER TO ${quoteIdent(row.owner)};`, ...privileges]),
    ...settingStatements(target, row),
  ];
  if (statements.length === 0) return [];
  return [
    {
      id: `pg_database:${row.oid}`,
      object: pieceObject('database', '', ''),
      phase: PHASE.settings,
      name: '',
      sql: inCurrentDatabase(statements),
      needs: [],
    },
  ];
}

function inCurrentDatabase(statements: readonly string[]): string {
  const lines = statements.map((statement) => {
    const template = statement.slice(0, -1).replaceAll('%', '%%').replaceAll(NAME, '%1$I');
    return `  EXECUTE pg_catalog.format(${quoteLiteral(template)}, pg_catalog.current_database());`;
  });
  const body = `\nBEGIN\n${lines.join('\n')}\nEND\n`;
  let tag = '$do$';
  for (let at = 1; body.includes(tag); at += 1) tag = `$do${at}$`;
  return `DO ${tag}${body}${tag};`;
}
