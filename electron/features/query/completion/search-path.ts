import { identifierOf, sqlTokens, type SqlToken } from '../../../../shared/model/sql-tokens';

/** How a session looks for names without a schema. */
export interface NameLookup {
  /** Who logged in: the setting that the session began with is theirs. */
  readonly login: string;
  /** Whose schema `$user` means. */
  readonly user: string;
  /** `search_path` as the setting is written; null while it is what the session began with. */
  readonly setting: string | null;
}

/** What a constant in quotes means; backslashes are taken as they are. */
function constantOf({ kind, text }: SqlToken): string | null {
  return kind === 'string' ? text.slice(text.indexOf("'") + 1, -1).replaceAll("''", "'") : null;
}

/** The names of a list that a setting is written as. */
const namesOf = (tokens: readonly SqlToken[]): readonly string[] =>
  tokens.flatMap((token) => identifierOf(token) ?? constantOf(token) ?? []);

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The tokens of the value in a SET statement. */
function valueTokens(sql: string): readonly SqlToken[] {
  const tokens = sqlTokens(sql).filter(({ kind }) => kind !== 'comment');
  const at = tokens.findIndex(({ kind, text }) => text === '=' || (kind === 'word' && /^(?:to|schema)$/i.test(text)));
  return tokens.slice(at + 1);
}

/** The setting that a statement sets: SET, SET SCHEMA, or our own call of set_config. */
function settingOf(sql: string): string {
  const tokens = sqlTokens(sql);
  if (tokens.some(({ text }) => text === 'set_config')) {
    return tokens.flatMap((token) => constantOf(token) ?? [])[1] ?? '';
  }
  return namesOf(valueTokens(sql)).map(quoted).join(', ');
}

/** Who a statement of SET SESSION AUTHORIZATION makes the session. */
function authorizationOf(sql: string): string {
  const tokens = sqlTokens(sql).filter(({ kind }) => kind !== 'comment');
  if (tokens.some(({ text }) => text === 'set_config')) {
    return tokens.flatMap((token) => constantOf(token) ?? [])[1] ?? '';
  }
  return namesOf(tokens).at(-1) ?? '';
}

/**
 * How a session looks for names. `path` and `authorization` are the statements that set these; `reported` is the setting as the server has
 * told it (from 18 on it does, whatever set it). The role goes before whom the session was made.
 */
export function nameLookup(known: {
  readonly user: string;
  readonly role: string;
  readonly reported: string | undefined;
  readonly path: string | null;
  readonly authorization: string | null;
}): NameLookup {
  const { user, role, reported, path, authorization } = known;
  const now = authorization === null ? user : authorizationOf(authorization);
  return {
    login: user,
    user: role === '' ? now : role,
    setting: reported ?? (path === null ? null : settingOf(path)),
  };
}

/** The schemas of a `search_path` setting that exist, in order; the server's own schema comes first unless it is named. */
export function searchPathOf(setting: string, user: string, schemas: readonly string[]): readonly string[] {
  const named = namesOf(sqlTokens(setting)).map((name) => (name === '$user' ? user : name));
  const path = [...new Set(named)].filter((name) => schemas.includes(name));
  return path.includes('pg_catalog') ? path : ['pg_catalog', ...path];
}
