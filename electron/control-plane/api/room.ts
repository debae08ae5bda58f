import { shortage } from '../instances/capacity';
import { findClass, type InstanceClass } from '../instances/classes';
import type { ApiDeps } from './action';
import { ApiError } from './errors';

/** Memory of all servers that run or may be started again, in GB, without those of one instance. */
const memoryTaken = (deps: ApiDeps, without: string): number =>
  deps.instances
    .list()
    .filter(({ id, status }) => id !== without && status !== 'isolated' && status !== 'offline')
    .reduce((sum, { classCode, nodes }) => sum + (findClass(classCode)?.memoryGb ?? 0) * nodes.length, 0);

/** Fails with `ResourceInsufficient.ResourceNotEnough` when the machine cannot carry so many more servers of a class. */
export function mustCarry(deps: ApiDeps, spec: InstanceClass, servers: number, instead = ''): void {
  const short = shortage(deps.machine(), spec, servers, memoryTaken(deps, instead));
  if (short !== null) throw new ApiError('ResourceInsufficient.ResourceNotEnough', short);
}
