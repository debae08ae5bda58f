import { AppError } from '../../../shared/errors';
import type { Ground } from './context';
import { whyNotPromote } from './ha-rules';
import { primaryOf, standbysOf, type InstanceRecord, type OperationInput, type OperationKind } from './record';

type Facts = Readonly<Record<string, string>>;

const conflict = (message: string, hint?: string): AppError =>
  new AppError({ code: 'conflict', message, ...(hint ? { hint } : {}) });

/** The standby that may take over now, the best first; with why not, when there is none. */
export function candidate(ground: Ground, record: InstanceRecord, now: number): { id: string } | { why: string } {
  const standbys = standbysOf(record);
  if (standbys.length === 0) return { why: 'it has no standby' };
  const reasons: string[] = [];
  for (const standby of standbys) {
    const why = whyNotPromote(record, standby, ground.lagOf(record.id, standby.id), now);
    if (why === null) return { id: standby.id };
    reasons.push(why);
  }
  return { why: reasons.join('; ') };
}

function forSwitch(ground: Ground, record: InstanceRecord, { force }: OperationInput): Facts {
  const from = primaryOf(record).id;
  const found = candidate(ground, record, Date.now());
  if ('id' in found) return { from, to: found.id };
  const ready = standbysOf(record).find(({ state }) => state === 'ready');
  if (force && ready) return { from, to: ready.id };
  throw conflict(
    `The primary of ${record.id} cannot be switched: ${found.why}`,
    ready ? 'Wait until it has caught up, or force the switch.' : undefined,
  );
}

/** What an operation must know from its beginning, or why it cannot begin: nothing has been touched yet. */
export function preconditions(
  ground: Ground,
  record: InstanceRecord,
  kind: OperationKind,
  input: OperationInput,
): Record<string, string> {
  switch (kind) {
    case 'switch':
      return { ...forSwitch(ground, record, input) };
    case 'failover': {
      const found = candidate(ground, record, Date.now());
      if ('why' in found) throw conflict(`No standby of ${record.id} may take over: ${found.why}`);
      return { from: primaryOf(record).id, to: found.id };
    }
    default:
      return {};
  }
}
