import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { aclJson, type AclEntry } from './acl';
import {
  attachmentStatements,
  optionList,
  PHASE,
  pieceObject,
  sharedLabelsJson,
  type Attachments,
  type Piece,
} from './piece';

interface TablespaceRow {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  /** Empty for those inside of the data folder, as CREATE wants it. */
  readonly location: string;
  readonly options: readonly string[] | null;
  readonly acl: readonly AclEntry[] | null;
  readonly defaults: readonly AclEntry[];
  readonly comment: string | null;
  readonly labels: Attachments['labels'];
}

const TABLESPACE = `
SELECT o.oid, o.spcname AS name, pg_catalog.pg_get_userbyid(o.spcowner) AS owner, 
       regexp_replace(pg_catalog.pg_tablespace_location(o.oid), '^pg_tblspc/.*', '') AS location,
       o.spcoptions AS options, ${aclJson('o.spcacl')} AS acl, ${aclJson("pg_catalog.acldefault('t', o.spcowner)")} AS defaults,
       pg_catalog.shobj_description(o.oid, 'pg_tablespace') AS comment, ${sharedLabelsJson('pg_tablespace', 'o.oid')} AS labels
  FROM pg_catalog.pg_tablespace o WHERE o.oid = $1`;

export async function tablespacePieces(session: PgSession, oid: number, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<TablespaceRow>(TABLESPACE, [oid], signal);
  return rows.map((row) => {
    const target = `TABLESPACE ${quoteIdent(row.name)}`;
    const options = optionList(row.options);
    return {
      id: `pg_tablespace:${row.oid}`,
      object: pieceObject('tablespace', '', row.name),
      phase: PHASE.schema,
      name: row.name,
      sql: [
        `CREATE ${target} OWNER ${quoteIdent(row.owner)} LOCATION ${quoteLiteral(row.location)};`,
        ...(options === '' ? [] : [`ALTER ${target} SET (${options});`]),
        ...attachmentStatements(target, { ...row, acl: row }).slice(1),
      ].join('\n'),
      needs: [],
    };
  });
}
