import { randomBytes } from 'node:crypto';
import { AppError, errorInfo } from '../../../shared/errors';
import type { Drill } from '../../../shared/model/instance';
import { descendants, isAlive, pause, signalProcess, type ProcessIdentity } from '../processes';
import { changeRecord, noteEvent, withHistory } from './change-record';
import { mustGet, type Ground } from './context';
import { startProbe, type Probe } from './drill-probe';
import { createDrillReports, type Open } from './drill-reports';
import type { Instances } from './instance-service';
import { candidate } from './preconditions';
import { primaryOf, standbysOf, type InstanceRecord, type NodeRecord } from './record';
import { findZone } from './regions';

/** The blow that each scenario deals: to a server and all its processes, or to its postmaster, which ends the others itself. */
const BLOWS: Readonly<Record<Drill, { readonly signal: NodeJS.Signals; readonly all: boolean }>> = {
  kill: { signal: 'SIGKILL', all: true },
  stop: { signal: 'SIGINT', all: false },
  hang: { signal: 'SIGSTOP', all: true },
};

const LOOK_MS = 10;
const SERVED_LIMIT_MS = 120_000;
const WHOLE_LIMIT_MS = 600_000;

/** A server that is dealt a blow. */
interface Hit {
  readonly node: NodeRecord;
  readonly server: ProcessIdentity;
}

const isBusy = ({ operation, status }: InstanceRecord): boolean => operation !== null || status !== 'running';
const conflict = (message: string): AppError => new AppError({ code: 'conflict', message });

export interface Drills {
  readonly begin: Instances['drill'];
  readonly beginZone: Instances['drillZone'];
  readonly of: Instances['drills'];
  /** Ends what drills of an earlier run left. */
  adopt(): Promise<void>;
  /** Ends the probes of drills that go on. */
  close(): void;
}

export interface DrillsDeps {
  readonly ground: Ground;
  readonly nextTask: () => number;
  readonly ending: AbortSignal;
}

/** Drills: the loss of servers done for real, measured by somebody who writes through the instance's own address. */
export function createDrills({ ground, nextTask, ending }: DrillsDeps): Drills {
  const { repository, log, servers } = ground;
  const reports = createDrillReports(ground, ending);
  const probes = new Set<Probe>();

  /** Waits for something of the record; false when the time is over or the daemon ends. */
  const until = async (id: string, ms: number, holds: (record: InstanceRecord) => boolean): Promise<boolean> => {
    for (const deadline = Date.now() + ms; !ending.aborted && Date.now() < deadline; await pause(LOOK_MS)) {
      const record = repository.get(id);
      if (!record) return false;
      if (holds(record)) return true;
    }
    return false;
  };

  /** All nodes are whole again, by other processes than those that were hit, and commits wait for the standby where they should. */
  const isWhole = (record: InstanceRecord, hits: readonly Hit[]): boolean => {
    const standbys = standbysOf(record);
    if (record.operation || !standbys.every(({ state }) => state === 'ready')) return false;
    const runs = record.nodes.every(({ id }) => {
      const server = servers.get(record.id, id);
      return server !== undefined && isAlive(server) && !hits.some((hit) => hit.server.pid === server.pid);
    });
    if (!runs || standbys.length === 0) return runs;
    return record.syncMode === 'Async' || (record.degradedAt === null && standbys.some(({ inSync }) => inSync));
  };

  const observe = async (
    id: string,
    drill: Open,
    probe: Probe,
    hits: readonly Hit[],
    blowAt: number,
  ): Promise<void> => {
    const since = (): number => Date.now() - blowAt;
    const before = primaryOf(mustGet(repository, id)).id;
    const isDown = hits.some(({ node }) => node.id === before);
    const detected = until(id, SERVED_LIMIT_MS, ({ operation }) => operation !== null || !isDown).then((seen) => {
      if (seen && isDown) drill.detectedMs = since();
    });
    const promoted = until(id, SERVED_LIMIT_MS, (record) => !isDown || primaryOf(record).id !== before).then((seen) => {
      if (seen && isDown) drill.promotedMs = since();
    });
    const served = await probe.nextCommit(SERVED_LIMIT_MS);
    drill.servedMs = served ? since() : null;
    await Promise.all(served ? [detected] : [detected, promoted]);
    if (!served) {
      drill.problem = 'The instance did not serve again in time';
      return;
    }
    if (await until(id, WHOLE_LIMIT_MS, (record) => isWhole(record, hits))) drill.wholeMs = since();
    else drill.problem = 'The lost node was not built again in time';
    const { acknowledged, lost } = await probe.finish();
    drill.acknowledged = acknowledged;
    drill.lost = lost;
  };

  const end = async (id: string, drill: Open): Promise<void> => {
    // What the daemon's own end cut off is ended by the next one.
    if (!repository.get(id) || ending.aborted) return;
    const endedAt = Date.now();
    const { scenario, servedMs, lost, acknowledged, problem } = drill;
    const name = drill.zone === '' ? scenario : 'zone';
    const text =
      problem === ''
        ? `Drill (${name}): served again after ${servedMs} ms, ${lost} of ${acknowledged} acknowledged commits lost`
        : `Drill (${name}): ${problem}`;
    await noteEvent(repository, id, { level: problem === '' && lost === 0 ? 'info' : 'error', kind: 'drill', text });
    await changeRecord(repository, id, {
      history: withHistory(mustGet(repository, id), {
        taskId: nextTask(),
        kind: 'drill',
        startedAt: drill.startedAt,
        endedAt,
        ok: problem === '' && lost === 0,
        message: text,
      }),
    });
    drill.endedAt = endedAt;
    await reports.save(id, drill);
  };

  /** Deals the blow to the servers of these nodes, looked up now. */
  const strike = (record: InstanceRecord, nodes: readonly NodeRecord[], scenario: Drill): Hit[] => {
    if (record.operation) throw new Error('something else began on the instance');
    const hits = nodes.flatMap((node) => {
      const server = servers.get(record.id, node.id);
      return server ? [{ node, server }] : [];
    });
    if (hits.length === 0) throw new Error('no server runs');
    const { signal, all } = BLOWS[scenario];
    // Looked up before the first of them ends: afterwards nothing tells whose children they were.
    const family = hits.flatMap(({ server }) => [server, ...(all ? descendants(server.pid) : [])]);
    for (const each of family) signalProcess(each, signal);
    log.write('info', 'drill', { instance: record.id, scenario, pids: hits.map(({ server }) => server.pid).join(' ') });
    return hits;
  };

  const nodesOf = (record: InstanceRecord, { zone }: Open): NodeRecord[] =>
    zone === '' ? [primaryOf(record)] : record.nodes.filter((node) => node.zone === zone);

  /** `together` resolves when the blow may be dealt. */
  const run = async (id: string, drill: Open, probe: Probe, together: () => Promise<void>): Promise<void> => {
    try {
      const begun = await probe.nextCommit(SERVED_LIMIT_MS);
      await together();
      if (!begun) throw new Error('nothing could be written before the blow');
      const record = mustGet(repository, id);
      const blowAt = Date.now();
      const hits = strike(record, nodesOf(record, drill), drill.scenario);
      await observe(id, drill, probe, hits, blowAt);
    } catch (error) {
      drill.problem = errorInfo(error).message;
    } finally {
      probes.delete(probe);
      if (await probe.end()) drill.table = '';
      await end(id, drill);
    }
  };

  const prepare = async (id: string, scenario: Drill, zone: string): Promise<{ drill: Open; probe: Probe }> => {
    const probe = await startProbe(ground, id);
    probes.add(probe);
    const drill: Open = {
      id: `drill-${randomBytes(4).toString('hex')}`,
      scenario,
      zone,
      startedAt: Date.now(),
      endedAt: null,
      detectedMs: null,
      promotedMs: null,
      servedMs: null,
      wholeMs: null,
      acknowledged: 0,
      lost: 0,
      problem: '',
      table: probe.table,
    };
    await reports.begin(id, drill);
    return { drill, probe };
  };

  const go = (id: string, { drill, probe }: { drill: Open; probe: Probe }, together = async () => undefined as void) =>
    void run(id, drill, probe, together).catch((error: unknown) => void log.bug(`drill of ${id}`, error));

  return {
    async begin(id, scenario) {
      const record = mustGet(repository, id);
      if (isBusy(record) || reports.isGoing(id)) {
        throw conflict(`The instance ${id} is busy or does not run: no drill now`);
      }
      const found = candidate(ground, record, Date.now());
      if ('why' in found) throw conflict(`No drill now: ${found.why}`);
      const prepared = await prepare(id, scenario, '');
      go(id, prepared);
      return prepared.drill.id;
    },
    async beginZone(zone) {
      if (!findZone(zone))
        throw new AppError({ code: 'invalid-input', message: `There is no zone ${zone}`, field: 'zone' });
      const there = repository.all().filter(({ nodes }) => nodes.some((node) => node.zone === zone));
      const fit = there.filter((record) => !isBusy(record) && !reports.isGoing(record.id));
      if (fit.length === 0) throw conflict(`No instance with a node in ${zone} runs and is free: no drill now`);
      const tried = await Promise.allSettled(
        fit.map(async ({ id }) => ({ id, prepared: await prepare(id, 'kill', zone) })),
      );
      const ready = tried.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      let missing = ready.length;
      let release = (): void => undefined;
      const all = new Promise<void>((resolve) => (release = resolve));
      const together = (): Promise<void> => {
        missing -= 1;
        if (missing === 0) release();
        return all;
      };
      for (const { id, prepared } of ready) go(id, prepared, together);
      if (ready.length === 0) throw conflict(`No instance of ${zone} can be written to: no drill now`);
      return ready.map(({ id, prepared }) => ({ id, drillId: prepared.drill.id }));
    },
    of: reports.of,
    adopt: reports.adopt,
    close() {
      for (const probe of probes) void probe.end();
    },
  };
}
