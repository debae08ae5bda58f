import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSecretStore } from '../../electron/adapters/storage/secret-store';
import { createSettingsFeature } from '../../electron/features/settings/settings-feature';
import { masterPasswordProblem, matchesSearch } from '../../renderer/features/settings/model';
import { DEFAULT_SETTINGS } from '../../shared/model/settings';
import { memoryLog } from '../support/log';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const context = { signal: new AbortController().signal };

function make() {
  const log = memoryLog();
  const pushes: [string, unknown][] = [];
  const keychain = { available: false, backend: '', encrypt: () => Buffer.alloc(0), decrypt: () => '' };
  const secrets = openSecretStore({ file: join(folder, 'secrets.json'), keychain, log });
  const feature = createSettingsFeature({
    folder,
    secrets,
    log,
    emit: (name, payload) => void pushes.push([name, payload]),
  });
  return { feature, pushes };
}

it('changes one setting, tells every window, and keeps it', async () => {
  const { feature, pushes } = make();
  expect(await feature.handlers.get({}, context)).toEqual(DEFAULT_SETTINGS);
  const heard: string[] = [];
  feature.onChange(({ theme }) => heard.push(theme));
  await feature.handlers.update({ theme: 'dark' }, context);
  await feature.handlers.update({ language: undefined, toolFolders: ['/opt/pg/bin'] }, context);
  const expected = { ...DEFAULT_SETTINGS, theme: 'dark', toolFolders: ['/opt/pg/bin'] };
  expect(feature.current()).toEqual(expected);
  expect(pushes.at(-1)).toEqual(['changed', expected]);
  expect(heard).toEqual(['dark', 'dark']);
  expect(await make().feature.handlers.get({}, context)).toEqual(expected);
});

it('tells the state of the secrets after each change of it, never a secret', async () => {
  const { feature, pushes } = make();
  await feature.handlers.keepUnderMasterPassword({ masterPassword: 'copper kettle' }, context);
  await feature.handlers.lock({}, context);
  await feature.handlers.unlock({ masterPassword: 'copper kettle' }, context);
  expect(pushes.map(([name]) => name)).toEqual(['secretsChanged', 'secretsChanged', 'secretsChanged']);
  expect(pushes.map(([, status]) => (status as { locked: boolean }).locked)).toEqual([false, true, false]);
  expect(JSON.stringify(pushes)).not.toContain('copper');
});

it('finds a setting by any of its words, in any order', () => {
  expect(matchesSearch('', 'Theme')).toBe(true);
  expect(matchesSearch('colour theme', 'Theme', 'Colours of the window')).toBe(true);
  expect(matchesSearch('theme zebra', 'Theme', 'Colours of the window')).toBe(false);
  expect(matchesSearch('主密码', '密码保存位置', '主密码')).toBe(true);
});

it('tells what is wrong with a new master password', () => {
  expect(masterPasswordProblem('short', 'short')).toBe('short');
  expect(masterPasswordProblem('long enough', 'long enouhg')).toBe('different');
  expect(masterPasswordProblem('long enough', 'long enough')).toBeNull();
});
