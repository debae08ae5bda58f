/** Figures as a person reads them: pure, with units always. */

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `1536` → `1.5 KiB`; three significant digits, binary. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit > 0 && Math.round(value) >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  const text = value.toFixed(digits);
  return `${digits === 0 ? text : text.replace(/\.?0+$/, '')} ${BYTE_UNITS[unit]}`;
}

/** Bytes a second: `2.5 MiB/s`. */
export const formatRate = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`;

/** Whole numbers with the language's separators. */
export const formatCount = (count: number, language = 'en'): string => new Intl.NumberFormat(language).format(count);

/** 0 … 1 as `63 %`; never rounds up to 100 before the end. */
export function formatPercent(fraction: number): string {
  if (fraction >= 1) return '100 %';
  return `${Math.max(0, Math.min(99, Math.floor(fraction * 100)))} %`;
}

/** Milliseconds as `12 ms`, `3.4 s`, `2 min 05 s`, `1 h 02 min`, `3 d 4 h`. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds < 9.995 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Milliseconds since the epoch as local date and time of the language. */
export const formatTime = (at: number, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }).format(at);

/** The day alone, and the time of day alone, for narrow columns. */
export const formatDay = (at: number, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(at);
export const formatClock = (at: number, language: string): string =>
  new Intl.DateTimeFormat(language, { timeStyle: 'short', hourCycle: 'h23' }).format(at);

/** The same moment in UTC, e.g. `2026-11-23 18:20:08 UTC`, for the hover. */
export const formatUtc = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
