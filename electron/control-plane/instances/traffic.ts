import { AppError } from '../../../shared/errors';
import { socketPath, type ClusterNode } from '../cluster/node';
import type { GatewayControl, Route } from '../gateway/route';
import type { Networks } from '../network/networks';
import type { InstanceRecord } from './record';

/** What stands between the clients and the node that serves. */

export const routeIds = (record: InstanceRecord): string[] => [
  ...clientRouteIds(record),
  ...(record.taskAddress ? [taskRouteId(record.id)] : []),
];
/** Without that of migration tasks. */
export const clientRouteIds = (record: InstanceRecord): string[] => [
  ...record.networks.map((_, index) => privateRouteId(record.id, index)),
  ...(record.publicAddress ? [publicRouteId(record.id)] : []),
];
export const privateRouteId = (id: string, index: number): string => (index === 0 ? id : `${id}/${index + 1}`);
export const publicRouteId = (id: string): string => `${id}/public`;
export const taskRouteId = (id: string): string => `${id}/task`;
/** The instance of a route. */
export const instanceOfRoute = (routeId: string): string => routeId.split('/')[0] ?? routeId;

/** Public addresses are those of the machine: what is kept of one is the address that people are told. */
const ALL_ADDRESSES = '0.0.0.0';
/** What rules of security groups speak of: a private address has this port unless nothing of its kind was free on this machine. */
const POSTGRES_PORT = 5432;

/** Every route of an instance, with this node behind it. Those of clients are held as long as a task holds them. */
export function routesOf(
  record: InstanceRecord,
  target: Pick<ClusterNode, 'socket' | 'listen'>,
  state: Route['state'],
  networks: Pick<Networks, 'rulesOf'>,
): Route[] {
  const behind = target.listen ?? { path: socketPath(target) };
  const rules = networks.rulesOf(record.securityGroupIds);
  const ofClients = (record.heldBy ?? '') === '' ? state : 'hold';
  return [
    ...record.networks.map(({ host, port }, index): Route => ({
      id: privateRouteId(record.id, index),
      host,
      port,
      target: behind,
      state: ofClients,
      rules,
      rulePort: POSTGRES_PORT,
    })),
    ...(record.publicAddress
      ? [
          {
            id: publicRouteId(record.id),
            host: ALL_ADDRESSES,
            port: record.publicAddress.port,
            target: behind,
            state: ofClients,
            rules: null,
          },
        ]
      : []),
    ...(record.taskAddress
      ? [{ id: taskRouteId(record.id), ...record.taskAddress, target: behind, state, rules, rulePort: POSTGRES_PORT }]
      : []),
  ];
}

/** Gives the gateway the rules of an instance as they are now; what is behind its addresses, and whether they are held, is another matter. */
export async function setRules(
  gateway: GatewayControl,
  record: InstanceRecord,
  networks: Pick<Networks, 'rulesOf'>,
): Promise<void> {
  const rules = networks.rulesOf(record.securityGroupIds);
  for (const index of record.networks.keys()) await gateway.setRules(privateRouteId(record.id, index), rules);
  if (record.taskAddress) await gateway.setRules(taskRouteId(record.id), rules);
}

/** Sets all routes; returns what is wrong with those that could not be opened, empty when nothing is. */
export async function setRoutes(gateway: GatewayControl, routes: readonly Route[]): Promise<string> {
  const problems: string[] = [];
  for (const route of routes) {
    try {
      await gateway.setRoute(route);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      problems.push(error.message);
    }
  }
  return problems.join('. ');
}
