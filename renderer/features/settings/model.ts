import type { SecretStatus } from '../../../shared/model/settings';

/** Whether every word of the search stands somewhere in the texts. */
export function matchesSearch(query: string, ...texts: readonly string[]): boolean {
  const all = texts.join(' ').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

export const SECRET_MODES = ['keychain', 'master-password', 'session'] as const;
export type SecretMode = SecretStatus['mode'];

/** Shortest master password that main accepts. */
export const MASTER_PASSWORD_MIN = 8;

/** Why a new master password cannot be used; null when it can. Keys of `secrets.rules`. */
export function masterPasswordProblem(password: string, again: string): 'short' | 'different' | null {
  if (password.length < MASTER_PASSWORD_MIN) return 'short';
  return password === again ? null : 'different';
}
