import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSecretStore } from '../../electron/adapters/storage/secret-store';
import type { Keychain } from '../../electron/ports';
import { memoryLog } from '../support/log';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-secrets-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NONE: Keychain = {
  available: false,
  backend: '',
  encrypt: () => {
    throw new Error('no keychain');
  },
  decrypt: () => {
    throw new Error('no keychain');
  },
};

/** A keychain with a key of its own, as one desktop session has it: another one cannot open its blobs. */
function keychain(backend: string): Keychain {
  const key = randomBytes(32);
  return {
    available: true,
    backend,
    encrypt(text) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), data]);
    },
    decrypt(blob) {
      const opener = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12)).setAuthTag(blob.subarray(12, 28));
      return Buffer.concat([opener.update(blob.subarray(28)), opener.final()]).toString('utf8');
    },
  };
}

const open = (chain: Keychain) => openSecretStore({ file, keychain: chain, log: memoryLog() });
const onDisk = () => readFileSync(file, 'utf8');
const KEY = 'server/1/password';

describe('with a keychain', () => {
  it('keeps a secret over a restart, and never in plain text on disk', async () => {
    const gnome = keychain('gnome_libsecret');
    const store = open(gnome);
    await store.set(KEY, 'tr0ub4dor&3');
    expect(onDisk()).not.toContain('tr0ub4dor');
    const again = open(gnome);
    expect(again.status()).toMatchObject({ mode: 'keychain', backend: 'gnome_libsecret', locked: false, stored: 1 });
    expect(again.has(KEY)).toBe(true);
    expect(await again.get(KEY)).toBe('tr0ub4dor&3');
    await again.delete(KEY);
    expect(await open(gnome).get(KEY)).toBeNull();
  });

  it('two first secrets at the same time are both readable', async () => {
    const gnome = keychain('gnome_libsecret');
    const store = open(gnome);
    await Promise.all([store.set('a', '1'), store.set('b', '2'), store.set('c', '3')]);
    const again = open(gnome);
    expect(await Promise.all(['a', 'b', 'c'].map((name) => again.get(name)))).toEqual(['1', '2', '3']);
  });

  it('a secret cannot be moved to another name on the disk', async () => {
    const gnome = keychain('gnome_libsecret');
    const store = open(gnome);
    await store.set('server/1/password', 'production');
    await store.set('server/2/password', 'harmless');
    const document = JSON.parse(onDisk()) as { data: { entries: Record<string, unknown> } };
    document.data.entries['server/2/password'] = document.data.entries['server/1/password'];
    writeFileSync(file, JSON.stringify(document));
    await expect(open(gnome).get('server/2/password')).rejects.toMatchObject({ code: 'storage' });
  });

  it.each([
    ['another backend', () => keychain('kwallet5')],
    ['the same backend with another key', () => keychain('gnome_libsecret')],
    ['no keychain any more', () => NONE],
  ])('is locked by %s, and nothing is overwritten', async (_what, other) => {
    await open(keychain('gnome_libsecret')).set(KEY, 'x');
    const before = onDisk();
    const store = open(other());
    expect(store.status()).toMatchObject({ locked: true, hasMasterPassword: false });
    expect(store.has(KEY)).toBe(true);
    await expect(store.get(KEY)).rejects.toMatchObject({ code: 'secrets-locked' });
    await expect(store.set('new', 'y')).rejects.toMatchObject({ code: 'secrets-locked' });
    expect(await store.get('never stored')).toBeNull();
    expect(onDisk()).toBe(before);
  });

  it('starts anew only when that was said', async () => {
    await open(keychain('gnome_libsecret')).set(KEY, 'x');
    const other = keychain('kwallet5');
    const store = open(other);
    await expect(store.keepInKeychain(false)).rejects.toMatchObject({ code: 'secrets-locked' });
    await expect(store.keepUnderMasterPassword('long enough', false)).rejects.toMatchObject({ code: 'secrets-locked' });
    await store.keepInKeychain(true);
    expect(store.status()).toMatchObject({ mode: 'keychain', backend: 'kwallet5', locked: false, stored: 0 });
    await store.set(KEY, 'y');
    expect(await open(other).get(KEY)).toBe('y');
  });
});

describe('with a master password', () => {
  it('asks after a restart, refuses a wrong one, opens with the right one', async () => {
    const store = open(NONE);
    await store.set(KEY, 'typed before');
    await store.keepUnderMasterPassword('copper kettle', false);
    const again = open(NONE);
    expect(again.status()).toMatchObject({ mode: 'master-password', locked: true, hasMasterPassword: true });
    await expect(again.get(KEY)).rejects.toMatchObject({ code: 'secrets-locked' });
    await expect(again.unlock('copper kettl')).rejects.toMatchObject({
      code: 'authentication',
      info: { field: 'masterPassword' },
    });
    await again.unlock('copper kettle');
    expect(await again.get(KEY)).toBe('typed before');
    again.lock();
    await expect(again.get(KEY)).rejects.toMatchObject({ code: 'secrets-locked' });
    expect(onDisk()).not.toContain('copper kettle');
  });

  it('can be changed; the old one is worth nothing then', async () => {
    const store = open(NONE);
    await store.keepUnderMasterPassword('first password', false);
    await store.set(KEY, 'v');
    await store.keepUnderMasterPassword('second password', false);
    const again = open(NONE);
    await expect(again.unlock('first password')).rejects.toMatchObject({ code: 'authentication' });
    await again.unlock('second password');
    expect(await again.get(KEY)).toBe('v');
  });

  it('is the way back when the keychain has changed, and the new keychain holds the key from then on', async () => {
    const gnome = keychain('gnome_libsecret');
    const store = open(gnome);
    await store.keepUnderMasterPassword('copper kettle', false);
    await store.set(KEY, 'v');
    await store.keepInKeychain(false);
    const kwallet = keychain('kwallet5');
    const moved = open(kwallet);
    expect(moved.status()).toMatchObject({ locked: true, hasMasterPassword: true });
    await moved.unlock('copper kettle');
    expect(await moved.get(KEY)).toBe('v');
    const next = open(kwallet);
    expect(next.status()).toMatchObject({ mode: 'keychain', backend: 'kwallet5', locked: false });
    expect(await next.get(KEY)).toBe('v');
  });

  it('a secret set while the mode changes is not lost', async () => {
    const store = open(NONE);
    await Promise.all([store.keepUnderMasterPassword('copper kettle', false), store.set(KEY, 'meanwhile')]);
    const again = open(NONE);
    await again.unlock('copper kettle');
    expect(await again.get(KEY)).toBe('meanwhile');
  });

  it('a forged cost is not paid: the file is put aside', async () => {
    const store = open(NONE);
    await store.keepUnderMasterPassword('copper kettle', false);
    writeFileSync(file, onDisk().replace('"N": 131072', '"N": 1073741824'));
    expect(open(NONE).status()).toMatchObject({ mode: 'session', locked: false });
  });
});

describe('in memory only', () => {
  it('is what a desktop without keychain starts with; nothing is written', async () => {
    const store = open(NONE);
    expect(store.status()).toMatchObject({ mode: 'session', keychainAvailable: false, locked: false });
    await store.set(KEY, 'v');
    expect(await store.get(KEY)).toBe('v');
    expect(() => onDisk()).toThrow('ENOENT');
    expect(await open(NONE).get(KEY)).toBeNull();
  });

  it('deletes from the disk what was stored, and keeps it until the end', async () => {
    const gnome = keychain('gnome_libsecret');
    const store = open(gnome);
    await store.set(KEY, 'v');
    await store.keepInSession();
    expect(await store.get(KEY)).toBe('v');
    expect(JSON.parse(onDisk())).toMatchObject({
      data: { mode: 'session', entries: {}, keychain: null, master: null },
    });
    const again = open(gnome);
    expect(again.status()).toMatchObject({ mode: 'session', keychainAvailable: true, stored: 0 });
  });

  it('there is nothing to lock or unlock', async () => {
    const store = open(NONE);
    expect(() => store.lock()).toThrow(expect.objectContaining({ code: 'unsupported' }));
    await expect(store.unlock('x')).rejects.toMatchObject({ code: 'unsupported' });
    await expect(store.keepInKeychain(false)).rejects.toMatchObject({ code: 'unsupported' });
  });
});
