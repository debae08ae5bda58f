import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';

/** Settings that are lists of names; each is stored quoted as in a search path. Source: GUC_LIST_QUOTE in guc_tables.c. */
const LISTS = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

/** The elements of a stored list: `a, "B c"` is a and B c. */
function elements(list: string): string[] {
  return [...list.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)/g)]
    .filter(([all]) => all !== '')
    .map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '');
}

/**
 * `ALTER <what> SET name TO value` for a stored `name=value`; `what` is ready SQL such as `ROLE "a" IN DATABASE b`.
 */
export function settingStatement(what: string, setting: string): string {
  const equals = setting.indexOf('=');
  const name = setting.slice(0, equals);
  const value = setting.slice(equals + 1);
  // A setting of an extension has a dot between its two names.
  const written = name.split('.').map(quoteIdent).join('.');
  const values = LISTS.has(name.toLowerCase()) ? elements(value) : [value];
  return `ALTER ${what} SET ${written} TO ${values.length === 0 ? "''" : values.map(quoteLiteral).join(', ')}`;
}
