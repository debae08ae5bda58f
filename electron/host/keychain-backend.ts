/**
 * The name of the keychain that really protects, or empty. Linux's `basic_text` encrypts under a key that is in the program's source: it
 * counts as no keychain, so that nobody takes it for protection.
 */
export function usableBackend(platform: string, linuxBackend: string, available: boolean): string {
  if (!available) return '';
  if (platform === 'darwin') return 'keychain';
  if (platform === 'win32') return 'dpapi';
  return linuxBackend === 'basic_text' || linuxBackend === 'unknown' ? '' : linuxBackend;
}
