import type { ErrorInfo } from '../../../shared/errors';

/** What the person is asked after a failed attempt to connect. */
export type ConnectQuestion =
  | { readonly ask: 'password' | 'sshPassword'; readonly refused: boolean }
  | { readonly ask: 'hostKey'; readonly fingerprint: string }
  /** Nothing they could type here helps. `danger`: the host's key is not the confirmed one. */
  | { readonly ask: 'nothing'; readonly danger: boolean };

/** `keyConfirmed`: a host key was confirmed before, so another one is never offered for confirmation. */
export function connectQuestion(failure: ErrorInfo, keyConfirmed: boolean): ConnectQuestion {
  if (failure.code === 'authentication' && failure.field === 'password')
    return { ask: 'password', refused: failure.sqlstate !== undefined };
  if (failure.code !== 'tunnel') return { ask: 'nothing', danger: false };
  if (failure.field === 'sshPassword') return { ask: 'sshPassword', refused: failure.detail !== undefined };
  if (failure.field === 'ssh.hostKey') {
    if (keyConfirmed) return { ask: 'nothing', danger: true };
    return { ask: 'hostKey', fingerprint: failure.detail ?? '' };
  }
  return { ask: 'nothing', danger: false };
}
