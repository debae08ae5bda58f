import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger, redact } from '../../electron/log';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['postgresql://alice:s3cret@db1/shop', 'postgresql://alice:***@db1/shop'],
  ["host=db1 password='it''s' user=x", 'host=db1 password=*** user=x'],
  ['PASSWORD=abc', 'PASSWORD=***'],
  ['secretKey: "abc def" done', 'secretKey: *** done'],
  ['nothing to hide', 'nothing to hide'],
])('takes the secret out of %s', (text, clean) => {
  expect(redact(text)).toBe(clean);
});

it('writes one JSON line a record, with secrets replaced, readable by the owner only', () => {
  const file = join(folder, 'logs', 'a.log');
  const log = createLogger(file);
  log.write('info', 'connected with password=abc', { sshPassword: 'abc', where: 'postgres://u:abc@h/d', port: 5432 });
  const id = log.bug('servers.connect', new Error('broken'));
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain('abc');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toMatchObject({ level: 'info', sshPassword: '***', port: 5432 });
  expect(lines[1]).toMatchObject({ level: 'error', id, where: 'servers.connect' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('turns the file over at 5 MiB and keeps the one before', () => {
  const file = join(folder, 'a.log');
  writeFileSync(file, 'x'.repeat(5 * 1024 * 1024 + 1));
  createLogger(file).write('info', 'new');
  expect(readFileSync(file, 'utf8')).toContain('"text":"new"');
  expect(statSync(`${file}.1`).size).toBe(5 * 1024 * 1024 + 1);
});
