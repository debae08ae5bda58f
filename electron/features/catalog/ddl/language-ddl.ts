import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { functionJson, type NamedRef } from './aggregate-ddl';
import { ownedColumns, refClause, type Owned } from './foreign-ddl';
import {
  attachmentStatements,
  commentStatement,
  labelsJson,
  PHASE,
  pieceObject,
  type Attachments,
  type Piece,
} from './piece';
import type { Scope } from './scope';

interface LanguageRow extends Owned {
  readonly trusted: boolean;
  readonly handler: NamedRef;
  readonly inline: NamedRef;
  readonly validator: NamedRef;
  readonly labels: Attachments['labels'];
}

export async function languagePieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<LanguageRow>(
    `SELECT ${ownedColumns('pg_language', 'lan', 'l')}, o.lanpltrusted AS trusted, ${functionJson('o.lanplcallfoid')} AS handler,
            ${functionJson('o.laninline')} AS inline, ${functionJson('o.lanvalidator')} AS validator,
            ${labelsJson('pg_language', 'o.oid')} AS labels
       FROM pg_catalog.pg_language o WHERE ${scope.where('pg_language')} ORDER BY 2`,
    scope.params,
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
      sql: [create, ...attachmentStatements(target, { ...row, acl: row })].join('\n'),
      needs: [],
    };
  });
}

interface AccessMethodRow {
  readonly oid: number;
  readonly name: string;
  readonly type: string;
  readonly handler: NamedRef;
  readonly comment: string | null;
}

export async function accessMethodPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<AccessMethodRow>(
    `SELECT o.oid, o.amname AS name, o.amtype::text AS type, ${functionJson('o.amhandler')} AS handler,
            pg_catalog.obj_description(o.oid, 'pg_am') AS comment
       FROM pg_catalog.pg_am o WHERE ${scope.where('pg_am')} ORDER BY 2`,
    scope.params,
    signal,
  );
  return rows.map((row) => {
    const target = `ACCESS METHOD ${quoteIdent(row.name)}`;
    const handler = row.handler ? quoteQualified(row.handler.schema, row.handler.name) : 'NONE';
    return {
      id: `pg_am:${row.oid}`,
      object: pieceObject('access-method', '', row.name),
      phase: PHASE.server,
      name: row.name,
      sql: [
        `CREATE ${target} TYPE ${row.type === 't' ? 'TABLE' : 'INDEX'} HANDLER ${handler};`,
        ...commentStatement(target, row.comment),
      ].join('\n'),
      needs: [],
    };
  });
}
