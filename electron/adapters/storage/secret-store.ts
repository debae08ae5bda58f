import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../shared/errors';
import type { SecretStatus } from '../../../shared/model/settings';
import type { Logger } from '../../log';
import type { Keychain, SecretStore } from '../../ports';
import { openJsonDocument } from './json-document';
import {
  masterWrapSchema,
  seal,
  sealedSchema,
  unseal,
  unwrapWithPassword,
  wrapWithPassword,
  type Sealed,
} from './key-wrap';

const storedSchema = z.object({
  mode: z.enum(['unset', 'keychain', 'master-password', 'session']),
  /** The data key under the keychain, with the backend that holds it. */
  keychain: z.object({ backend: z.string(), blob: z.string() }).nullable(),
  /** The data key under a master password. Stays beside the keychain's as the way back when the keychain is gone. */
  master: masterWrapSchema.nullable(),
  entries: z.record(z.string(), sealedSchema),
});
type Stored = z.output<typeof storedSchema>;

const EMPTY: Stored = { mode: 'unset', keychain: null, master: null, entries: {} };

/** The secret store with what the settings page does to it. */
export interface SecretVault extends SecretStore {
  status(): SecretStatus;
  /** Fails with `authentication` when the password is wrong, `unsupported` when there is none. */
  unlock(masterPassword: string): Promise<void>;
  /** Forgets the data key. Fails with `unsupported` without a master password. */
  lock(): void;
  keepUnderMasterPassword(masterPassword: string, discardStored: boolean): Promise<void>;
  keepInKeychain(discardStored: boolean): Promise<void>;
  keepInSession(): Promise<void>;
}

/**
 * Secrets in one file: each value under AES-256-GCM with a random data key and its own name as context; the data key under the
 * keychain, a master password, or nowhere but in memory (`session`, nothing on disk).
 * A keychain other than the recorded one, or one that cannot open the data key, never leads to a new key by itself: the store is locked
 * until the master password opens it or the person starts anew.
 */
export function openSecretStore(options: {
  readonly file: string;
  readonly keychain: Keychain;
  readonly log: Logger;
  readonly onBroken?: (kept: string, reason: string) => void;
}): SecretVault {
  const { keychain, log } = options;
  const document = openJsonDocument<Stored>({
    file: options.file,
    schema: storedSchema,
    version: 1,
    defaults: EMPTY,
    log,
    ...(options.onBroken ? { onBroken: options.onBroken } : {}),
  });
  let dataKey: Buffer | null = null;
  let sessionEntries: Record<string, Sealed> = {};
  /** One change at a time: what a change of mode carries over must not miss a value set meanwhile. */
  let changing: Promise<unknown> = Promise.resolve();

  const mode = (): SecretStatus['mode'] => {
    const stored = document.current().mode;
    return stored === 'unset' ? (keychain.available ? 'keychain' : 'session') : stored;
  };
  const entries = (): Readonly<Record<string, Sealed>> =>
    mode() === 'session' ? sessionEntries : document.current().entries;

  const wrapByKeychain = (key: Buffer) => ({
    backend: keychain.backend,
    blob: keychain.encrypt(key.toString('base64')).toString('base64'),
  });

  function keyFromKeychain(): Buffer | null {
    const wrapped = document.current().keychain;
    if (!wrapped || !keychain.available || wrapped.backend !== keychain.backend) return null;
    try {
      const key = Buffer.from(keychain.decrypt(Buffer.from(wrapped.blob, 'base64')), 'base64');
      return key.length === 32 ? key : null;
    } catch (error) {
      log.write('warn', 'the keychain could not open the data key', { reason: String(error) });
      return null;
    }
  }

  if (document.current().mode === 'keychain') dataKey = keyFromKeychain();
  if (mode() === 'session') dataKey = randomBytes(32);

  const locked = (): boolean => dataKey === null && document.current().mode !== 'unset';

  const lockedError = (): AppError =>
    new AppError(
      document.current().master
        ? {
            code: 'secrets-locked',
            message: 'Stored passwords are locked',
            hint: 'Unlock them with the master password.',
          }
        : {
            code: 'secrets-locked',
            message: `The keychain that holds the key of the stored passwords (${document.current().keychain?.backend ?? ''}) is not available`,
            hint: 'Log in to the desktop session that has it, or choose in the settings where passwords are kept from now on.',
          },
    );

  const openKey = (): Buffer => {
    if (!dataKey) throw lockedError();
    return dataKey;
  };

  /** The data key; the very first `set` makes it. */
  const keyForWriting = async (): Promise<Buffer> => {
    if (dataKey || locked()) return openKey();
    const fresh = randomBytes(32);
    await document.update((stored) => ({ ...stored, mode: 'keychain', keychain: wrapByKeychain(fresh) }));
    dataKey = fresh;
    return fresh;
  };

  const write = async (change: (entries: Record<string, Sealed>) => void): Promise<void> => {
    if (mode() === 'session') {
      change(sessionEntries);
      return;
    }
    await document.update((stored) => {
      const next = { ...stored.entries };
      change(next);
      return { ...stored, entries: next };
    });
  };

  const oneAtATime = <T>(work: () => Promise<T>): Promise<T> => {
    const done = changing.then(work);
    changing = done.catch(() => undefined);
    return done;
  };

  /** What the next mode starts with: the key and the values that can be read now, or a new key and nothing. */
  function carryOver(discardStored: boolean): { key: Buffer; entries: Record<string, Sealed>; fresh: boolean } {
    if (dataKey) return { key: dataKey, entries: { ...entries() }, fresh: false };
    if (locked() && !discardStored) throw lockedError();
    return { key: randomBytes(32), entries: {}, fresh: true };
  }

  return {
    async get(name) {
      const sealed = entries()[name];
      if (!sealed) return null;
      const opened = openKey();
      try {
        return unseal(opened, name, sealed);
      } catch (error) {
        throw new AppError(
          {
            code: 'storage',
            message: 'A stored password was changed on the disk and cannot be read',
            hint: 'Type the password again; it replaces the stored one.',
          },
          { cause: error },
        );
      }
    },
    set: (name, value) =>
      oneAtATime(async () => {
        const sealed = seal(await keyForWriting(), name, value);
        await write((all) => {
          all[name] = sealed;
        });
      }),
    delete: (name) =>
      oneAtATime(async () => {
        if (!Object.hasOwn(entries(), name)) return;
        await write((all) => {
          delete all[name];
        });
      }),
    has: (name) => Object.hasOwn(entries(), name),
    status: () => ({
      mode: mode(),
      backend: mode() === 'keychain' ? (document.current().keychain?.backend ?? keychain.backend) : '',
      keychainAvailable: keychain.available,
      locked: locked(),
      hasMasterPassword: document.current().master !== null,
      stored: Object.keys(entries()).length,
    }),
    unlock: (masterPassword) =>
      oneAtATime(async () => {
        const { master, mode: stored } = document.current();
        if (!master) throw new AppError({ code: 'unsupported', message: 'There is no master password' });
        const opened = await unwrapWithPassword(master, masterPassword);
        if (!opened) {
          throw new AppError({
            code: 'authentication',
            message: 'The master password is wrong',
            field: 'masterPassword',
            retry: true,
          });
        }
        dataKey = opened;
        // The keychain changed: from now on the present one holds the key, or the master password alone where there is none.
        if (stored === 'keychain' && !keyFromKeychain()) {
          await document.update((now) => ({
            ...now,
            ...(keychain.available
              ? { keychain: wrapByKeychain(opened) }
              : { mode: 'master-password', keychain: null }),
          }));
        }
      }),
    lock() {
      if (mode() !== 'master-password')
        throw new AppError({ code: 'unsupported', message: 'Only a master password can lock stored passwords' });
      dataKey = null;
    },
    keepUnderMasterPassword: (masterPassword, discardStored) =>
      oneAtATime(async () => {
        const carried = carryOver(discardStored);
        const master = await wrapWithPassword(carried.key, masterPassword);
        await document.update(() => ({ mode: 'master-password', keychain: null, master, entries: carried.entries }));
        dataKey = carried.key;
        sessionEntries = {};
      }),
    keepInKeychain: (discardStored) =>
      oneAtATime(async () => {
        if (!keychain.available) {
          throw new AppError({
            code: 'unsupported',
            message: 'This desktop has no keychain that the program can use',
            hint: 'Start a keyring such as GNOME Keyring or KWallet, or use a master password.',
          });
        }
        const carried = carryOver(discardStored);
        await document.update((stored) => ({
          mode: 'keychain',
          keychain: wrapByKeychain(carried.key),
          master: carried.fresh ? null : stored.master,
          entries: carried.entries,
        }));
        dataKey = carried.key;
        sessionEntries = {};
      }),
    keepInSession: () =>
      oneAtATime(async () => {
        const carried = carryOver(true);
        await document.update(() => ({ ...EMPTY, mode: 'session' }));
        sessionEntries = carried.entries;
        dataKey = carried.key;
      }),
  };
}
