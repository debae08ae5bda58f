import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';

/** Settings whose values are lists of names: each name is a constant of its own. */
const LISTS = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
  'shared_preload_libraries',
  'unix_socket_directories',
]);

/** Names of a list as the server keeps it: separated by commas, those that need it in double quotes. */
const namesOf = (list: string): string[] =>
  [...list.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );

/** `SET name TO value` of `name=value`, as `pg_db_role_setting` keeps settings. */
export function settingClause(setting: string): string {
  const cut = setting.indexOf('=');
  const name = setting.slice(0, cut);
  const value = setting.slice(cut + 1);
  const names = LISTS.has(name.toLowerCase()) ? namesOf(value) : [];
  return `SET ${quoteIdent(name)} TO ${names.length === 0 ? quoteLiteral(value) : names.map(quoteLiteral).join(', ')}`;
}
