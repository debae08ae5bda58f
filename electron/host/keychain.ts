import { safeStorage } from 'electron';
import type { Keychain } from '../ports';
import { usableBackend } from './keychain-backend';

/** The operating system's keychain. Usable after the app is ready. */
export function createKeychain(): Keychain {
  const backend = usableBackend(
    process.platform,
    process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : '',
    safeStorage.isEncryptionAvailable(),
  );
  return {
    available: backend !== '',
    backend,
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (blob) => safeStorage.decryptString(blob),
  };
}
