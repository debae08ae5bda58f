import type { Check, CheckContext, CheckedSide, Found } from './check';
import { passed } from './saying';

const STEP = 'VersionCheck';
const OLDEST = 10;
const NEWEST = 18;
/** First major whose standbys can decode their log. */
const STANDBY_DECODES = 16;

const VERSION_SQL = 'SHOW server_version_num';
const RECOVERY_SQL = `SELECT pg_catalog.pg_is_in_recovery() AS recovery, pg_catalog.current_setting('hot_standby_feedback') AS feedback,
  pg_catalog.current_setting('max_standby_streaming_delay') AS delay`;

function versionOf(name: 'source' | 'target', { major, server }: CheckedSide): Found {
  const place = { side: name, database: '', sql: VERSION_SQL } as const;
  if (major < OLDEST) {
    return {
      ...place,
      level: 'failed',
      found: `The ${name} is PostgreSQL ${server.serverVersion}; versions ${OLDEST} to ${NEWEST} are supported`,
      effect: 'The catalogs of older versions are read in other ways: objects would be missing.',
      remedy: `Upgrade the ${name} to PostgreSQL ${OLDEST} or newer.`,
    };
  }
  if (major > NEWEST) {
    return {
      ...place,
      level: 'warning',
      found: `The ${name} is PostgreSQL ${server.serverVersion}, which is newer than what has been tried (${NEWEST})`,
      effect: 'Kinds of objects that this program does not know may be refused; each is told.',
      remedy: 'Update this program when there is a newer one, and look at the report at the end.',
    };
  }
  return passed({ side: name }, `PostgreSQL ${server.serverVersion}`, VERSION_SQL);
}

const supported: Check = {
  id: 'versions-supported',
  step: STEP,
  title: 'Versions of the servers',
  applies: () => true,
  run: async ({ source, target }) => [versionOf('source', source), versionOf('target', target)],
};

const downgrade: Check = {
  id: 'version-downgrade',
  step: STEP,
  title: 'Going to an older version',
  applies: () => true,
  run: async ({ source, target }) => {
    if (target.major >= source.major) {
      return [passed({ side: 'both' }, `From PostgreSQL ${source.major} to ${target.major}: not older`, VERSION_SQL)];
    }
    return [
      {
        level: 'warning',
        side: 'both',
        database: '',
        found: `The target (PostgreSQL ${target.major}) is older than the source (PostgreSQL ${source.major})`,
        effect: 'Applications may rely on what newer versions do; the older one gets fixes for a shorter time.',
        remedy: `Choose a target of version ${source.major} or newer, or test the applications with PostgreSQL ${target.major} first.`,
        sql: VERSION_SQL,
      },
    ];
  },
};

interface Recovery {
  recovery: boolean;
  feedback: string;
  delay: string;
}

function standbyFinding({ recovery, feedback, delay }: Recovery, { source, incremental }: CheckContext): Found {
  const place = { side: 'source', database: '', sql: RECOVERY_SQL } as const;
  if (!recovery) return passed({ side: 'source' }, 'The source is a primary', RECOVERY_SQL);
  if (incremental && source.major < STANDBY_DECODES) {
    return {
      ...place,
      level: 'failed',
      found: `The source is a standby of PostgreSQL ${source.major}; its changes cannot be followed there before ${STANDBY_DECODES}`,
      effect: 'Changes after the full copy would not arrive.',
      remedy: 'Give the address of the primary as the source, or do a full migration without the incremental part.',
    };
  }
  if (feedback !== 'on' && delay !== '-1') {
    return {
      ...place,
      level: 'failed',
      found: `The source is a standby with hot_standby_feedback = off and max_standby_streaming_delay = ${delay}`,
      effect:
        'Replay cancels what reads for a long time: the copy would break off as soon as the primary cleans up rows that it still needs.',
      remedy:
        'At the standby: ALTER SYSTEM SET hot_standby_feedback = on; SELECT pg_reload_conf(); until the copy is over. Or give the address of the primary.',
      ...(source.superuser
        ? {
            fix: {
              side: 'source',
              database: '',
              statements: ['ALTER SYSTEM SET hot_standby_feedback = on', 'SELECT pg_catalog.pg_reload_conf()'],
            } as const,
          }
        : {}),
    };
  }
  return {
    ...place,
    level: 'info',
    found: 'The source is a standby that keeps the rows which a long copy needs',
    effect: 'The primary cannot clean up these rows while the copy runs; what is written there last may arrive late.',
    remedy: '',
  };
}

const standby: Check = {
  id: 'source-standby',
  step: STEP,
  title: 'Role of the source in its replication',
  applies: () => true,
  async run(context) {
    const [row] = await context.source.server.query<Recovery>(RECOVERY_SQL, [], context.signal);
    return row ? [standbyFinding(row, context)] : [];
  },
};

/** Whether this pair of versions works; what the objects need of a newer one is looked at with them. */
export const VERSION_CHECKS: readonly Check[] = [supported, downgrade, standby];
