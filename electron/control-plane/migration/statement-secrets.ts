/** Passwords that stand in statements and connection strings: those of user mappings, roles, subscriptions and addresses. */

/** Ends at the end of the text as well: what is shown of a long statement is cut off somewhere. */
const QUOTED = String.raw`[eE]'(?:[^'\\]|''|\\[\s\S])*(?:'|\\?$)|'[^']*(?:''[^']*)*(?:'|$)`;
const DOLLARS = String.raw`\$(?:[A-Za-z_][A-Za-z_0-9]*)?\$`;
const NAME = String.raw`(?:password|passwd|secret|token)\w{0,40}"?`;

/** `PASSWORD '…'` of a role, `OPTIONS (password '…')` of a user mapping or a server. */
const CLAUSE = new RegExp(String.raw`(${NAME}\s+)(?:${QUOTED})`, 'gi');
const DOLLAR_CLAUSE = new RegExp(String.raw`(${NAME}\s+)(${DOLLARS})[\s\S]*?(?:\2|$)`, 'gi');
/** A connection string is a literal of its own: what is quoted within it is quoted twice. */
const CONNECTION = new RegExp(String.raw`(connection\s+)(${QUOTED})`, 'gi');
const IN_CONNECTION = /(password\s*=\s*)(?:''(?:[^'\\]|\\[\s\S])*(?:''|$)|[^\s']+)/gi;
/** Elsewhere only without blanks: `password = hash` may be a condition of a view. */
const ASSIGNED = /(password=)(?:''(?:[^'\\]|\\[\s\S])*(?:''|$)|'[^']*(?:'|$)|[^\s'"]+)/gi;
const ADDRESS = /(:\/\/[^\s:/@']*:)[^\s@']+@/g;

/** The text with `***` in place of passwords, whoever they belong to. */
export const withoutPasswords = (text: string): string =>
  text
    .replaceAll(CLAUSE, "$1'***'")
    .replaceAll(DOLLAR_CLAUSE, "$1'***'")
    .replaceAll(CONNECTION, (_all, word: string, literal: string) => word + literal.replaceAll(IN_CONNECTION, '$1***'))
    .replaceAll(ASSIGNED, '$1***')
    .replaceAll(ADDRESS, '$1***@');
