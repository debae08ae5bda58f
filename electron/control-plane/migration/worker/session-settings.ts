import { quoteLiteral } from '../../../../shared/model/quote';

export type SideRole = 'source' | 'target';

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** What the account may not set, or a server does not know, is left as it is. */
  readonly optional: boolean;
}

interface Wanted {
  readonly role: SideRole;
  /** `server_version_num`. */
  readonly versionNum: number;
  readonly purpose: 'plain' | 'copy' | 'index';
  readonly indexJobs: number;
  /** Of the text that travels: `UTF8`, or `SQL_ASCII` where the source does not know what its bytes are. */
  readonly encoding: string;
}

const MEGABYTE = 1024;
/** Memory of all index builds together, and for one of them, in kB. */
const INDEX_MEMORY = 1024 * MEGABYTE;
const INDEX_MEMORY_MAX = 512 * MEGABYTE;
const INDEX_MEMORY_MIN = 64 * MEGABYTE;

/** Memory of one index build, in kB. */
const indexMemory = (jobs: number): number =>
  Math.min(INDEX_MEMORY_MAX, Math.max(INDEX_MEMORY_MIN, Math.floor(INDEX_MEMORY / Math.max(1, jobs))));

/** How values become text and back, alike on both sides whatever the servers, databases and accounts have set. */
const TEXT_FORM: readonly (readonly [string, string])[] = [
  ['DateStyle', 'ISO, YMD'],
  ['IntervalStyle', 'postgres'],
  ['TimeZone', 'UTC'],
  ['extra_float_digits', '3'],
  ['bytea_output', 'hex'],
  ['lc_monetary', 'C'],
  ['xmlbinary', 'base64'],
  ['xmloption', 'content'],
  ['standard_conforming_strings', 'on'],
];

/** What a session of a task says first. */
export function settingsOf({ role, versionNum, purpose, indexJobs, encoding }: Wanted): Setting[] {
  const must = (name: string, value: string): Setting => ({ name, value, optional: false });
  const may = (name: string, value: string): Setting => ({ name, value, optional: true });
  const list = [
    must('client_encoding', encoding),
    // Names are written with their schema: nothing may be found elsewhere.
    must('search_path', ''),
    ...TEXT_FORM.map(([name, value]) => must(name, value)),
    must('statement_timeout', '0'),
    must('idle_in_transaction_session_timeout', '0'),
    must('client_min_messages', 'warning'),
    // A table whose policies would hide rows from us fails instead of losing them.
    must('row_security', 'off'),
    // Waiting for ever behind somebody's lock would look like a fault of ours.
    must('lock_timeout', role === 'source' ? '60s' : '300s'),
    // A cut-over may have made the databases of either side read-only for everybody else.
    may('default_transaction_read_only', 'off'),
  ];
  if (versionNum >= 140_000) list.push(may('idle_session_timeout', '0'), may('client_connection_check_interval', '5s'));
  if (versionNum >= 170_000) list.push(may('transaction_timeout', '0'));
  if (role === 'target') {
    list.push(must('check_function_bodies', 'off'));
    if (purpose === 'copy') {
      // Triggers, rules and foreign keys of tables that were there before do not see the copy.
      list.push(must('synchronous_commit', 'off'), may('session_replication_role', 'replica'));
    }
    if (purpose === 'index') list.push(may('maintenance_work_mem', `${indexMemory(indexJobs)}kB`));
  }
  return list;
}

/** All of them in one statement. */
export const settingsStatement = (settings: readonly Setting[]): string =>
  `SELECT ${settings.map(({ name, value }) => `pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false)`).join(', ')}`;
