import { CLASSES, type InstanceClass } from '../instances/classes';
import { ApiError } from './errors';

/** The class with this memory (GB) and, if given, these CPUs; without, the smallest. Fails with `InvalidParameterValue.BadSpec`. */
export function classFor(memoryGb: number, cpu: number | undefined): InstanceClass {
  const found = CLASSES.find((each) => each.memoryGb === memoryGb && (cpu === undefined || each.cpu === cpu));
  if (found) return found;
  const with_ = cpu === undefined ? '' : ` and ${cpu} CPUs`;
  throw new ApiError('InvalidParameterValue.BadSpec', `There is no class with ${memoryGb} GB of memory${with_}`);
}
