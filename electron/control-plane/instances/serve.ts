import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { endProcessesIn, findPostmaster, stopPostmaster } from '../cluster/postmaster';
import { startServer, type StartLimits } from '../cluster/server';
import type { Route } from '../gateway/route';
import { fenceNode } from './fencing';
import type { OperationContext } from './operation-context';
import { primaryOf, standbysOf } from './record';
import { changeNode, forgetSync } from './sync';
import { refreshTls } from './tls-files';
import { routeIds, routesOf, setRoutes, setRules } from './traffic';

/** Parts that several operations share. */

/** Sets what happens to connections; that another program took the address meanwhile is told, but stops nothing. Returns the problem. */
export async function setTraffic(context: OperationContext, state: Route['state']): Promise<string> {
  const { networks, gateway } = context;
  const rules = (): string => JSON.stringify(networks.rulesOf(context.record().securityGroupIds));
  const before = rules();
  context.traffic.set(context.record().id, state);
  const problem = await setRoutes(gateway, routesOf(context.record(), context.node(), state, networks));
  // They may have changed while the routes were set one after the other.
  if (rules() !== before) await setRules(gateway, context.record(), networks);
  return problem;
}

export const openTraffic = (context: OperationContext): Promise<string> => setTraffic(context, 'open');

/** New connections wait from here on. */
export const holdTraffic = async (context: OperationContext): Promise<void> => void (await setTraffic(context, 'hold'));

export async function closeTraffic(context: OperationContext): Promise<void> {
  context.traffic.delete(context.record().id);
  for (const id of routeIds(context.record())) await context.gateway.removeRoute(id);
}

/** Starts the server of the primary, or of the node of that id. */
export async function start(
  context: OperationContext,
  id = primaryOf(context.record()).id,
  limits?: StartLimits,
): Promise<void> {
  // A server that runs keeps the port that it has.
  if (!findPostmaster(context.node(id).data)) await refreshTls(context, id);
  const node = context.node(id);
  const { identity, adopted } = await startServer(node, await context.binaries(id), limits);
  context.servers.started(context.record().id, node.id, identity);
  context.log.write('info', adopted ? 'server adopted' : 'server started', {
    instance: context.record().id,
    node: node.id,
    pid: identity.pid,
  });
}

/**
 * Starts the server of the primary. What waited for the standby when it ended is visible afterwards, acknowledged or not: until the standby
 * is seen to have it too, it may not take over. A server that never came up has shown nothing.
 */
export async function startPrimary(context: OperationContext): Promise<void> {
  const inSync = context.record().nodes.filter((node) => node.inSync);
  await forgetSync(context);
  try {
    await start(context);
  } catch (error) {
    await fenceNode(context, primaryOf(context.record()).id);
    for (const { id } of inSync) await changeNode(context, id, { inSync: true });
    throw error;
  }
}

/** Longer than that an operation does not wait for a standby that is started: it goes on by itself, and commits may wait for it meanwhile. */
const STANDBY_READY_MS = 10_000;

/** Starts the standbys that have a copy. One that does not start is left to the supervisor, which builds it anew. */
export async function startStandbys(context: OperationContext): Promise<void> {
  for (const { id, state } of standbysOf(context.record())) {
    if (state !== 'ready') continue;
    await start(context, id, { readyMs: STANDBY_READY_MS }).catch((error: unknown) =>
      context.log.write('warn', 'a standby does not start', {
        instance: context.record().id,
        node: id,
        reason: error instanceof Error ? error.message : String(error),
      }),
    );
  }
}

export async function stopStandbys(context: OperationContext): Promise<void> {
  for (const { id } of standbysOf(context.record())) await stop(context, id);
}

export async function stop(context: OperationContext, id = primaryOf(context.record()).id): Promise<void> {
  const node = context.node(id);
  context.servers.stopped(context.record().id, node.id);
  await stopPostmaster(node);
}

/** Ends what runs and removes every file of a node. */
export async function removeNode(context: OperationContext, id: string): Promise<void> {
  const node = context.node(id);
  await stop(context, id);
  await endProcessesIn([node.base, node.data, `${node.data}.new`]);
  // A file may still come while it is emptied: the copy of the record, which is written on the side.
  await rm(node.base, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  // The instance's folder in this zone goes with its last node; that of older instances is the node's own.
  await rmdir(dirname(node.base)).catch(() => undefined);
  await rm(node.socket, { recursive: true, force: true });
}

/** Ends what runs and removes every file of the instance. */
export async function removeEverything(context: OperationContext): Promise<void> {
  await closeTraffic(context);
  for (const { id } of context.record().nodes.toReversed()) await removeNode(context, id);
}
