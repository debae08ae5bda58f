import { mkdtempSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keyPair, prepareStateFolder } from '../../electron/control-plane/state-folder';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('takes an empty folder, a new one, and its own again', async () => {
  const made = prepareStateFolder(folder, null);
  await keyPair(made);
  writeFileSync(join(folder, 'note.txt'), 'put here by a person');
  expect(prepareStateFolder(folder, null).root).toBe(folder);
  expect(prepareStateFolder(join(folder, 'deep', 'er'), null).run).toBe(join(folder, 'deep', 'er', 'run'));
});

it('takes up a start that was cut off before the key pair was made', () => {
  mkdirSync(join(folder, 'instances'));
  writeFileSync(join(folder, 'daemon.lock.0123'), '');
  expect(prepareStateFolder(folder, null).root).toBe(folder);
});

it('leaves the folder of somebody else alone, rights included', () => {
  writeFileSync(join(folder, 'letter.txt'), 'dear');
  const before = statSync(folder).mode;
  expect(() => prepareStateFolder(folder, null)).toThrow(/is no state folder of a control plane: it holds letter\.txt/);
  expect(statSync(folder).mode).toBe(before);
  expect(() => prepareStateFolder('/', null)).toThrow(/is no state folder/);
});

it('says what is wrong with a damaged key pair', async () => {
  const made = prepareStateFolder(folder, null);
  writeFileSync(join(folder, 'key-pair.json'), '{"x\n');
  await expect(keyPair(made)).rejects.toThrow(/key-pair\.json cannot be read/);
});
