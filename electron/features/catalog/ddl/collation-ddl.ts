import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { functionJson, type NamedRef } from './aggregate-ddl';
import { commentStatement, PHASE, pieceObject, type Piece } from './piece';
import type { Scope } from './scope';

interface CollationRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly provider: string;
  readonly deterministic: boolean;
  readonly collate: string | null;
  readonly ctype: string | null;
  readonly locale: string | null;
  readonly rules: string | null;
  readonly comment: string | null;
}

const collations = (deterministic: string, locale: string, rules: string): string => `
SELECT o.oid, n.nspname AS schema, o.collname AS name, pg_catalog.pg_get_userbyid(o.collowner) AS owner, o.collprovider::text AS provider,
       ${deterministic} AS deterministic, o.collcollate AS collate, o.collctype AS ctype, ${locale} AS locale, ${rules} AS rules,
       pg_catalog.obj_description(o.oid, 'pg_collation') AS comment
  FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace`;

const ICU_BEFORE_15 = "CASE WHEN o.collprovider = 'i' THEN o.collcollate END";
const COLLATIONS: VersionedSql = {
  100000: collations('true', ICU_BEFORE_15, 'NULL'),
  120000: collations('o.collisdeterministic', ICU_BEFORE_15, 'NULL'),
  150000: collations('o.collisdeterministic', 'o.colliculocale', 'NULL'),
  160000: collations('o.collisdeterministic', 'o.colliculocale', 'o.collicurules'),
  170000: collations('o.collisdeterministic', 'o.colllocale', 'o.collicurules'),
};
const PROVIDERS: Readonly<Record<string, string>> = { i: 'icu', b: 'builtin', c: 'libc' };

export async function collationPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const sql = sqlFor(COLLATIONS, session.serverVersionNum);
  const rows = await session.query<CollationRow>(
    `${sql} WHERE ${scope.where('pg_collation')} ORDER BY 2, 3`,
    scope.params,
    signal,
  );
  return rows.map((row) => {
    const name = quoteQualified(row.schema, row.name);
    const parts = [`PROVIDER = ${PROVIDERS[row.provider] ?? 'libc'}`];
    if (!row.deterministic) parts.push('DETERMINISTIC = false');
    if (row.locale !== null) parts.push(`LOCALE = ${quoteLiteral(row.locale)}`);
    else {
      parts.push(`LC_COLLATE = ${quoteLiteral(row.collate ?? '')}`, `LC_CTYPE = ${quoteLiteral(row.ctype ?? '')}`);
    }
    if (row.rules !== null) parts.push(`RULES = ${quoteLiteral(row.rules)}`);
    return {
      id: `pg_collation:${row.oid}`,
      object: pieceObject('collation', row.schema, row.name),
      phase: PHASE.type - 5,
      name,
      sql: [
        `CREATE COLLATION ${name} (${parts.join(', ')});`,
        `ALTER COLLATION ${name} OWNER TO ${quoteIdent(row.owner)};`,
        ...commentStatement(`COLLATION ${name}`, row.comment),
      ].join('\n'),
      needs: [],
    };
  });
}

interface ConversionRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly from: string;
  readonly to: string;
  readonly isDefault: boolean;
  readonly function: NamedRef;
  readonly comment: string | null;
}

const CONVERSIONS = `
SELECT o.oid, n.nspname AS schema, o.conname AS name, pg_catalog.pg_get_userbyid(o.conowner) AS owner,
       pg_catalog.pg_encoding_to_char(o.conforencoding) AS "from", pg_catalog.pg_encoding_to_char(o.contoencoding) AS "to",
       o.condefault AS "isDefault", ${functionJson('o.conproc')} AS function, pg_catalog.obj_description(o.oid, 'pg_conversion') AS comment
  FROM pg_catalog.pg_conversion o JOIN pg_catalog.pg_namespace n ON n.oid = o.connamespace`;

export async function conversionPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const sql = `${CONVERSIONS} WHERE ${scope.where('pg_conversion')} ORDER BY 2, 3`;
  const rows = await session.query<ConversionRow>(sql, scope.params, signal);
  return rows.map((row) => {
    const name = quoteQualified(row.schema, row.name);
    const by = row.function ? quoteQualified(row.function.schema, row.function.name) : 'NONE';
    return {
      id: `pg_conversion:${row.oid}`,
      object: pieceObject('conversion', row.schema, row.name),
      phase: PHASE.operator,
      name,
      sql: [
        `CREATE ${row.isDefault ? 'DEFAULT ' : ''}CONVERSION ${name} FOR ${quoteLiteral(row.from)} TO ${quoteLiteral(row.to)} FROM ${by};`,
        `ALTER CONVERSION ${name} OWNER TO ${quoteIdent(row.owner)};`,
        ...commentStatement(`CONVERSION ${name}`, row.comment),
      ].join('\n'),
      needs: [],
    };
  });
}
