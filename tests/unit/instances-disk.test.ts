import { describe, expect, it } from 'vitest';
import { diskProblem, judgeDisk } from '../../electron/control-plane/instances/disk-rules';

const GIB = 1024 ** 3;

describe('the disk of an instance of 10 GB', () => {
  it.each([
    [0, false, 'fine'],
    [8.99, false, 'fine'],
    [9, false, 'warn'],
    [9.99, false, 'warn'],
    [10, false, 'full'],
    [12, true, 'full'],
    [9.8, true, 'full'],
    [9.6, true, 'warn'],
    [5, true, 'fine'],
  ] as const)('with %d GB used and read-only %s is %s', (used, isReadOnly, verdict) => {
    expect(judgeDisk(used * GIB, 10, isReadOnly)).toBe(verdict);
  });

  it('says how full it is and what follows', () => {
    expect(diskProblem('fine', GIB, 10)).toBe('');
    expect(diskProblem('warn', 9.25 * GIB, 10)).toContain('9.3 of 10 GB');
    expect(diskProblem('full', 10.5 * GIB, 10)).toContain('is read-only');
  });
});
