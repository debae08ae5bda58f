import { identifierOf, sqlTokens } from '../../../../shared/model/sql-tokens';

/** The schemas of a `search_path` setting that exist, in order; the server's own schema comes first unless it is named. */
export function searchPathOf(setting: string, user: string, schemas: readonly string[]): readonly string[] {
  const named = sqlTokens(setting)
    .flatMap((token) => identifierOf(token) ?? (token.kind === 'string' ? token.text.slice(1, -1) : []))
    .map((name) => (name === '$user' ? user : name));
  const path = [...new Set(named)].filter((name) => schemas.includes(name));
  return path.includes('pg_catalog') ? path : ['pg_catalog', ...path];
}
