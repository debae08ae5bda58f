import { failureKind, needsPerson } from '../worker/failure';
import { StreamDamage } from './decode/stream-damage';
import { SpoolFull } from './decode/transaction-spool';
import { SlotLost } from './stream';

/** The stream begins anew, because tables were copied. */
export class BeginAgain extends Error {}

/** What to do about what has ended a connection. `unstreamed`: begin anew, and read transactions when they are committed only. */
export type Verdict = 'again' | 'unstreamed' | 'wait' | 'fail';

/** `streaming`: transactions were sent while they ran. A halt is another matter. */
export function verdictOf(error: unknown, streaming: boolean): Verdict {
  if (error instanceof BeginAgain) return 'again';
  if (error instanceof SpoolFull) return 'unstreamed';
  // Some servers send the rest of a running transaction whose beginning was not asked for.
  if (error instanceof StreamDamage && streaming) return 'unstreamed';
  if (error instanceof SlotLost || needsPerson(error)) return 'fail';
  const kind = failureKind(error);
  return kind === 'away' || kind === 'busy' ? 'wait' : 'fail';
}
