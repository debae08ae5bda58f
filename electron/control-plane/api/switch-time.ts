import { z } from 'zod';
import type { SwitchTime } from '../instances/instance-service';
import type { InstanceRecord } from '../instances/record';
import { nextMaintenance } from '../instances/windows';
import { invalid, missing } from './common';

/** The documented parameters of every operation that ends with a switch. */
export const switchParameters = {
  /** 0 at once, 1 between two times of the day, 2 in the maintenance window. */
  SwitchTag: z.number().int().optional(),
  SwitchStartTime: z.string().optional(),
  SwitchEndTime: z.string().optional(),
};

export interface SwitchRequest {
  readonly SwitchTag?: number | undefined;
  readonly SwitchStartTime?: string | undefined;
  readonly SwitchEndTime?: string | undefined;
}

const DAY = 24 * 3_600_000;
/** Times of the day are Beijing time, which knows no summer time. */
const BEIJING = 8 * 3_600_000;
const SHORTEST = 30 * 60_000;

const startOfDay = (ms: number): number => ms - ((ms + BEIJING) % DAY);

function timeOfDay(name: string, text: string | undefined): number {
  if (text === undefined) throw missing(name);
  const [, hours, minutes, seconds] = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined) throw invalid(`${name} is a time of the day such as 01:00:00, not ${JSON.stringify(text)}`);
  return (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
}

/** The first span from one time of the day to another that has not ended yet. */
function nextSpan(start: number, length: number, now: number): { from: number; until: number } {
  const today = startOfDay(now) + start;
  // Yesterday's span may reach over midnight.
  const from = [today - DAY, today, today + DAY].find((each) => each + length > now) ?? today + DAY;
  return { from, until: from + length };
}

/** When the operation of a request is to happen. */
export function switchTime(request: SwitchRequest, record: InstanceRecord, now = Date.now()): SwitchTime {
  const { SwitchTag = 0, SwitchStartTime, SwitchEndTime } = request;
  if (SwitchTag === 0) return { at: 'now' };
  if (SwitchTag === 2) return { at: 'window', tag: 2, ...nextMaintenance(record.maintenance, now) };
  if (SwitchTag !== 1)
    throw invalid('SwitchTag is 0 (at once), 1 (between two times) or 2 (in the maintenance window)');
  const start = timeOfDay('SwitchStartTime', SwitchStartTime);
  const end = timeOfDay('SwitchEndTime', SwitchEndTime);
  const length = (end - start + DAY) % DAY;
  if (length < SHORTEST) throw invalid('From SwitchStartTime to SwitchEndTime there must be 30 minutes at least');
  return { at: 'window', tag: 1, ...nextSpan(start, length, now) };
}
