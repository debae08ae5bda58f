import type {
  CompareMode,
  Completion,
  Decision,
  Finding,
  JobAction,
  MigrationLogLine,
  MigrationOptions,
  MigrationProgress,
  ObjectOutcome,
  ObjectSelection,
  TableProgress,
} from '../../../shared/model/migration';
import type {
  ClosureNote,
  EndpointObjects,
  EndpointTest,
  MigrationJobDetail,
  MigrationReport,
} from '../../../shared/model/migration-api';
import type { CompareTasks } from './compare-tasks';
import type { Endpoint, EndpointSecrets } from './endpoint';
import type { JobRecord } from './record';

/** A side as a client describes it; a password that is null keeps the one that is stored. */
export interface SideInput {
  readonly endpoint: Endpoint;
  readonly secrets: EndpointSecrets;
}

export interface JobConfiguration {
  readonly name?: string;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly runMode: 'immediate' | 'timed';
  /** Milliseconds since the epoch; only with `timed`. */
  readonly at: number | null;
  readonly source: SideInput;
  readonly target: SideInput;
  readonly options: MigrationOptions;
  /** Minutes in which the task retries by itself what is away; 0 is never. */
  readonly retryMinutes: number;
  /** What a cut-over compares when its person says nothing about it; null is nothing. */
  readonly compareAtEnd?: CompareMode | null;
}

export interface Page<T> {
  readonly total: number;
  readonly rows: readonly T[];
}

/** Everything that can be done with migration tasks. Fails with `not-found`, `conflict` (the status does not allow it), `invalid-input`, `unsupported`. */
export interface MigrationJobs {
  readonly compares: CompareTasks;
  list(): readonly JobRecord[];
  get(id: string): JobRecord | undefined;
  /** Everything that is kept of it, but its passwords. */
  detail(id: string): MigrationJobDetail;
  create(wanted: {
    readonly name: string;
    readonly region: string;
    readonly sourceRegion?: string;
    readonly size: string;
    readonly tags: readonly { readonly key: string; readonly value: string }[];
  }): Promise<JobRecord>;
  /**
   * A task that was begun keeps what it does: then only account, passwords, TLS, tunnel and the time of retries may be other ones, and it goes
   * on with them.
   */
  configure(id: string, configuration: JobConfiguration): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  setTags(id: string, tags: readonly { readonly key: string; readonly value: string }[]): Promise<void>;
  /** Instance class: how much is done at once where the task asks for no number. */
  resize(id: string, size: string): Promise<void>;
  /** Accepted; the findings come by `findings`. */
  check(id: string): Promise<void>;
  /** Goes on in spite of the warnings of these groups of checks; failed ones cannot be skipped. */
  skip(id: string, steps: readonly string[]): Promise<void>;
  findings(id: string): readonly Finding[];
  /** The group of checks that is looked at now; null when no check runs. */
  checkingStep(id: string): string | null;
  /** Runs the fix that a finding offers, exactly as it was shown. */
  fix(id: string, wanted: { readonly check: string; readonly database: string; readonly side: string }): Promise<void>;
  /** At once, or at its time when it is scheduled. */
  start(id: string): Promise<void>;
  act(
    id: string,
    action: Exclude<JobAction, 'modify' | 'check' | 'start' | 'limit' | 'complete' | 'goBack'>,
  ): Promise<void>;
  /** The cut-over; null: as the task was configured. Again after a step of it has failed. */
  complete(id: string, completion: Completion | null): Promise<void>;
  /** Undoes a cut-over whose way back is kept open. */
  goBack(id: string, completion: Completion): Promise<void>;
  /** Answers a halt that the progress shows. */
  decide(id: string, decision: Decision): Promise<void>;
  limit(
    id: string,
    limit: {
      readonly copyJobs?: number;
      readonly indexJobs?: number;
      readonly bytesPerSecond?: number;
      /** From the next start of its worker on. */
      readonly applyJobs?: number;
    },
  ): Promise<void>;
  /** Null before the first run. */
  progress(id: string): MigrationProgress | null;
  tables(
    id: string,
    wanted: { readonly search: string; readonly state: string; readonly offset: number; readonly limit: number },
  ): Page<TableProgress>;
  objects(
    id: string,
    wanted: { readonly search: string; readonly outcome: string; readonly offset: number; readonly limit: number },
  ): Page<ObjectOutcome>;
  /** `first`: the number of the first line of `rows`; more than `from` when older lines are not kept any more. */
  log(id: string, from: number, limit: number): Promise<Page<MigrationLogLine> & { readonly first: number }>;
  report(id: string): Promise<MigrationReport>;
  /** Connects step by step, as a person would want to see it. `id`: where stored passwords are taken from. */
  test(side: SideInput, id: string | null, role: 'source' | 'target'): Promise<Required<EndpointTest>>;
  sourceObjects(id: string, database: string): Promise<EndpointObjects>;
  roles(id: string): Promise<readonly string[]>;
  closure(id: string, objects: ObjectSelection): Promise<readonly ClosureNote[]>;
  close(): Promise<void>;
}
