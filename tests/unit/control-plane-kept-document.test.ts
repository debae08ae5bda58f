import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiDeps } from '../../electron/control-plane/api/action';
import { openRates } from '../../electron/control-plane/api/rates';
import { tellTrouble } from '../../electron/control-plane/api/tell-trouble';
import { anInstance } from '../support/instance-record';
import { memoryLog } from '../support/log';

const CARD = { Currency: 'EUR', CpuHour: 10, MemoryGbHour: 2, StorageGbHour: 0.5 };
let folder: string;
const file = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps a copy that is as new as the document', async () => {
  const rates = openRates(folder, memoryLog());
  expect(rates.trouble).toBeNull();
  await rates.change(CARD);
  expect(readFileSync(file('rates.json.kept'), 'utf8')).toBe(readFileSync(file('rates.json'), 'utf8'));
});

it('makes a copy of a document that has none, and of one that differs', async () => {
  await openRates(folder, memoryLog()).change(CARD);
  rmSync(file('rates.json.kept'));
  openRates(folder, memoryLog());
  const copied = () => readFileSync(file('rates.json.kept'), 'utf8');
  await expect.poll(copied).toBe(readFileSync(file('rates.json'), 'utf8'));
  writeFileSync(file('rates.json.kept'), '{');
  const log = memoryLog();
  expect(openRates(folder, log).current()).toEqual(CARD);
  await expect.poll(copied).toBe(readFileSync(file('rates.json'), 'utf8'));
});

it('makes a document again that is broken or gone', async () => {
  await openRates(folder, memoryLog()).change(CARD);
  const whole = readFileSync(file('rates.json'), 'utf8');
  for (const harm of [() => writeFileSync(file('rates.json'), 'x'), () => rmSync(file('rates.json'))]) {
    harm();
    const log = memoryLog();
    const rates = openRates(folder, log);
    expect(rates.current()).toEqual(CARD);
    expect(rates.trouble).toMatchObject({ kind: 'restored', file: file('rates.json') });
    expect(log.records.some(({ level, text }) => level === 'error' && text.includes('copy'))).toBe(true);
    await expect.poll(() => readFileSync(file('rates.json'), 'utf8')).toBe(whole);
  }
});

it('tells every instance', async () => {
  writeFileSync(file('rates.json'), '{');
  const rates = openRates(folder, memoryLog());
  expect(rates.current().CpuHour).toBe(0);
  const noted: unknown[] = [];
  const instances = {
    list: () => [anInstance({ id: 'postgres-0000000a' }), anInstance({ id: 'postgres-0000000b' })],
    noteEvent: async (id: string, event: { kind: string; level: string }) =>
      void noted.push([id, event.kind, event.level]),
  };
  const networks = { trouble: { kind: 'restored', file: '' } };
  await tellTrouble({ instances, networks, rates } as unknown as ApiDeps, memoryLog());
  expect(noted).toEqual([
    ['postgres-0000000a', 'networks-restored', 'warn'],
    ['postgres-0000000b', 'networks-restored', 'warn'],
    ['postgres-0000000a', 'rates-lost', 'error'],
    ['postgres-0000000b', 'rates-lost', 'error'],
  ]);
});
