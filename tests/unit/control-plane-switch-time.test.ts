import { describe, expect, it } from 'vitest';
import { switchTime, type SwitchRequest } from '../../electron/control-plane/api/switch-time';
import type { InstanceRecord } from '../../electron/control-plane/instances/record';

/** A moment as people in Beijing say it. */
const beijing = (text: string): number => Date.parse(`${text}+08:00`);
const told = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16);

/** 2026-11-25 is a Wednesday. */
const NOW = beijing('2026-11-25T14:30:00');
const MAINTENANCE: InstanceRecord['maintenance'] = { weekdays: ['monday', 'friday'], start: '23:30', duration: 2 };
const record = { maintenance: MAINTENANCE } as InstanceRecord;

const span = (request: SwitchRequest, now = NOW): string[] | string => {
  try {
    const time = switchTime(request, record, now);
    return time.at === 'now' ? 'now' : [told(time.from), told(time.until)];
  } catch (error) {
    return (error as { apiCode: string }).apiCode;
  }
};

describe('between two times of the day', () => {
  const between = (SwitchStartTime?: string, SwitchEndTime?: string, now = NOW) =>
    span({ SwitchTag: 1, SwitchStartTime, SwitchEndTime }, now);

  it.each([
    ['15:00:00', '16:00:00', ['2026-11-25T15:00', '2026-11-25T16:00']],
    ['14:00:00', '15:00:00', ['2026-11-25T14:00', '2026-11-25T15:00']],
    ['01:00:00', '01:30:00', ['2026-11-26T01:00', '2026-11-26T01:30']],
    ['13:00:00', '14:30:00', ['2026-11-26T13:00', '2026-11-26T14:30']],
    ['23:45:00', '00:15:00', ['2026-11-25T23:45', '2026-11-26T00:15']],
    ['15:00:00', '15:29:59', 'InvalidParameterValue'],
    ['15:00:00', '15:00:00', 'InvalidParameterValue'],
    ['24:00:00', '01:00:00', 'InvalidParameterValue'],
    ['15:00', '16:00', 'InvalidParameterValue'],
    [undefined, '16:00:00', 'MissingParameter'],
    ['15:00:00', undefined, 'MissingParameter'],
  ])('%s and %s: %j', (start, end, expected) => expect(between(start, end)).toEqual(expected));

  it('goes on after midnight', () => {
    expect(between('23:45:00', '00:45:00', beijing('2026-11-26T00:10:00'))).toEqual([
      '2026-11-25T23:45',
      '2026-11-26T00:45',
    ]);
  });
});

describe('the maintenance window', () => {
  it('is the next one of its days', () => {
    const next = (now: string) => span({ SwitchTag: 2 }, beijing(now));
    expect(next('2026-11-25T14:30:00')).toEqual(['2026-11-27T23:30', '2026-11-28T01:30']);
    expect(next('2026-11-28T01:29:59')).toEqual(['2026-11-27T23:30', '2026-11-28T01:30']);
    expect(next('2026-11-28T01:30:00')).toEqual(['2026-11-30T23:30', '2026-12-01T01:30']);
  });

  it('is what SwitchTag 2 asks for, and only that', () => {
    expect(span({ SwitchTag: 0, SwitchStartTime: 'never' })).toBe('now');
    expect(span({})).toBe('now');
    expect(span({ SwitchTag: 3 })).toBe('InvalidParameterValue');
  });
});
