/**
 * The rules of the purchase page (public API `CreateInstances`): one piece of code checks the dialog as one types and the API when it is
 * called. Nothing here knows the machine: what it can carry is the control plane's business.
 */

export type InstanceField =
  | 'name'
  | 'adminUser'
  | 'adminPassword'
  | 'charset'
  | 'storageGb'
  | 'count'
  | 'tags'
  | 'region'
  | 'zone'
  | 'major'
  | 'classCode';

/** Keys of `instances.rules.*` in the translations. */
export type InstanceRule =
  | 'name-too-long'
  | 'name-characters'
  | 'user-missing'
  | 'user-too-long'
  | 'user-characters'
  | 'user-start'
  | 'user-reserved'
  | 'password-length'
  | 'password-slash'
  | 'password-characters'
  | 'password-lower'
  | 'password-upper'
  | 'password-digit'
  | 'password-special'
  | 'charset-unknown'
  | 'storage-step'
  | 'storage-range'
  | 'count-range'
  | 'tag-count'
  | 'tag-length'
  | 'tag-key'
  | 'tag-twice';

export interface RuleFailure {
  readonly field: InstanceField;
  readonly rule: InstanceRule;
  /** Values for the message: `{{min}}`, `{{max}}`, `{{found}}`. */
  readonly values: Readonly<Record<string, string | number>>;
  /** A value that the rule accepts; empty where showing one would be unwise. */
  readonly example: string;
}

export const CHARSETS = ['UTF8', 'LATIN1'] as const;
export type Charset = (typeof CHARSETS)[number];

export const NAME_MAX = 60;
export const USER_MAX = 16;
export const PASSWORD_MIN = 8;
export const PASSWORD_ADVISED = 12;
export const PASSWORD_MAX = 32;
export const STORAGE_STEP = 10;
export const COUNT_MAX = 10;
export const TAGS_MAX = 20;
export const TAG_KEY_MAX = 127;
export const TAG_VALUE_MAX = 255;
/** Shown when no name was given. */
export const UNNAMED = 'Unnamed';
export const PASSWORD_SPECIALS = "()`~!@#$%^&*-+=_|{}[]:;'<>,.?/";

const failure = (
  field: InstanceField,
  rule: InstanceRule,
  example = '',
  values: Readonly<Record<string, string | number>> = {},
): RuleFailure => ({ field, rule, example, values });

/** Letters (Chinese too), digits, `_` and `-`, up to 60; empty is allowed and becomes "Unnamed". */
export function checkInstanceName(name: string): RuleFailure | null {
  if (Array.from(name).length > NAME_MAX) return failure('name', 'name-too-long', 'shop-production', { max: NAME_MAX });
  const wrong = /[^\p{Script=Han}A-Za-z0-9_-]/u.exec(name);
  if (wrong) return failure('name', 'name-characters', 'shop-production', { found: wrong[0] });
  return null;
}

/** 1–16 letters, digits and underscores; not `postgres`, not starting with a digit or `pg_` (nor `tencentdb_`), in any case of letters. */
export function checkAdminUser(user: string): RuleFailure | null {
  if (user === '') return failure('adminUser', 'user-missing', 'shop_admin');
  if (user.length > USER_MAX) return failure('adminUser', 'user-too-long', 'shop_admin', { max: USER_MAX });
  const wrong = /[^A-Za-z0-9_]/u.exec(user);
  if (wrong) return failure('adminUser', 'user-characters', 'shop_admin', { found: wrong[0] });
  if (/^[0-9]/.test(user)) return failure('adminUser', 'user-start', 'shop_admin');
  const lower = user.toLowerCase();
  if (lower === 'postgres' || lower.startsWith('pg_') || lower.startsWith('tencentdb_'))
    return failure('adminUser', 'user-reserved', 'shop_admin', { found: user });
  // `CREATE ROLE public|none` is refused by every version.
  if (lower === 'public' || lower === 'none')
    return failure('adminUser', 'user-reserved', 'shop_admin', { found: user });
  return null;
}

/** How an accepted user name is written in the server: names of the API are case-insensitive. */
export const adminRole = (user: string): string => user.toLowerCase();

/** 8–32 characters, not starting with `/`, with a lower-case letter, an upper-case letter, a digit and a special character, and nothing else. */
export function checkAdminPassword(password: string): RuleFailure | null {
  if (password.length < PASSWORD_MIN || password.length > PASSWORD_MAX)
    return failure('adminPassword', 'password-length', '', { min: PASSWORD_MIN, max: PASSWORD_MAX });
  if (password.startsWith('/')) return failure('adminPassword', 'password-slash');
  for (const character of password) {
    if (!/[A-Za-z0-9]/.test(character) && !PASSWORD_SPECIALS.includes(character))
      return failure('adminPassword', 'password-characters', PASSWORD_SPECIALS);
  }
  if (!/[a-z]/.test(password)) return failure('adminPassword', 'password-lower', 'a–z');
  if (!/[A-Z]/.test(password)) return failure('adminPassword', 'password-upper', 'A–Z');
  if (!/[0-9]/.test(password)) return failure('adminPassword', 'password-digit', '0–9');
  if (!Array.from(password).some((character) => PASSWORD_SPECIALS.includes(character)))
    return failure('adminPassword', 'password-special', PASSWORD_SPECIALS);
  return null;
}

export const passwordAdvised = (password: string): boolean => password.length >= PASSWORD_ADVISED;

export function checkCharset(charset: string): RuleFailure | null {
  return (CHARSETS as readonly string[]).includes(charset)
    ? null
    : failure('charset', 'charset-unknown', 'UTF8', { found: charset });
}

/** Whole GB in steps of 10 within what the class allows. */
export function checkStorage(gb: number, range: { readonly min: number; readonly max: number }): RuleFailure | null {
  if (!Number.isInteger(gb) || gb <= 0 || gb % STORAGE_STEP !== 0)
    return failure('storageGb', 'storage-step', String(range.min), { step: STORAGE_STEP });
  if (gb < range.min || gb > range.max) return failure('storageGb', 'storage-range', String(range.min), range);
  return null;
}

export function checkCount(count: number): RuleFailure | null {
  return Number.isInteger(count) && count >= 1 && count <= COUNT_MAX
    ? null
    : failure('count', 'count-range', '1', { min: 1, max: COUNT_MAX });
}

/** Up to 20 tags with different keys of 1–127 characters and values of up to 255. */
export function checkTags(tags: readonly { readonly key: string; readonly value: string }[]): RuleFailure | null {
  if (tags.length > TAGS_MAX) return failure('tags', 'tag-count', '', { max: TAGS_MAX });
  const seen = new Set<string>();
  for (const { key, value } of tags) {
    for (const [text, max] of [
      [key, TAG_KEY_MAX],
      [value, TAG_VALUE_MAX],
    ] as const) {
      if (text.length > max) return failure('tags', 'tag-length', '', { found: text.slice(0, 20), max });
    }
    if (key.trim() === '') return failure('tags', 'tag-key', 'team');
    if (seen.has(key)) return failure('tags', 'tag-twice', '', { found: key });
    seen.add(key);
  }
  return null;
}

/** The part of a create request that rules of this file decide. */
export interface CheckedInstance {
  readonly name: string;
  readonly adminUser: string;
  readonly adminPassword: string;
  readonly charset: string;
  readonly storageGb: number;
  readonly count: number;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** Every broken rule, at most one for each field, in the order of the page. */
export function checkInstance(
  input: CheckedInstance,
  storage: { readonly min: number; readonly max: number },
): RuleFailure[] {
  return [
    checkStorage(input.storageGb, storage),
    checkInstanceName(input.name),
    checkCharset(input.charset),
    checkAdminUser(input.adminUser),
    checkAdminPassword(input.adminPassword),
    checkTags(input.tags),
    checkCount(input.count),
  ].filter((each) => each !== null);
}
