import type { Finding } from '../../../shared/model/import';

/** What is known of the source before anything runs. */
export interface SourceFacts {
  readonly encoding: string;
  /** 0 when unknown. */
  readonly major: number;
  readonly version: string;
  readonly extensions: readonly string[];
  /** Needed, but not made by the source itself. */
  readonly typesOf: readonly string[];
  readonly roles: readonly string[];
  readonly tables: readonly string[];
  /** Bytes that the data will take, roughly; 0 when unknown. */
  readonly bytes: number;
}

export const ok = (key: string, found: string): Finding => ({ key, level: 'ok', found, fix: '' });
export const warning = (key: string, found: string, fix: string): Finding => ({ key, level: 'warning', found, fix });
export const blocking = (key: string, found: string, fix: string): Finding => ({ key, level: 'blocking', found, fix });
export const names = (list: readonly string[], most = 12): string =>
  list.length > most ? `${list.slice(0, most).join(', ')} and ${list.length - most} more` : list.join(', ');
