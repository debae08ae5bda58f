import { join } from 'node:path';
import { settingsDocument, type settings } from '../../../shared/contract/settings';
import type { Emit, Handlers } from '../../../shared/contract/define';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/model/settings';
import { openJsonDocument } from '../../adapters/storage/json-document';
import type { SecretVault } from '../../adapters/storage/secret-store';
import type { Logger } from '../../log';

export interface SettingsFeature {
  readonly handlers: Handlers<typeof settings>;
  /** The settings as they are now. */
  current(): Settings;
  /** Runs after every change. Returns the function that stops listening. */
  onChange(listener: (settings: Settings) => void): () => void;
  close(): Promise<void>;
}

export interface SettingsDeps {
  /** Folder of the settings file. */
  readonly folder: string;
  readonly secrets: SecretVault;
  readonly emit: Emit<typeof settings>;
  readonly log: Logger;
  /** Told when the settings file was broken and put aside. */
  readonly onBroken?: (kept: string, reason: string) => void;
}

/** The settings document and where secrets are kept. */
export function createSettingsFeature({ folder, secrets, emit, log, onBroken }: SettingsDeps): SettingsFeature {
  const document = openJsonDocument<Settings>({
    file: join(folder, 'settings.json'),
    schema: settingsDocument,
    version: 1,
    defaults: DEFAULT_SETTINGS,
    log,
    ...(onBroken ? { onBroken } : {}),
  });
  const listeners = new Set<(settings: Settings) => void>();
  const secretsChanged = () => {
    const status = secrets.status();
    emit('secretsChanged', status);
    return status;
  };
  return {
    handlers: {
      get: async () => document.current(),
      async update(change) {
        const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
        const saved = await document.update((now) => ({ ...now, ...given }));
        emit('changed', saved);
        for (const listener of listeners) listener(saved);
        return saved;
      },
      secrets: async () => secrets.status(),
      async unlock({ masterPassword }) {
        await secrets.unlock(masterPassword);
        return secretsChanged();
      },
      async lock() {
        secrets.lock();
        return secretsChanged();
      },
      async keepUnderMasterPassword({ masterPassword, discardStored }) {
        await secrets.keepUnderMasterPassword(masterPassword, discardStored ?? false);
        log.write('info', 'secrets are kept under a master password from now on');
        return secretsChanged();
      },
      async keepInKeychain({ discardStored }) {
        await secrets.keepInKeychain(discardStored ?? false);
        log.write('info', 'secrets are kept under the keychain from now on', { backend: secrets.status().backend });
        return secretsChanged();
      },
      async keepInSession() {
        await secrets.keepInSession();
        log.write('info', 'secrets are kept in memory only from now on');
        return secretsChanged();
      },
    },
    current: () => document.current(),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => document.settled(),
  };
}
