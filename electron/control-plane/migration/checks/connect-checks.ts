import { AppError } from '../../../../shared/errors';
import type { Check, CheckContext, CheckedSide, Found } from './check';
import { directEndpoint } from './connect-direct-check';
import { onThisMachine } from './local-side';
import { passed } from './saying';

const STEP = 'ConnectDBCheck';
const TLS_SQL = 'SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()';
const IDENTIFIER_SQL = 'SELECT (pg_catalog.pg_control_system()).system_identifier::text AS id';
const START_SQL = `SELECT pg_catalog.pg_postmaster_start_time()::text AS started, pg_catalog.pg_is_in_recovery() AS recovery`;
const SAME_SQL = `${IDENTIFIER_SQL};\n${START_SQL}`;
const CLOCK_SQL = 'SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000)::float8 AS now';

/** Milliseconds of difference that nobody has to know of. */
const SKEW_MS = 2000;

const sidesOf = ({ source, target }: CheckContext): readonly (readonly ['source' | 'target', CheckedSide])[] => [
  ['source', source],
  ['target', target],
];

async function encryptionOf(name: 'source' | 'target', side: CheckedSide, signal: AbortSignal): Promise<Found> {
  const [row] = await side.server.query<{ ssl: boolean }>(TLS_SQL, [], signal);
  if (row?.ssl === true || side.server.tls !== '') {
    return passed(
      { side: name },
      `The connection is encrypted${side.server.tls === '' ? '' : `: ${side.server.tls}`}`,
      TLS_SQL,
    );
  }
  if (onThisMachine(side) || side.endpoint.ssh?.enabled === true)
    return passed({ side: name }, 'The connection stays on this machine or goes through the tunnel', TLS_SQL);
  return {
    level: 'warning',
    side: name,
    database: '',
    found: `The connection to ${side.endpoint.host} is not encrypted`,
    effect: 'Whoever sits on the way can read all rows that are copied, and change them.',
    remedy: `Set ssl = on at the ${name} and choose the SSL mode require or verify-full, or use an SSH tunnel.`,
    sql: TLS_SQL,
  };
}

const encryption: Check = {
  id: 'connection-encryption',
  step: STEP,
  title: 'Encryption of the connections',
  applies: () => true,
  run: async (context) => Promise.all(sidesOf(context).map(([name, side]) => encryptionOf(name, side, context.signal))),
};

interface Identity {
  /** Null when the account may not see it. */
  readonly id: string | null;
  readonly started: string;
  readonly recovery: boolean;
}

const FORBIDDEN = '42501';

async function readIdentity({ server }: CheckedSide, signal: AbortSignal): Promise<Identity> {
  const [start] = await server.query<{ started: string; recovery: boolean }>(START_SQL, [], signal);
  const known = { started: start?.started ?? '', recovery: start?.recovery ?? false };
  try {
    const [row] = await server.query<{ id: string }>(IDENTIFIER_SQL, [], signal);
    return { ...known, id: row?.id ?? null };
  } catch (error) {
    if (error instanceof AppError && error.info.sqlstate === FORBIDDEN) return { ...known, id: null };
    throw error;
  }
}

/** Physical copies share the identifier; only one server has it together with one start. Two servers do not start in the same microsecond. */
function sameServer(context: CheckContext, source: Identity, target: Identity): Found {
  const place = { side: 'both', database: '', sql: SAME_SQL } as const;
  const hidden = source.id === null || target.id === null;
  if (hidden ? source.started !== target.started : source.id !== target.id)
    return passed({ side: 'both' }, 'Source and target are different servers', SAME_SQL);
  const follows = source.recovery || target.recovery;
  if (source.started !== target.started && !follows) {
    return passed(
      { side: 'both' },
      'The target began as a physical copy of the source and is a server of its own now',
      SAME_SQL,
    );
  }
  const onto = context.databases.filter(({ plan }) => plan.source === plan.target).map(({ plan }) => plan.source);
  if (onto.length > 0) {
    return {
      ...place,
      level: 'failed',
      found: follows
        ? 'One of the two servers is a standby of the other: both hold the same databases'
        : 'Source and target are the same server, and databases would be copied onto themselves',
      items: onto,
      effect:
        'The rows that are read are those that are written: tables would be emptied, doubled, or wait for each other.',
      remedy: 'Choose another server as the target, or give the databases other names there.',
    };
  }
  return {
    ...place,
    level: 'info',
    found: 'Source and target are the same server; the databases get other names',
    effect: 'Both sides share the processors, the disk, the connections and the roles.',
    remedy: 'Choose fewer tables at once if the server is in use.',
  };
}

const same: Check = {
  id: 'same-server',
  step: STEP,
  title: 'Two different servers',
  applies: () => true,
  async run(context) {
    const source = await readIdentity(context.source, context.signal);
    return [sameServer(context, source, await readIdentity(context.target, context.signal))];
  },
};

/** What the difference of the two clocks means. Milliseconds, positive when the target is ahead. */
export function clockFinding(skew: number, sql: string): Found {
  const seconds = (Math.abs(skew) / 1000).toFixed(1);
  if (Math.abs(skew) < SKEW_MS) return passed({ side: 'both' }, 'The clocks of both servers agree', sql);
  return {
    level: 'info',
    side: 'both',
    database: '',
    found: `The clock of the target is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} the source`,
    effect: 'Delays that are computed from times of both servers are wrong by this; the rows are not affected.',
    remedy: 'Have both machines follow the same time service (NTP).',
    sql,
  };
}

/** The server's clock against ours; half of the way there and back is taken off. */
async function offsetOf(side: CheckedSide, signal: AbortSignal): Promise<number> {
  const asked = Date.now();
  const [row] = await side.server.query<{ now: number }>(CLOCK_SQL, [], signal);
  return (row?.now ?? 0) - (asked + Date.now()) / 2;
}

const clocks: Check = {
  id: 'clock-skew',
  step: STEP,
  title: 'Clocks of the servers',
  applies: () => true,
  async run({ source, target, signal }) {
    const from = await offsetOf(source, signal);
    return [clockFinding((await offsetOf(target, signal)) - from, CLOCK_SQL)];
  },
};

/** Whether both servers can be reached as a task needs it. */
export const CONNECT_CHECKS: readonly Check[] = [encryption, same, directEndpoint, clocks];
