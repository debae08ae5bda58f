import { existsSync } from 'node:fs';
import { reload, writeConfiguration } from '../cluster/configuration';
import { dataFolderThere } from '../cluster/data-folder';
import { socketPath } from '../cluster/node';
import { findPostmaster } from '../cluster/postmaster';
import { contextOf, type Ground } from './context';
import type { Operations } from './operations';
import { candidate } from './preconditions';
import { primaryOf, type InstanceRecord } from './record';
import { openTraffic } from './serve';
import { served, shouldServe } from './status';

export interface AdoptionDeps {
  readonly ground: Ground;
  readonly operations: Operations;
  readonly ending: AbortSignal;
  readonly noteProblem: (id: string, problem: string) => Promise<void>;
}

/** Notes every server of an instance that runs already. */
function findServers({ ground }: AdoptionDeps, record: InstanceRecord): void {
  const context = contextOf(ground, record.id, new AbortController().signal);
  for (const { id } of record.nodes) {
    const found = findPostmaster(context.node(id).data);
    if (!found) continue;
    ground.servers.started(record.id, id, found);
    ground.log.write('info', 'server adopted', { instance: record.id, node: id, pid: found.pid });
  }
}

async function adopt(deps: AdoptionDeps, record: InstanceRecord): Promise<void> {
  const { ground, operations } = deps;
  const context = contextOf(ground, record.id, deps.ending);
  const primary = primaryOf(record);
  if (record.status === 'network changing') await context.update({ status: served(record) });
  const runs = ground.servers.get(record.id, primary.id) !== undefined;
  // Without its socket nobody reaches it, so it must begin anew: the folder for sockets was emptied, or an older version had it elsewhere.
  if (runs && existsSync(socketPath(context.node()))) {
    // An earlier run may have ended in the middle of a change of whom commits wait for.
    if (record.nodes.length > 1) {
      await writeConfiguration(context.node(), context.node().data);
      await reload(context.node());
    }
    const problem = await openTraffic(context);
    if (problem !== '') await deps.noteProblem(record.id, problem);
    return;
  }
  const found = candidate(ground, record, Date.now());
  const standbyRuns = 'id' in found && ground.servers.get(record.id, found.id) !== undefined;
  const isGone = !dataFolderThere(context.node());
  if ('id' in found && !runs && (standbyRuns || isGone)) {
    await operations.begin('failover', record.id, {
      reason: 'The primary was lost while the control plane did not run',
    });
    return;
  }
  await operations.begin(runs ? 'restart' : 'recover', record.id, {
    reason: runs ? '' : 'The server did not run when the control plane began, and was started again',
  });
}

/** Goes on with what an earlier run left: operations from their journals, servers that run, servers that should. */
export async function adoptAll(deps: AdoptionDeps): Promise<void> {
  const { repository, log } = deps.ground;
  for (const record of repository.all()) {
    try {
      findServers(deps, record);
      if (record.operation) deps.operations.run(record.id);
      else if (shouldServe(record.status)) await adopt(deps, record);
    } catch (error) {
      log.bug(`resuming ${record.id}`, error);
    }
  }
}
