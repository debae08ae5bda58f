import { z } from 'zod';
import { LANGUAGES, THEMES, type SecretStatus, type Settings } from '../model/settings';
import { call, push } from './define';

export const settingsDocument = z.object({
  theme: z.enum(THEMES),
  language: z.enum(LANGUAGES),
  showSystemObjects: z.boolean(),
  toolFolders: z.array(z.string().max(4096)).max(100),
  layout: z.string().max(1_000_000),
});

const masterPassword = z.string().min(8).max(1024);
/** While locked, a change of mode can only start anew: it fails with `secrets-locked` unless this says that stored passwords may go. */
const discardStored = z.boolean().optional();

export const settings = {
  calls: {
    get: call<Settings>()(z.object({})),
    update: call<Settings>()(settingsDocument.partial()),
    secrets: call<SecretStatus>()(z.object({})),
    /** Fails with `authentication` when wrong. */
    unlock: call<SecretStatus>()(z.object({ masterPassword: z.string().max(1024) })),
    /** Forgets the key until `unlock`. `unsupported` without a master password. */
    lock: call<SecretStatus>()(z.object({})),
    /** Keeps secrets under a master password from now on; what is stored and readable is re-encrypted. */
    keepUnderMasterPassword: call<SecretStatus>()(z.object({ masterPassword, discardStored })),
    /** Keeps secrets in the operating system's keychain from now on. `unsupported` where there is none. */
    keepInKeychain: call<SecretStatus>()(z.object({ discardStored })),
    /** Keeps secrets only while the program runs; what was stored is deleted from the disk. */
    keepInSession: call<SecretStatus>()(z.object({})),
  },
  pushes: {
    changed: push<Settings>(),
    secretsChanged: push<SecretStatus>(),
  },
};
