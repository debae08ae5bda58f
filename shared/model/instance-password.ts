import { PASSWORD_MAX, PASSWORD_MIN, PASSWORD_SPECIALS, passwordAdvised, type InstanceRule } from './instance-rules';

/** One line of the live list beside the password field. */
export interface PasswordCheck {
  /** Key of `instances.passwordChecks` in the translations. */
  readonly rule: Extract<InstanceRule, `password-${string}`> | 'password-advised';
  readonly ok: boolean;
  /** Recommended only: the password is accepted without it. */
  readonly advice: boolean;
}

/** Every rule of `checkAdminPassword` by itself, all of them together hold exactly when that accepts; the last one is advice. */
export function passwordChecks(password: string): readonly PasswordCheck[] {
  const characters = Array.from(password);
  const isSpecial = (character: string) => PASSWORD_SPECIALS.includes(character);
  const check = (rule: PasswordCheck['rule'], ok: boolean, advice = false): PasswordCheck => ({ rule, ok, advice });
  return [
    check('password-length', password.length >= PASSWORD_MIN && password.length <= PASSWORD_MAX),
    check('password-lower', /[a-z]/.test(password)),
    check('password-upper', /[A-Z]/.test(password)),
    check('password-digit', /[0-9]/.test(password)),
    check('password-special', characters.some(isSpecial)),
    check(
      'password-characters',
      characters.every((character) => /[A-Za-z0-9]/.test(character) || isSpecial(character)),
    ),
    check('password-slash', !password.startsWith('/')),
    check('password-advised', passwordAdvised(password), true),
  ];
}
