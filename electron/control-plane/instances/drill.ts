import { randomBytes } from 'node:crypto';
import { AppError, errorInfo } from '../../../shared/errors';
import type { Drill, DrillView } from '../../../shared/model/instance';
import { pause, signalProcess } from '../processes';
import { changeRecord, noteEvent, withHistory } from './change-record';
import { mustGet, type Ground } from './context';
import { startProbe, type Probe } from './drill-probe';
import type { Instances } from './instance-service';
import { candidate } from './preconditions';
import { primaryOf, standbysOf, type InstanceRecord } from './record';

/** The blow that each scenario deals to the postmaster of the primary. */
const BLOWS: Readonly<Record<Drill, NodeJS.Signals>> = { kill: 'SIGKILL', stop: 'SIGINT', hang: 'SIGSTOP' };

const LOOK_MS = 10;
const SERVED_LIMIT_MS = 120_000;
const WHOLE_LIMIT_MS = 600_000;
const KEPT = 20;

type Open = { -readonly [Key in keyof DrillView]: DrillView[Key] };

/** Both nodes are whole again, and commits wait for the standby where they should. */
function isWhole(record: InstanceRecord): boolean {
  const standbys = standbysOf(record);
  if (record.operation || !standbys.every(({ state }) => state === 'ready')) return false;
  return record.syncMode === 'Async' || (record.degradedAt === null && standbys.some(({ inSync }) => inSync));
}

export interface Drills {
  readonly begin: Instances['drill'];
  readonly of: Instances['drills'];
  /** Ends the probes of drills that go on. */
  close(): void;
}

/** Drills: the loss of a primary done for real, measured by somebody who writes through the instance's own address. */
export function createDrills({
  ground,
  nextTask,
}: {
  readonly ground: Ground;
  readonly nextTask: () => number;
}): Drills {
  const { repository, log, servers } = ground;
  const drills = new Map<string, Open[]>();
  const probes = new Set<Probe>();
  let closed = false;

  /** Waits for something of the record; false when the time is over or the daemon ends. */
  const until = async (id: string, ms: number, holds: (record: InstanceRecord) => boolean): Promise<boolean> => {
    for (const deadline = Date.now() + ms; !closed && Date.now() < deadline; await pause(LOOK_MS)) {
      const record = repository.get(id);
      if (!record) return false;
      if (holds(record)) return true;
    }
    return false;
  };

  const observe = async (id: string, drill: Open, probe: Probe, blowAt: number): Promise<void> => {
    const since = (): number => Date.now() - blowAt;
    const before = primaryOf(mustGet(repository, id)).id;
    const detected = until(id, SERVED_LIMIT_MS, ({ operation }) => operation !== null).then((seen) => {
      if (seen) drill.detectedMs = since();
    });
    const promoted = until(id, SERVED_LIMIT_MS, (record) => primaryOf(record).id !== before).then((seen) => {
      if (seen) drill.promotedMs = since();
    });
    const served = await probe.nextCommit(SERVED_LIMIT_MS);
    drill.servedMs = served ? since() : null;
    await Promise.all(served ? [detected] : [detected, promoted]);
    if (!served) {
      drill.problem = 'The instance did not serve again in time';
      return;
    }
    if (await until(id, WHOLE_LIMIT_MS, isWhole)) drill.wholeMs = since();
    else drill.problem = 'The lost node was not built again in time';
    const { acknowledged, lost } = await probe.finish();
    drill.acknowledged = acknowledged;
    drill.lost = lost;
  };

  const end = async (id: string, drill: Open): Promise<void> => {
    drill.endedAt = Date.now();
    const record = repository.get(id);
    if (!record || closed) return;
    const { scenario, servedMs, lost, acknowledged, problem } = drill;
    const text =
      problem === ''
        ? `Drill (${scenario}): served again after ${servedMs} ms, ${lost} of ${acknowledged} acknowledged commits lost`
        : `Drill (${scenario}): ${problem}`;
    await noteEvent(repository, id, { level: problem === '' && lost === 0 ? 'info' : 'error', kind: 'drill', text });
    await changeRecord(repository, id, {
      history: withHistory(mustGet(repository, id), {
        taskId: nextTask(),
        kind: 'drill',
        startedAt: drill.startedAt,
        endedAt: drill.endedAt,
        ok: problem === '' && lost === 0,
        message: text,
      }),
    });
  };

  const run = async (id: string, drill: Open, probe: Probe): Promise<void> => {
    try {
      if (!(await probe.nextCommit(SERVED_LIMIT_MS))) throw new Error('nothing could be written before the blow');
      const record = mustGet(repository, id);
      const server = servers.get(id, primaryOf(record).id);
      if (record.operation || !server) throw new Error('something else began on the instance');
      const blowAt = Date.now();
      signalProcess(server, BLOWS[drill.scenario]);
      log.write('info', 'drill', { instance: id, scenario: drill.scenario, pid: server.pid });
      await observe(id, drill, probe, blowAt);
    } catch (error) {
      drill.problem = errorInfo(error).message;
    } finally {
      probes.delete(probe);
      await probe.end();
      await end(id, drill);
    }
  };

  return {
    async begin(id, scenario) {
      const record = mustGet(repository, id);
      const going = drills.get(id)?.some(({ endedAt }) => endedAt === null);
      if (record.operation || record.status !== 'running' || going) {
        throw new AppError({ code: 'conflict', message: `The instance ${id} is busy or does not run: no drill now` });
      }
      const found = candidate(ground, record, Date.now());
      if ('why' in found) throw new AppError({ code: 'conflict', message: `No drill now: ${found.why}` });
      const probe = await startProbe(ground, id);
      probes.add(probe);
      const drill: Open = {
        id: `drill-${randomBytes(4).toString('hex')}`,
        scenario,
        startedAt: Date.now(),
        endedAt: null,
        detectedMs: null,
        promotedMs: null,
        servedMs: null,
        wholeMs: null,
        acknowledged: 0,
        lost: 0,
        problem: '',
      };
      drills.set(id, [drill, ...(drills.get(id) ?? [])].slice(0, KEPT));
      run(id, drill, probe).catch((error: unknown) => void log.bug(`drill of ${id}`, error));
      return drill.id;
    },
    of: (id) => drills.get(id) ?? [],
    close() {
      closed = true;
      for (const probe of probes) void probe.end();
    },
  };
}
