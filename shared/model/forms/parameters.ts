import { quoteIdent, quoteLiteral } from '../quote';

/** Parameters whose value is a list of names that the server quotes by itself (GUC_LIST_QUOTE). Source: src/backend/utils/misc/guc.c. */
const NAME_LISTS = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

/** Splits `"$user", public` into its names: quotes are taken off, a doubled one is a quote, bare names lose the spaces around them. */
function listedNames(text: string): string[] {
  const names: string[] = [];
  for (const [, quoted, bare] of text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,"]+))\s*(?:,|$)/gu)) {
    names.push(quoted === undefined ? (bare ?? '').trim() : quoted.replaceAll('""', '"'));
  }
  return names;
}

/** Name of a parameter, each part of a class of an extension by itself: `my.setting`. */
export const parameterName = (name: string): string => name.split('.').map(quoteIdent).join('.');

/** `name TO value`, as it stands after SET. `value` is as pg_settings and SHOW tell it. */
export function parameterSetting(name: string, value: string): string {
  const names = NAME_LISTS.has(name.toLowerCase()) ? listedNames(value) : [];
  const sql = names.length > 0 ? names.map(quoteLiteral).join(', ') : quoteLiteral(value);
  return `${parameterName(name)} TO ${sql}`;
}
