import { failureKind } from '../worker/failure';

/** Whether a failure is told beside its object while the others go on; connections, full disks and the like concern all of them. */
export function isOfObject(error: unknown): boolean {
  const kind = failureKind(error);
  return kind === 'object' || kind === 'busy';
}
