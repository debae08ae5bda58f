import { sqlWords } from './compare-words';
import { quoteLiteral } from './quote';

/** Stands for the database that a statement runs in, whose name differs between the sides. */
export const THIS_DATABASE = '"(this database)"';

/** The value of a string constant as the server writes it. */
export const unquoted = (literal: string): string =>
  literal.startsWith('E')
    ? literal.slice(2, -1).replaceAll("''", "'").replaceAll('\\\\', '\\')
    : literal.slice(1, -1).replaceAll("''", "'");

/** The statements inside a block that puts the name of the current database into each by `format`. */
export function databaseStatements(block: string): string[] {
  const open = block.indexOf('BEGIN');
  const words = sqlWords(block.slice(open, block.lastIndexOf('END')));
  return words.flatMap((word, at) => {
    if (word.kind !== 'string' || words[at - 2]?.text !== 'format') return [];
    return [`${unquoted(word.text).replaceAll('%1$I', THIS_DATABASE).replaceAll('%%', '%')};`];
  });
}

/** A statement as the server takes it: the name of the current database is put in there. */
export function inThisDatabase(sql: string): string {
  if (!sqlWords(sql).some(({ kind, text }) => kind === 'quoted' && text === THIS_DATABASE)) return sql;
  const template = sql.replace(/;$/, '').replaceAll('%', '%%').replaceAll(THIS_DATABASE, '%1$I');
  const body = `BEGIN EXECUTE pg_catalog.format(${quoteLiteral(template)}, pg_catalog.current_database()); END`;
  return `DO ${quoteLiteral(body)};`;
}
