/** One line of a password file. A field that is `*` (unescaped) matches everything. */
export interface PgpassLine {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/**
 * Cuts a line `host:port:database:user:password`; `\:` and `\\` are a colon and a backslash. Null for comments and lines that are not of this form.
 * The password runs to the end of the line, as in libpq. Source: PostgreSQL documentation, "The Password File".
 */
export function splitPgpassLine(line: string): PgpassLine | null {
  if (line.startsWith('#')) return null;
  const parts: string[] = [''];
  for (let i = 0; i < line.length; i++) {
    const c = line.charAt(i);
    const last = parts.length - 1;
    if (c === '\\' && i + 1 < line.length) parts[last] += line.charAt(++i);
    else if (c === ':' && parts.length < 5) parts.push('');
    else parts[last] += c;
  }
  const [host, port, database, user, password] = parts;
  if (
    host === undefined ||
    port === undefined ||
    database === undefined ||
    user === undefined ||
    password === undefined
  )
    return null;
  return { host, port, database, user, password };
}
