/** A name as typed on the command line: `schema.name`, `name`, `schema.name(argument types)`; parts may be quoted as in SQL. */
export interface ObjectName {
  /** Null: any schema. */
  readonly schema: string | null;
  readonly name: string;
  /** Text between the parentheses of a function; null: none typed. */
  readonly types: string | null;
}

const PART = '(?:"((?:[^"]|"")+)"|([^".()]+))';
const NAME = new RegExp(String.raw`^\s*(?:${PART}\.)?${PART}\s*(?:\((.*)\))?\s*$`, 's');

/** Null when the text is no name. Unquoted parts are taken as they are written. */
export function parseObjectName(text: string): ObjectName | null {
  const found = NAME.exec(text);
  if (!found) return null;
  const [, quotedSchema, schema, quotedName, name, types] = found;
  const part = (quoted: string | undefined, plain: string | undefined): string | null =>
    quoted === undefined ? (plain?.trim() ?? null) : quoted.replaceAll('""', '"');
  const shown = part(quotedName, name);
  return shown === null || shown === ''
    ? null
    : { schema: part(quotedSchema, schema), name: shown, types: types ?? null };
}
