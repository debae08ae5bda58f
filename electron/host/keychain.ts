import { safeStorage } from 'electron';
import type { Keychain } from '../ports';

/**
 * The operating system's keychain. Linux's `basic_text` encrypts under a key that is in the program's source: it counts as not
 * available, so that nobody takes it for protection. Usable after the app is ready.
 */
export function createKeychain(): Keychain {
  const backend =
    process.platform === 'linux'
      ? safeStorage.getSelectedStorageBackend()
      : process.platform === 'darwin'
        ? 'keychain'
        : 'dpapi';
  const available = safeStorage.isEncryptionAvailable() && backend !== 'basic_text' && backend !== 'unknown';
  return {
    available,
    backend: available ? backend : '',
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (blob) => safeStorage.decryptString(blob),
  };
}
