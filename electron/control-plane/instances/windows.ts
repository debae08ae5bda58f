import type { InstanceRecord } from './record';

/** Times of operations that wait. Pure; all of it is Beijing time, which knows no summer time. */

export interface Window {
  readonly from: number;
  readonly until: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const BEIJING_MS = 8 * HOUR_MS;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

type Maintenance = InstanceRecord['maintenance'];

const startOfDay = (at: number): number => Math.floor((at + BEIJING_MS) / DAY_MS) * DAY_MS - BEIJING_MS;
const weekday = (at: number) => WEEKDAYS[new Date(at + BEIJING_MS).getUTCDay()] ?? 'sunday';

function minutesOf(start: string): number {
  const [hours = '0', minutes = '0'] = start.split(':');
  return Number(hours) * 60 + Number(minutes);
}

const windowOfDay = (maintenance: Maintenance, day: number): Window => {
  const from = day + minutesOf(maintenance.start) * MINUTE_MS;
  return { from, until: from + maintenance.duration * HOUR_MS };
};

/** The maintenance window that is now or comes next. */
export function nextMaintenance(maintenance: Maintenance, now: number): Window {
  // Yesterday's may go beyond midnight.
  for (let day = startOfDay(now) - DAY_MS; day <= startOfDay(now) + 8 * DAY_MS; day += DAY_MS) {
    const window = windowOfDay(maintenance, day);
    if (window.until > now && maintenance.weekdays.includes(weekday(day))) return window;
  }
  return windowOfDay(maintenance, startOfDay(now) + DAY_MS);
}

/** Whether a window is one of the maintenance windows. */
const isMaintenance = (maintenance: Maintenance, { from, until }: Window): boolean => {
  const window = nextMaintenance(maintenance, from);
  return window.from === from && window.until === until;
};

/** When a missed window comes again: the next maintenance window, or the same time of the next day. */
export function nextWindow(missed: Window, maintenance: Maintenance, now: number): Window {
  if (now < missed.until) return missed;
  if (isMaintenance(maintenance, missed)) return nextMaintenance(maintenance, now);
  const days = Math.floor((now - missed.until) / DAY_MS) + 1;
  return { from: missed.from + days * DAY_MS, until: missed.until + days * DAY_MS };
}
