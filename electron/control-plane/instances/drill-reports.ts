import { errorInfo } from '../../../shared/errors';
import type { DrillView } from '../../../shared/model/instance';
import { timeLimit } from '../../adapters/postgres/deadline';
import { asSuperuser } from '../cluster/session';
import { pause } from '../processes';
import { changeRecord } from './change-record';
import type { Ground } from './context';
import { clusterNode } from './node-of';
import { primaryOf, type DrillRecord } from './record';
import { shouldServe } from './status';

/** A drill that goes on; what is written into it is seen at once, and kept when it is saved. */
export type Open = { -readonly [Key in keyof DrillRecord]: DrillRecord[Key] };

const KEPT = 20;
const AGAIN_MS = 5_000;
const DROP_MS = 10_000;

export interface DrillReports {
  begin(id: string, drill: Open): Promise<void>;
  save(id: string, drill: Open): Promise<void>;
  /** Newest first. */
  of(id: string): readonly DrillView[];
  isGoing(id: string): boolean;
  /** Ends the reports of drills whose control plane ended, and takes away what they left in their instances. */
  adopt(): Promise<void>;
}

/** Reports of drills, kept in the record of their instance. */
export function createDrillReports(ground: Ground, ending: AbortSignal): DrillReports {
  const { repository, log } = ground;
  const open = new Map<string, Open>();

  const kept = (id: string): readonly DrillRecord[] => repository.get(id)?.drills ?? [];
  const save: DrillReports['save'] = async (id, drill) => {
    if (!repository.get(id)) return;
    await changeRecord(repository, id, {
      drills: kept(id).map((each) => (each.id === drill.id ? { ...drill } : each)),
    });
    if (drill.endedAt !== null) open.delete(drill.id);
  };

  /** The table is away when it resolves true. Not while somebody works on the instance, nor when it does not serve. */
  const drop = async (id: string, table: string): Promise<boolean> => {
    const record = repository.get(id);
    if (!record || record.operation || !shouldServe(record.status)) return false;
    try {
      const node = clusterNode(ground.place, record, primaryOf(record));
      const signal = AbortSignal.any([ending, timeLimit(DROP_MS)]);
      await asSuperuser(node, (session) => session.query(`DROP TABLE IF EXISTS ${table}`, [], signal), signal);
      return true;
    } catch (error) {
      log.write('debug', 'the table of a drill is still there', { instance: id, reason: errorInfo(error).message });
      return false;
    }
  };

  const tidy = async (id: string, drill: DrillRecord): Promise<void> => {
    while (!ending.aborted && repository.get(id)) {
      if (await drop(id, drill.table)) return save(id, { ...drill, table: '' });
      await pause(AGAIN_MS);
    }
  };

  return {
    async begin(id, drill) {
      open.set(drill.id, drill);
      await changeRecord(repository, id, { drills: [{ ...drill }, ...kept(id)].slice(0, KEPT) });
    },
    save,
    of: (id) => kept(id).map((each) => open.get(each.id) ?? each),
    isGoing: (id) => kept(id).some((each) => (open.get(each.id) ?? each).endedAt === null),
    async adopt() {
      for (const { id } of repository.all()) {
        for (const drill of kept(id)) {
          const ended: DrillRecord =
            drill.endedAt === null
              ? { ...drill, endedAt: Date.now(), problem: 'The control plane ended during the drill' }
              : drill;
          if (ended !== drill) await save(id, ended);
          if (ended.table !== '') tidy(id, ended).catch((error: unknown) => void log.bug(`drill of ${id}`, error));
        }
      }
    },
  };
}
