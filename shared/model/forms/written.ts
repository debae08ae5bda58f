/** SQL that a person wrote, within a statement: a comment at its end must not swallow what follows. */
export const written = (sql: string): string => (sql.includes('--') ? `${sql}\n` : sql);
