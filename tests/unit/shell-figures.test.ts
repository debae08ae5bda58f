import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatUtc,
} from '../../renderer/ui/bytes';

describe('figures', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [10 * 1024, '10 KiB'],
    [100 * 1024 + 512, '101 KiB'],
    [1023.9 * 1024, '1 MiB'],
    [5.25 * 1024 ** 2, '5.25 MiB'],
    [999 * 1024 ** 3, '999 GiB'],
    [1010 * 1024 ** 3, '0.99 TiB'],
    [3 * 1024 ** 5, '3 PiB'],
    [-5, '0 B'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('a rate is bytes a second', () => {
    expect(formatRate(2.5 * 1024 ** 2)).toBe('2.5 MiB/s');
  });

  it.each([
    [0, '0 ms'],
    [12.4, '12 ms'],
    [999.6, '1.00 s'],
    [3400, '3.40 s'],
    [12_340, '12.3 s'],
    [59_960, '1 min 00 s'],
    [125_000, '2 min 05 s'],
    [3_599_700, '1 h 00 min'],
    [3_720_000, '1 h 02 min'],
    [(3 * 24 + 4) * 3_600_000, '3 d 4 h'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [0.634, '63 %'],
    [0.9999, '99 %'],
    [1, '100 %'],
    [-0.1, '0 %'],
  ])('%d is %s', (fraction, text) => {
    expect(formatPercent(fraction)).toBe(text);
  });

  it('counts carry the separators of the language', () => {
    expect(formatCount(1_234_567, 'en')).toBe('1,234,567');
  });

  it('UTC stands for the hover', () => {
    expect(formatUtc(Date.UTC(2026, 10, 23, 18, 20, 8))).toBe('2026-11-23 18:20:08 UTC');
  });
});
