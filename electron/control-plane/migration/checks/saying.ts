import type { Found } from './check';

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** e.g. `3.2 GiB`. */
export function inBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** power;
  return `${value.toLocaleString('en-US', { maximumFractionDigits: power === 0 ? 0 : 1 })} ${UNITS[power]}`;
}

/** Where something was looked at; an empty database is the server. */
export type Place = Pick<Found, 'side'> & Partial<Pick<Found, 'database'>>;

/** What a check says when all is well. */
export const passed = (place: Place, found: string, sql: string): Found => ({
  level: 'pass',
  database: '',
  ...place,
  found,
  sql,
});

const SHOWN = 30;

/** Statements as advice: what would fill pages is cut, the repair has all of them. */
export function asAdvice(statements: readonly string[]): string {
  const shown = statements.slice(0, SHOWN).map((statement) => `${statement};`);
  const more = statements.length - shown.length;
  return more > 0 ? `${shown.join(' ')} … and ${more.toLocaleString('en-US')} more.` : shown.join(' ');
}
