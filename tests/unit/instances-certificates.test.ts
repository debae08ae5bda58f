import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  installCertificate,
  installedCertificate,
  openAuthority,
} from '../../electron/control-plane/cluster/certificates';
import { isDue } from '../../electron/control-plane/instances/certificate-watch';
import { keptLogLimit, keptLogSettings } from '../../electron/control-plane/instances/kept-log';

const DAY = 86_400_000;
const NOW = Date.parse('2026-05-01T00:00:00Z');
const ADDRESSES = ['127.41.3.9', '127.41.3.10', 'localhost'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-certificates-'));
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

describe('the certificate of a server', () => {
  it('is replaced when fewer than 60 days are left, or when the addresses are others', async () => {
    const authority = await openAuthority(join(folder, 'authority'));
    await installCertificate({ base: folder, account: null }, await authority.issue(ADDRESSES));
    const installed = await installedCertificate({ base: folder });
    expect(installed?.addresses).toEqual(ADDRESSES);
    const due = (days: number, addresses = ADDRESSES) => isDue(installed, addresses, NOW + days * DAY);
    expect(due(0)).toBe(false);
    expect(due(759)).toBe(false);
    expect(due(761)).toBe(true);
    expect(due(0, ADDRESSES.toReversed())).toBe(false);
    expect(due(0, [...ADDRESSES, '127.41.3.11'])).toBe(true);
    expect(due(0, ['127.41.3.9', 'localhost'])).toBe(true);
  });

  it('is made where there is none', () => {
    expect(isDue(null, ADDRESSES, NOW)).toBe(true);
  });
});

describe('the log kept for a standby', () => {
  it('is a fifth of the disk, and 4 GB at most', () => {
    expect(keptLogLimit({ storageGb: 10 })).toBe(2 * 1024 ** 3);
    expect(keptLogLimit({ storageGb: 500 })).toBe(4 * 1024 ** 3);
  });

  it('is limited by the server itself from 13 on', () => {
    expect(keptLogSettings({ storageGb: 10, major: 13 })).toEqual([['max_slot_wal_keep_size', '2048MB']]);
    expect(keptLogSettings({ storageGb: 10, major: 12 })).toEqual([]);
  });
});
