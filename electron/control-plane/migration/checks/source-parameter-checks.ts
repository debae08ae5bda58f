import { quoteIdent } from '../../../../shared/model/quote';
import type { Check, CheckContext, Found } from './check';
import { count } from './object-scope';
import { inBytes, passed } from './saying';
import { durationOf, readSettings, SETTINGS_SQL, sizeOf, type Setting } from './server-settings';
import { timeLimitCheck } from './time-limit-check';

const STEP = 'SrcParameterCheck';
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Log that the source should be able to keep while the copy runs. */
const WAL_KEPT = 10 * GIB;
const DECODING_MEMORY = 64 * MIB;
const SHORTEST_SENDER_TIMEOUT_MS = 30_000;
/** First major where the account sets wal_sender_timeout for its own connections. */
const SENDER_TIMEOUT_BY_USER = 12;

const SLOTS_SQL = `SELECT pg_catalog.current_setting('max_replication_slots')::int AS most,
  (SELECT count(*) FROM pg_catalog.pg_replication_slots)::int AS used`;
const SENDERS_SQL = `SELECT pg_catalog.current_setting('max_wal_senders')::int AS most,
  (SELECT count(*) FROM pg_catalog.pg_stat_replication)::int AS used, pg_catalog.current_setting('max_replication_slots')::int AS slots`;

const PLACE = { side: 'source', database: '' } as const;
const incrementally = ({ incremental }: CheckContext): boolean => incremental;

/** A change that a superuser makes without a restart; the others are told what to ask for. */
const reloadFix = ({ source }: CheckContext, statement: string): Pick<Found, 'fix'> =>
  source.superuser
    ? { fix: { side: 'source', database: '', statements: [statement, 'SELECT pg_catalog.pg_reload_conf()'] } }
    : {};

interface SettingCheck {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  /** What is wrong with the value; null is nothing. */
  readonly judge: (setting: Setting, context: CheckContext) => Omit<Found, 'side' | 'database' | 'sql'> | null;
  readonly good: string;
}

/** A check of one setting; servers that do not have it have nothing to set. */
const settingCheck = ({ id, title, name, judge, good }: SettingCheck): Check => ({
  id,
  step: STEP,
  title,
  applies: incrementally,
  async run(context) {
    const setting = (await readSettings(context.source.server, [name], context.signal)).get(name);
    const verdict = setting ? judge(setting, context) : null;
    return [verdict ? { ...PLACE, ...verdict, sql: `SHOW ${name}` } : passed(PLACE, good, SETTINGS_SQL)];
  },
});

const walLevel = settingCheck({
  id: 'wal-level',
  title: 'Log that can be decoded',
  name: 'wal_level',
  good: 'wal_level is logical',
  judge: ({ setting }) =>
    setting === 'logical'
      ? null
      : {
          level: 'failed',
          found: `wal_level is ${setting}`,
          effect:
            'The log of the source does not say which rows changed: changes after the full copy cannot be followed.',
          remedy:
            'ALTER SYSTEM SET wal_level = logical; then restart the source. At a cloud: rds.logical_replication = 1, cloudsql.logical_decoding = on, or azure.replication_support = logical.',
        },
});

const slots: Check = {
  id: 'replication-slots',
  step: STEP,
  title: 'Free replication slots',
  applies: incrementally,
  async run({ source, databases, signal }) {
    const [row] = await source.server.query<{ most: number; used: number }>(SLOTS_SQL, [], signal);
    if (!row) return [];
    const free = row.most - row.used;
    const found = `${row.used} of ${count(row.most, 'replication slot')} ${row.used === 1 ? 'is' : 'are'} in use; the task needs ${databases.length}`;
    if (free >= databases.length) return [passed(PLACE, found, SLOTS_SQL)];
    return [
      {
        ...PLACE,
        level: 'failed',
        found,
        effect: 'No slot can be made for one of the databases: its changes after the full copy would not arrive.',
        remedy: `ALTER SYSTEM SET max_replication_slots = ${row.used + databases.length + 2}; then restart the source. Or drop slots that nobody uses: SELECT pg_drop_replication_slot('…');`,
        sql: SLOTS_SQL,
      },
    ];
  },
};

const senders: Check = {
  id: 'wal-senders',
  step: STEP,
  title: 'Free WAL senders',
  applies: incrementally,
  async run({ source, databases, signal }) {
    const [row] = await source.server.query<{ most: number; used: number; slots: number }>(SENDERS_SQL, [], signal);
    if (!row) return [];
    const found = `${row.used} of ${count(row.most, 'WAL sender')} ${row.used === 1 ? 'is' : 'are'} in use; the task needs ${databases.length}`;
    const short = row.most - row.used < databases.length;
    if (!short && row.most >= row.slots) return [passed(PLACE, found, SENDERS_SQL)];
    const wanted = Math.max(row.used + databases.length + 2, row.slots);
    return [
      {
        ...PLACE,
        level: short ? 'failed' : 'warning',
        found: short ? found : `max_wal_senders (${row.most}) is less than max_replication_slots (${row.slots})`,
        effect: short
          ? 'Nobody sends the changes of one of the databases.'
          : 'Not every slot can be read at the same time; a slot that nobody reads keeps log on the disk of the source.',
        remedy: `ALTER SYSTEM SET max_wal_senders = ${wanted}; then restart the source.`,
        sql: SENDERS_SQL,
      },
    ];
  },
};

const walKept = settingCheck({
  id: 'slot-wal-kept',
  title: 'Log that is kept for a slot',
  name: 'max_slot_wal_keep_size',
  good: `At least ${inBytes(WAL_KEPT)} of log are kept for a slot`,
  judge: (setting, context) => {
    const bytes = sizeOf(setting);
    if (bytes >= WAL_KEPT) return null;
    const statement = `ALTER SYSTEM SET max_slot_wal_keep_size = '50GB'`;
    const remedy = `${statement}; SELECT pg_reload_conf(); with as much as the disk of the source has to spare.`;
    if (bytes < 0) {
      return {
        level: 'warning',
        found: 'max_slot_wal_keep_size is -1: log is kept for a slot without a limit',
        effect: 'When the task stands still, the log fills the disk of the source, and the source stops.',
        remedy,
        ...reloadFix(context, statement),
      };
    }
    return {
      level: bytes === 0 ? 'failed' : 'warning',
      found: `max_slot_wal_keep_size is ${inBytes(bytes)}`,
      effect:
        'The slot is lost as soon as the copy, or a pause, takes longer than this much log; the task begins from the start then.',
      remedy,
      ...reloadFix(context, statement),
    };
  },
});

const idleSlots = settingCheck({
  id: 'idle-slot-timeout',
  title: 'Time limit of slots that nobody reads',
  name: 'idle_replication_slot_timeout',
  good: 'Slots that nobody reads are kept',
  judge: (setting, context) => {
    const limit = durationOf(setting);
    if (limit <= 0) return null;
    const statement = 'ALTER SYSTEM SET idle_replication_slot_timeout = 0';
    return {
      level: 'warning',
      found: `idle_replication_slot_timeout is ${limit / 1000} s`,
      effect:
        'A slot that is not read for this long, during the copy or a pause, is lost; the task begins from the start then.',
      remedy: `${statement}; SELECT pg_reload_conf(); until the task is over.`,
      ...reloadFix(context, statement),
    };
  },
});

const senderTimeout = settingCheck({
  id: 'wal-sender-timeout',
  title: 'Time limit of WAL senders',
  name: 'wal_sender_timeout',
  good: 'WAL senders wait long enough',
  judge: (setting, context) => {
    const limit = durationOf(setting);
    if (limit === 0 || limit >= SHORTEST_SENDER_TIMEOUT_MS) return null;
    const user = quoteIdent(context.source.user);
    const own = context.source.major >= SENDER_TIMEOUT_BY_USER;
    const statement = own
      ? `ALTER ROLE ${user} SET wal_sender_timeout = '60s'`
      : `ALTER SYSTEM SET wal_sender_timeout = '60s'`;
    return {
      level: 'warning',
      found: `wal_sender_timeout is ${limit / 1000} s`,
      effect:
        'The connection that follows the changes is cut whenever the network is silent for this long, and has to be made again.',
      remedy: own ? `${statement};` : `${statement}; SELECT pg_reload_conf();`,
      ...(own ? { fix: { side: 'source', database: '', statements: [statement] } } : reloadFix(context, statement)),
    };
  },
});

const decodingMemory = settingCheck({
  id: 'decoding-memory',
  title: 'Memory for decoding',
  name: 'logical_decoding_work_mem',
  good: `At least ${inBytes(DECODING_MEMORY)} are used before decoding goes to disk`,
  judge: (setting, { source }) => {
    const bytes = sizeOf(setting);
    if (bytes >= DECODING_MEMORY) return null;
    const statement = `ALTER ROLE ${quoteIdent(source.user)} SET logical_decoding_work_mem = '256MB'`;
    return {
      level: 'warning',
      found: `logical_decoding_work_mem is ${inBytes(bytes)}`,
      effect: 'Larger transactions are written to the disk of the source before they are sent: the task falls behind.',
      remedy: `${statement};`,
      fix: { side: 'source', database: '', statements: [statement] },
    };
  },
});

/** How the source has to be set. */
export const SOURCE_PARAMETER_CHECKS: readonly Check[] = [
  walLevel,
  slots,
  senders,
  walKept,
  idleSlots,
  senderTimeout,
  decodingMemory,
  timeLimitCheck('source'),
];
