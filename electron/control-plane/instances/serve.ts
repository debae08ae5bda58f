import { rm } from 'node:fs/promises';
import { AppError } from '../../../shared/errors';
import { socketPath } from '../cluster/node';
import { endProcessesIn, stopPostmaster } from '../cluster/postmaster';
import { startServer } from '../cluster/server';
import type { Route } from '../gateway/route';
import type { OperationContext } from './operation-context';

/** Parts that several operations share. */

export function routeOf(context: OperationContext, state: Route['state']): Route | null {
  const { id, address } = context.record();
  return address && { id, host: address.host, port: address.port, target: { path: socketPath(context.node()) }, state };
}

export async function setTraffic(context: OperationContext, state: Route['state']): Promise<void> {
  const wanted = routeOf(context, state);
  if (wanted) await context.gateway.setRoute(wanted);
}

/** Opens the address; that another program took it meanwhile is told, but does not stop the server. Returns the problem. */
export async function openTraffic(context: OperationContext): Promise<string> {
  try {
    await setTraffic(context, 'open');
    return '';
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return error.message;
    throw error;
  }
}

export async function start(context: OperationContext): Promise<void> {
  const { identity, adopted } = await startServer(context.node(), await context.binaries());
  context.serverStarted(identity);
  context.log.write('info', adopted ? 'server adopted' : 'server started', {
    instance: context.record().id,
    pid: identity.pid,
  });
}

export async function stop(context: OperationContext): Promise<void> {
  context.serverStopped();
  await stopPostmaster(context.node());
}

/** Ends what runs and removes every file of the instance. */
export async function removeEverything(context: OperationContext): Promise<void> {
  const node = context.node();
  await context.gateway.removeRoute(context.record().id);
  await stop(context);
  await endProcessesIn([node.base, node.data, `${node.data}.new`]);
  await rm(node.base, { recursive: true, force: true });
  await rm(node.socket, { recursive: true, force: true });
}
