import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFullBeside } from '../../electron/control-plane/instances/full-disk';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'howdah-disk-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// That a full disk beside one with room is seen takes two disks: tests/faults/availability-disk.test.ts.
describe('a disk that is full beside one with room', () => {
  it('is none where both nodes share it: changing places would not help', () => {
    expect(isFullBeside(folder, folder)).toBe(false);
  });

  it('is none where a folder is not there: that is another loss', () => {
    expect(isFullBeside(join(folder, 'gone'), folder)).toBe(false);
    expect(isFullBeside(folder, join(folder, 'gone'))).toBe(false);
  });
});
