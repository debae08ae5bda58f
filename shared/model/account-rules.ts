import { PASSWORD_MAX, PASSWORD_MIN, PASSWORD_SPECIALS } from './instance-rules';
import type { PrivilegeObjectType } from './account';
import { quoteIdent } from './quote';

/**
 * The rules of accounts and databases (public API `CreateAccount`, `CreateDatabase`): one piece of code checks the dialog as one types and the
 * API when it is called.
 */

export type AccountField = 'name' | 'password' | 'remark';

/** Keys of `accounts.rules.*` in the translations. */
export type AccountRule =
  | 'name-missing'
  | 'name-too-long'
  | 'name-characters'
  | 'name-start'
  | 'name-keyword'
  | 'name-reserved'
  | 'password-length'
  | 'password-slash'
  | 'password-characters'
  | 'password-lower'
  | 'password-upper'
  | 'password-digit'
  | 'password-special'
  | 'remark-too-long'
  | 'remark-characters';

export interface AccountRuleFailure {
  readonly field: AccountField;
  readonly rule: AccountRule;
  /** Values for the message: `{{min}}`, `{{max}}`, `{{found}}`. */
  readonly values: Readonly<Record<string, string | number>>;
  /** A value that the rule accepts; empty where showing one would be unwise. */
  readonly example: string;
}

export const ACCOUNT_NAME_MAX = 63;
export const REMARK_MAX = 60;
/** Specials of passwords of accounts: those of the purchase page without `;` and `'`. */
export const ACCOUNT_PASSWORD_SPECIALS = PASSWORD_SPECIALS.replaceAll(/[;']/g, '');

const failure = (
  field: AccountField,
  rule: AccountRule,
  example = '',
  values: Readonly<Record<string, string | number>> = {},
): AccountRuleFailure => ({ field, rule, example, values });

/** Quoted although its letters need no quotes: a word that the server keeps for itself. */
const isKeyword = (lower: string): boolean => /^[a-z_][a-z0-9_]*$/.test(lower) && quoteIdent(lower) !== lower;

/** What both kinds of names obey: 1–63 letters, digits and underscores, starting with a letter or `_`, no key word of SQL. */
function checkName(name: string, example: string): AccountRuleFailure | null {
  if (name === '') return failure('name', 'name-missing', example);
  if (name.length > ACCOUNT_NAME_MAX) return failure('name', 'name-too-long', example, { max: ACCOUNT_NAME_MAX });
  const wrong = /[^A-Za-z0-9_]/u.exec(name);
  if (wrong) return failure('name', 'name-characters', example, { found: wrong[0] });
  if (/^[0-9]/.test(name)) return failure('name', 'name-start', example);
  const lower = name.toLowerCase();
  // `CREATE ROLE public|none` is refused by every version.
  if (lower === 'public' || isKeyword(lower)) return failure('name', 'name-keyword', example, { found: name });
  return null;
}

/** Not `postgres`, not starting with `pg_` or `tencentdb_`, in any case of letters. */
export function checkAccountName(name: string): AccountRuleFailure | null {
  const broken = checkName(name, 'report_reader');
  if (broken) return broken;
  const lower = name.toLowerCase();
  return lower === 'postgres' || lower.startsWith('pg_') || lower.startsWith('tencentdb_')
    ? failure('name', 'name-reserved', 'report_reader', { found: name })
    : null;
}

/** Not `postgres`, nor one of the templates. */
export function checkDatabaseName(name: string): AccountRuleFailure | null {
  const broken = checkName(name, 'shop');
  if (broken) return broken;
  return ['postgres', 'template0', 'template1'].includes(name.toLowerCase())
    ? failure('name', 'name-reserved', 'shop', { found: name })
    : null;
}

/** 8–32 characters, not starting with `/`, with a lower-case letter, an upper-case letter, a digit and a special character, and nothing else. */
export function checkAccountPassword(password: string): AccountRuleFailure | null {
  const broken = passwordRules(password).find(({ ok }) => !ok);
  if (!broken) return null;
  const values = { min: PASSWORD_MIN, max: PASSWORD_MAX };
  const characters = broken.rule === 'password-characters' || broken.rule === 'password-special';
  return failure('password', broken.rule, characters ? ACCOUNT_PASSWORD_SPECIALS : '', values);
}

/** One line of the live list beside a password field. */
export interface AccountPasswordRule {
  readonly rule: Extract<AccountRule, `password-${string}`>;
  readonly ok: boolean;
}

/** Every rule of `checkAccountPassword` by itself: all of them hold exactly when that accepts. */
export function passwordRules(password: string): readonly AccountPasswordRule[] {
  const characters = Array.from(password);
  const isSpecial = (character: string): boolean => ACCOUNT_PASSWORD_SPECIALS.includes(character);
  return [
    { rule: 'password-length', ok: password.length >= PASSWORD_MIN && password.length <= PASSWORD_MAX },
    { rule: 'password-slash', ok: !password.startsWith('/') },
    {
      rule: 'password-characters',
      ok: characters.every((character) => /[A-Za-z0-9]/.test(character) || isSpecial(character)),
    },
    { rule: 'password-lower', ok: /[a-z]/.test(password) },
    { rule: 'password-upper', ok: /[A-Z]/.test(password) },
    { rule: 'password-digit', ok: /[0-9]/.test(password) },
    { rule: 'password-special', ok: characters.some(isSpecial) },
  ];
}

/** Letters (Chinese too), digits, `_` and `-`, up to 60; empty is allowed. */
export function checkRemark(remark: string): AccountRuleFailure | null {
  if (Array.from(remark).length > REMARK_MAX) return failure('remark', 'remark-too-long', '', { max: REMARK_MAX });
  const wrong = /[^\p{Script=Han}A-Za-z0-9_-]/u.exec(remark);
  return wrong ? failure('remark', 'remark-characters', 'nightly-reports', { found: wrong[0] }) : null;
}

const TABLE = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] as const;

/** Privileges that exist on a kind of objects, in the order of the documentation. Accounts have a type instead, so none. */
export function privilegesOf(type: PrivilegeObjectType, major: number): readonly string[] {
  switch (type) {
    case 'account':
      return [];
    case 'database':
      return ['CREATE', 'CONNECT', 'TEMPORARY'];
    case 'schema':
      return ['CREATE', 'USAGE'];
    case 'sequence':
      return ['USAGE', 'SELECT', 'UPDATE'];
    case 'procedure':
    case 'function':
      return ['EXECUTE'];
    case 'type':
      return ['USAGE'];
    case 'table':
    case 'view':
    case 'matview':
      return major >= 17 ? [...TABLE, 'MAINTAIN'] : TABLE;
    case 'column':
      return ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'];
  }
}
