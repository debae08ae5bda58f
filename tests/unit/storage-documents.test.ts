import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createFileTokens } from '../../electron/adapters/storage/file-tokens';
import { openJsonDocument, type JsonDocumentOptions } from '../../electron/adapters/storage/json-document';
import { memoryLog } from '../support/log';

interface Shape {
  readonly n: number;
}
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-documents-'));
  file = join(folder, 'a', 'doc.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (extra: Partial<JsonDocumentOptions<Shape>> = {}) =>
  openJsonDocument<Shape>({
    file,
    schema: z.object({ n: z.number() }),
    version: 1,
    defaults: { n: 0 },
    log: memoryLog(),
    ...extra,
  });
const put = (text: string) => {
  mkdirSync(join(folder, 'a'), { recursive: true });
  writeFileSync(file, text);
};

it('starts with the defaults and keeps what was written', async () => {
  const document = open();
  expect(document.current()).toEqual({ n: 0 });
  expect(await document.update(() => ({ n: 7 }))).toEqual({ n: 7 });
  expect(open().current()).toEqual({ n: 7 });
});

it('only the owner may read the file, and no temporary file stays', async () => {
  await open().update(() => ({ n: 1 }));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'a'))).toEqual(['doc.json']);
});

it('writes in order: of many changes at once the last one stands on disk', async () => {
  const document = open();
  await Promise.all(Array.from({ length: 50 }, () => document.update(({ n }) => ({ n: n + 1 }))));
  expect(document.current()).toEqual({ n: 50 });
  expect(open().current()).toEqual({ n: 50 });
});

it.each([
  ['cut off', '{"version":1,"da'],
  ['of another shape', '{"version":1,"data":{"n":"seven"}}'],
  ['empty', ''],
  ['of a newer program', '{"version":9,"data":{"n":1}}'],
  ['older than any upgrade', '{"version":0,"data":{"n":1}}'],
])('a file that is %s is put aside unchanged, reported, and the defaults are used', async (_what, text) => {
  put(text);
  const reports: string[] = [];
  const document = open({ onBroken: (kept) => reports.push(kept) });
  expect(document.current()).toEqual({ n: 0 });
  expect(reports).toHaveLength(1);
  expect(reports[0]).toContain('doc.json.broken-');
  expect(readFileSync(reports[0] ?? '', 'utf8')).toBe(text);
  await document.update(() => ({ n: 3 }));
  expect(open().current()).toEqual({ n: 3 });
});

it('upgrades an older version step by step', () => {
  put('{"version":1,"data":{"count":"4"}}');
  const document = open({
    version: 3,
    upgrades: {
      1: (data) => ({ count: Number((data as { count: string }).count) }),
      2: (data) => ({ n: (data as { count: number }).count }),
    },
  });
  expect(document.current()).toEqual({ n: 4 });
});

it('a file that cannot be read is a storage failure, never an empty document', () => {
  mkdirSync(file, { recursive: true });
  expect(() => open()).toThrow(expect.objectContaining({ code: 'storage' }));
});

it('a write that fails tells so, and the value is the old one again', async () => {
  const document = open();
  await document.update(() => ({ n: 1 }));
  rmSync(join(folder, 'a'), { recursive: true });
  writeFileSync(join(folder, 'a'), 'a file where the folder was');
  await expect(document.update(() => ({ n: 2 }))).rejects.toMatchObject({ code: 'storage' });
  expect(document.current()).toEqual({ n: 1 });
});

it('refuses to write what the schema does not allow', async () => {
  const document = open();
  expect(() => document.update(() => ({ n: 'x' }) as unknown as Shape)).toThrow('n');
  expect(document.current()).toEqual({ n: 0 });
});

it('a token opens its own path for its own purpose only', () => {
  const files = createFileTokens();
  const token = files.add('/data/dump.sql', 'read');
  expect(files.path(token, 'read')).toBe('/data/dump.sql');
  expect(token).not.toContain('dump');
  expect(() => files.path(token, 'write')).toThrow(expect.objectContaining({ code: 'not-found' }));
  expect(() => files.path('/data/dump.sql', 'read')).toThrow(expect.objectContaining({ code: 'not-found' }));
});

it('forgets the oldest of more than a thousand tokens', () => {
  const files = createFileTokens();
  const first = files.add('/first', 'read');
  for (let n = 0; n < 1000; n++) files.add(`/${n}`, 'read');
  expect(() => files.path(first, 'read')).toThrow('not known');
});
