import { memoryTaken, shortage } from '../instances/capacity';
import { findClass, type InstanceClass } from '../instances/classes';
import type { InstanceRecord } from '../instances/record';
import type { ApiDeps } from './action';
import { ApiError } from './errors';

const memoryOf = ({ classCode, nodes }: InstanceRecord): number => (findClass(classCode)?.memoryGb ?? 0) * nodes.length;

/** Fails with `ResourceInsufficient.ResourceNotEnough` when the machine cannot carry so many more servers of a class. */
export function mustCarry(deps: ApiDeps, spec: InstanceClass, servers: number, instead = ''): void {
  const short = shortage(deps.machine(), spec, servers, memoryTaken(deps.instances.list(), instead));
  if (short !== null) throw new ApiError('ResourceInsufficient.ResourceNotEnough', short);
}

/** Fails likewise when the machine cannot carry these instances together, whose servers were stopped. */
export function mustCarryAgain(deps: ApiDeps, records: readonly InstanceRecord[]): void {
  let taken = memoryTaken(deps.instances.list(), '');
  for (const record of records) {
    const spec = findClass(record.classCode);
    const short = spec && shortage(deps.machine(), spec, record.nodes.length, taken);
    if (short) throw new ApiError('ResourceInsufficient.ResourceNotEnough', short);
    taken += memoryOf(record);
  }
}
