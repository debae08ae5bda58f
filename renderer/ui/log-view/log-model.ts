import type { TaskLogLine } from '../../../shared/model/task';

export const LOG_LEVELS = ['debug', 'info', 'harmless', 'warning', 'error'] as const;
export type LogLevel = TaskLogLine['level'];

/** How many lines of each level. */
export function countLevels(lines: readonly TaskLogLine[]): Readonly<Record<LogLevel, number>> {
  const counts = { debug: 0, info: 0, harmless: 0, warning: 0, error: 0 };
  for (const line of lines) counts[line.level]++;
  return counts;
}

/** A moment of today as `14:05:09.120`. */
export function clockTime(at: number): string {
  const date = new Date(at);
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** Lines as text for the clipboard. */
export const logText = (lines: readonly TaskLogLine[]): string =>
  lines.map((line) => `${new Date(line.at).toISOString()} ${line.level} ${line.text}`).join('\n');
