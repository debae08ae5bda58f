import { replicationOf, type StandbyState } from '../cluster/replication';
import { glance } from '../processes';
import type { Ground } from './context';
import type { NodeHealth } from './instance-service';
import { clusterNode } from './node-of';
import { primaryOf, type InstanceRecord } from './record';
import type { Sessions } from './sessions';
import { shouldServe } from './status';

const ANSWER_MS = 2_000;

/** What is measured of the nodes of an instance right now. A primary that does not answer tells nothing of its standbys. */
export async function nodeHealth(ground: Ground, sessions: Sessions, record: InstanceRecord): Promise<NodeHealth[]> {
  const primary = clusterNode(ground.place, record, primaryOf(record));
  let seen: StandbyState[] = [];
  if (record.nodes.length > 1 && shouldServe(record.status)) {
    const ask = async (): Promise<StandbyState[]> =>
      replicationOf(primary, {
        session: await sessions.of(record.id, primary),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
    seen = await ask().catch(() => []);
  }
  return record.nodes.map((node): NodeHealth => {
    const server = ground.servers.get(record.id, node.id);
    const isUp = server !== undefined && glance(server) === 'alive';
    const state = seen.find(({ id }) => id === node.id);
    return {
      id: node.id,
      zone: node.zone,
      role: node.role,
      state: node.state === 'ready' && !isUp ? 'down' : node.state,
      problem: node.problem,
      sync: state?.sync ?? '',
      lagBytes: state?.lagBytes ?? null,
      lagSeconds: state?.lagSeconds ?? null,
      pid: isUp ? (server?.pid ?? 0) : 0,
    };
  });
}
