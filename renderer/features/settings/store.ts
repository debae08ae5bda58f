import { create } from 'zustand';
import type { SecretStatus, Settings } from '../../../shared/model/settings';
import { errorInfo } from '../../../shared/errors';
import { api, listen } from '../../api';
import { presentError } from '../../ui/error-presenter';

interface SettingsState {
  readonly settings: Settings | null;
  readonly secrets: SecretStatus | null;
  /** Whether the dialog that asks for the master password is open. */
  readonly unlocking: boolean;
}

export const useSettings = create<SettingsState>(() => ({ settings: null, secrets: null, unlocking: false }));

let following = false;

/** Loads settings and the state of the secrets, and follows both from then on. Safe to call often. */
export async function followSettings(): Promise<void> {
  if (following) return;
  following = true;
  listen('settings', 'changed', (settings) => useSettings.setState({ settings }));
  listen('settings', 'secretsChanged', (secrets) => useSettings.setState({ secrets }));
  try {
    const [settings, secrets] = await Promise.all([api.settings.get({}), api.settings.secrets({})]);
    // Asked once at the start; whoever puts it off is asked again by the first call that needs a password.
    useSettings.setState({ settings, secrets, unlocking: secrets.locked && secrets.stored > 0 });
  } catch (error) {
    following = false;
    presentError(error);
  }
}

/** Saves at once; the window follows by the push. A failure is shown and the old value stays. */
export function saveSettings(change: Partial<Settings>): void {
  const { toolFolders, ...rest } = change;
  api.settings.update({ ...rest, ...(toolFolders ? { toolFolders: [...toolFolders] } : {}) }).catch(presentError);
}

/**
 * Takes an error over when it says that stored passwords are locked: opens the dialog that unlocks them. False: the error is not of that
 * kind and needs another owner.
 */
export function offerUnlock(error: unknown): boolean {
  if (errorInfo(error).code !== 'secrets-locked') return false;
  useSettings.setState({ unlocking: true });
  return true;
}
