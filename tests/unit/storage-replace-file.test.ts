import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from '../../electron/adapters/storage/replace-file';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-replace-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('leaves a link a link and the rights of its file as they were', async () => {
  const path = join(folder, 'result.csv');
  const link = join(folder, 'link.csv');
  writeFileSync(path, 'old');
  chmodSync(path, 0o666);
  symlinkSync(path, link);
  await replaceFile(link, (file) => file.writeFile('new'));
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o666);
});

it('leaves the old file and nothing else when the writing fails', async () => {
  const path = join(folder, 'result.csv');
  writeFileSync(path, 'old');
  const failing = replaceFile(path, async (file) => {
    await file.writeFile('half');
    throw new Error('full');
  });
  await expect(failing).rejects.toThrow('full');
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['result.csv']);
});
