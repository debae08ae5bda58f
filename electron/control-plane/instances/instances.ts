import { cpus } from 'node:os';
import { join } from 'node:path';
import { createHmac, randomInt } from 'node:crypto';
import { AppError } from '../../../shared/errors';
import type { Charset } from '../../../shared/model/instance-rules';
import type { Logger } from '../../log';
import type { ServerAccount } from '../cluster/account';
import { ensureBinaries } from '../cluster/binaries';
import type { ClusterNode } from '../cluster/node';
import { findPostmaster } from '../cluster/postmaster';
import type { GatewayControl } from '../gateway/route';
import type { ProcessIdentity } from '../processes';
import type { StateFolder } from '../state-folder';
import { classSettings, findClass } from './classes';
import type { OperationContext } from './operation-context';
import type { InstanceRecord, OperationKind } from './record';
import type { InstanceRepository } from './repository';
import { changeRecord, firstStep, runOperation } from './runner';
import { mayBegin, shouldServe } from './status';

/** One instance to be made, already checked. */
export interface NewInstance {
  readonly name: string;
  readonly region: string;
  readonly zone: string;
  readonly major: number;
  readonly version: string;
  readonly classCode: string;
  readonly storageGb: number;
  readonly charset: Charset;
  readonly adminUser: string;
  readonly adminVerifier: string;
  readonly projectId: number;
  readonly tags: InstanceRecord['tags'];
  readonly deletionProtection: boolean;
}

export interface InstancesDeps {
  readonly repository: InstanceRepository;
  readonly folder: StateFolder;
  readonly account: ServerAccount | null;
  readonly nodeSecret: string;
  readonly gateway: GatewayControl;
  readonly log: Logger;
}

/** All instances of this control plane. Operations are accepted at once and go on by themselves. */
export interface Instances {
  list(): readonly InstanceRecord[];
  get(id: string): InstanceRecord | undefined;
  create(wanted: NewInstance): Promise<string>;
  /** Fails like `begin` where it would fail, and does nothing else. */
  check(kind: Exclude<OperationKind, 'create'>, id: string): InstanceRecord;
  /** Journals the operation and returns its task id. Fails with `not-found`, or `conflict` when the status does not allow it. */
  begin(kind: Exclude<OperationKind, 'create'>, id: string, note?: string): Promise<number>;
  noteProblem(id: string, problem: string): Promise<void>;
  /** The disk decides between these two. */
  setServing(id: string, status: 'running' | 'readonly'): Promise<void>;
  /** The server process last seen behind an instance. */
  server(id: string): ProcessIdentity | undefined;
  node(record: InstanceRecord): ClusterNode;
  /** Goes on with what an earlier run left: journalled operations, servers to adopt or to start. */
  resume(): Promise<void>;
  /** Gives up what runs (the journal keeps it) and stops no server. */
  close(): Promise<void>;
}

const ID_CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyz';
const newId = (): string =>
  `postgres-${Array.from({ length: 8 }, () => ID_CHARACTERS[randomInt(ID_CHARACTERS.length)]).join('')}`;

/** At most `limit` of the given works at once. */
function limiter(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    while (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

export function createInstances(deps: InstancesDeps): Instances {
  const { repository, folder, log } = deps;
  const ending = new AbortController();
  const servers = new Map<string, ProcessIdentity>();
  const running = new Map<string, Promise<void>>();
  const heavy = limiter(Math.max(2, cpus().length));
  let lastTask = 0;
  const nextTask = (): number => (lastTask = Math.max(lastTask + 1, Date.now()));

  const must = (id: string): InstanceRecord => {
    const record = repository.get(id);
    if (!record) throw new AppError({ code: 'not-found', message: `There is no instance ${id}` });
    return record;
  };

  const node = (record: InstanceRecord): ClusterNode => {
    const spec = findClass(record.classCode);
    if (!spec) throw new AppError({ code: 'not-found', message: `There is no class ${record.classCode}` });
    const base = join(folder.zones, record.zone, record.id);
    return {
      base,
      data: join(base, 'data'),
      log: join(base, 'log'),
      socket: join(folder.run, record.id),
      account: deps.account,
      major: record.major,
      charset: record.charset,
      superuserPassword: createHmac('sha256', deps.nodeSecret).update(`superuser ${record.id}`).digest('hex'),
      settings: classSettings(spec, record.major),
    };
  };

  const contextOf = (id: string): OperationContext => ({
    log,
    gateway: deps.gateway,
    signal: ending.signal,
    record: () => must(id),
    node: () => node(must(id)),
    binaries: () => ensureBinaries(must(id).major, ending.signal),
    update: (change) => changeRecord(repository, id, change),
    heavy,
    takenAddresses: () =>
      repository
        .all()
        .filter((each) => each.id !== id)
        .flatMap((each) => (each.address ? [each.address] : [])),
    serverStarted: (identity) => servers.set(id, identity),
    serverStopped: () => servers.delete(id),
  });

  const run = (id: string): void => {
    const work = runOperation(repository, contextOf(id), log)
      .catch((error: unknown) => void log.bug(`operation of ${id}`, error))
      .finally(() => running.delete(id));
    running.set(id, work);
  };

  const adopt = async (record: InstanceRecord): Promise<void> => {
    const found = findPostmaster(node(record).data);
    if (!found) {
      await begin('recover', record.id);
      return;
    }
    servers.set(record.id, found);
    log.write('info', 'server adopted', { instance: record.id, pid: found.pid });
    if (!record.address) return;
    const target = { path: `${node(record).socket}/.s.PGSQL.5432` };
    await deps.gateway
      .setRoute({ id: record.id, ...record.address, target, state: 'open' })
      .catch((error: unknown) => noteProblem(record.id, error instanceof Error ? error.message : String(error)));
  };

  const noteProblem = async (id: string, problem: string): Promise<void> => {
    const record = repository.get(id);
    if (record && record.problem !== problem) await changeRecord(repository, id, { problem });
  };

  const check: Instances['check'] = (kind, id) => {
    const record = must(id);
    if (record.operation || !mayBegin(kind, record.status)) {
      throw new AppError({
        code: 'conflict',
        message: `The instance ${id} is ${record.operation ? `busy (${record.operation.kind})` : record.status}: ${kind} is not possible now`,
      });
    }
    return record;
  };

  const begin: Instances['begin'] = async (kind, id, note = '') => {
    check(kind, id);
    const taskId = nextTask();
    await changeRecord(repository, id, {
      operation: { taskId, kind, step: firstStep(kind), note, startedAt: Date.now(), adminVerifier: null },
    });
    run(id);
    return taskId;
  };

  return {
    list: () => repository.all(),
    get: (id) => repository.get(id),
    async create({ adminVerifier, ...wanted }) {
      let id = newId();
      while (repository.get(id)) id = newId();
      const now = Date.now();
      await repository.put({
        ...wanted,
        id,
        status: 'applying',
        problem: '',
        address: null,
        createdAt: now,
        updatedAt: now,
        isolatedAt: null,
        operation: {
          taskId: nextTask(),
          kind: 'create',
          step: firstStep('create'),
          note: '',
          startedAt: now,
          adminVerifier,
        },
        history: [],
      });
      run(id);
      return id;
    },
    check,
    begin,
    noteProblem,
    setServing: (id, status) => changeRecord(repository, id, { status }),
    server: (id) => servers.get(id),
    node,
    async resume() {
      for (const record of repository.all()) {
        if (record.operation) run(record.id);
        else if (shouldServe(record.status)) {
          await adopt(record).catch((error: unknown) => void log.bug(`resuming ${record.id}`, error));
        }
      }
    },
    async close() {
      ending.abort();
      // A step that waits for a server notices the signal at its own end; the journal makes waiting for it unnecessary.
      await Promise.race([
        Promise.allSettled(running.values()),
        new Promise((resolve) => setTimeout(resolve, 2_000).unref()),
      ]);
    },
  };
}
