import { AppError } from '../../../shared/errors';
import type { DatabaseChoice, JobStatus, ObjectSelection } from '../../../shared/model/migration';
import type { ClosureNote, EndpointObjects } from '../../../shared/model/migration-api';
import { openSession, type PgSession } from '../../adapters/postgres/session';
import { readRoleNames, testEndpoint } from './connectivity';
import { reach, type AddressDeps } from './endpoint-address';
import { profileOf, type Endpoint, type EndpointSecrets } from './endpoint';
import { conflict, mergeSecrets, mustBeThere } from './job-configuration';
import type { MigrationJobs, SideInput } from './job-service';
import { NO_SECRETS } from './seal';
import type { Job, JobStore } from './store';

/** What of a source is read for the choice of objects. */
export interface SourceReads {
  objects(session: PgSession, signal: AbortSignal): Promise<Omit<EndpointObjects, 'database'>>;
  closure(session: PgSession, choice: DatabaseChoice, signal: AbortSignal): Promise<ClosureNote[]>;
  databases(session: PgSession, selection: ObjectSelection): Promise<DatabaseChoice[]>;
}

export interface ReadDeps {
  readonly store: JobStore;
  readonly address: AddressDeps;
  readonly reads: SourceReads;
  /** Ends what is being asked when the daemon ends. */
  readonly signal: AbortSignal;
}

/** A person waits for these: they must not take for ever. */
const ASK_MS = 25_000;
/** Whole databases may be walked through. */
const READ_MS = 120_000;
const FIX_MS = 300_000;

/** A repair changes a server: not while a check looks at it or a run depends on it. */
const REPAIRABLE: ReadonlySet<JobStatus> = new Set(['created', 'checkPass', 'checkNotPass']);

const notConfigured = (job: Job): AppError =>
  new AppError({
    code: 'conflict',
    message: `The task ${job.id} has no source and target yet`,
    hint: 'Configure it first.',
  });

type Reads = Pick<MigrationJobs, 'test' | 'sourceObjects' | 'roles' | 'closure' | 'fix'>;

/** What is asked of the servers of a task outside of its workers. Fails as connections fail, and with `sql`. */
export function createReads({ store, address, reads, signal: ending }: ReadDeps): Reads {
  const within = (ms: number): AbortSignal => AbortSignal.any([ending, AbortSignal.timeout(ms)]);

  const inSession = async <T>(
    side: { endpoint: Endpoint; secrets: EndpointSecrets },
    database: string,
    jobId: string,
    signal: AbortSignal,
    work: (session: PgSession) => Promise<T>,
  ): Promise<T> => {
    const reachable = await reach(address, side.endpoint, side.secrets);
    const session = await openSession(profileOf(reachable, database, jobId), signal);
    try {
      return await work(session);
    } catch (error) {
      if (!signal.aborted || ending.aborted) throw error;
      throw new AppError(
        { code: 'unreachable', message: 'The server did not answer in time', retry: true },
        { cause: error },
      );
    } finally {
      await session.end();
    }
  };

  const sideOf = (job: Job, role: 'source' | 'target'): SideInput => {
    const side = job.record()[role];
    if (!side) throw notConfigured(job);
    return { endpoint: side, secrets: job.secrets()[role] };
  };

  const withStored = (side: SideInput, id: string | null, role: 'source' | 'target'): SideInput => {
    const stored = id === null ? NO_SECRETS : store.must(id).secrets();
    return { endpoint: side.endpoint, secrets: mergeSecrets(side.secrets, stored[role]) };
  };

  const onSource = <T>(
    id: string,
    database: string | null,
    work: (session: PgSession, signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const side = sideOf(store.must(id), 'source');
    const signal = within(READ_MS);
    return inSession(side, database ?? side.endpoint.database, id, signal, (session) => work(session, signal));
  };

  return {
    test(side, id, role) {
      const known = withStored(side, id, role);
      const { endpoint } = known;
      return testEndpoint(
        async () => profileOf(await reach(address, endpoint, known.secrets), endpoint.database, id ?? 'test'),
        within(ASK_MS),
      );
    },
    sourceObjects: async (id, database) => ({
      database,
      ...(await onSource(id, database, (session, signal) => reads.objects(session, signal))),
    }),
    roles: (id) => onSource(id, null, readRoleNames),
    async closure(id, objects) {
      const choices = await onSource(id, null, (session) => reads.databases(session, objects));
      const notes: ClosureNote[] = [];
      for (const choice of choices) {
        // Everything of a database travels: nothing of it can be left out.
        if (choice.mode === 'all') continue;
        notes.push(...(await onSource(id, choice.name, (session, signal) => reads.closure(session, choice, signal))));
      }
      return notes;
    },
    async fix(id, wanted) {
      const job = store.must(id);
      const record = job.record();
      mustBeThere(record, 'a repair');
      if (!REPAIRABLE.has(record.status)) throw conflict(record, 'a repair');
      const fix = job.results.findings.find(
        (each) => each.check === wanted.check && each.database === wanted.database && each.fix?.side === wanted.side,
      )?.fix;
      if (!fix) {
        throw new AppError({
          code: 'not-found',
          message: `The check ${wanted.check} offers no repair there`,
          hint: 'Verify again to see what is to be repaired now.',
          apiCode: 'ResourceNotFound.ResourceNotFound',
        });
      }
      const side = sideOf(job, fix.side);
      const signal = within(FIX_MS);
      await inSession(side, fix.database || side.endpoint.database, id, signal, async (session) => {
        for (const statement of fix.statements) await session.query(statement, [], signal);
      });
      const text = `Repaired on the ${fix.side}: ${fix.statements.join('; ')}`;
      job.log.append({ at: Date.now(), level: 'info', text });
      await job.change({}, { kind: 'fixed', text: `The repair of ${wanted.check} was run on the ${fix.side}` });
    },
  };
}
