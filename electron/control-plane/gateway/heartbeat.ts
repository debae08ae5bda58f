import { glance, identify } from '../processes';
import type { ControlClient } from './control-client';

const EVERY_MS = 1_000;
/** So many looks without an answer and the gateway hangs. */
const TRIES = 3;
/** So late our own timer may be without it being the machine, or ourselves, that an answer did not come from. */
const OUR_DELAY_MS = 500;

/**
 * Asks a gateway every second whether it still answers, and tells once when it does not. An answer that nobody waits for tells nothing: a
 * process that hangs takes connections, and only its clients would notice.
 */
export function watchGateway(client: ControlClient, onHung: () => void): void {
  const identity = identify(client.pid);
  let asked = false;
  let missed = 0;
  let last = Date.now();
  const timer = setInterval(() => {
    const late = Date.now() - last - EVERY_MS;
    last = Date.now();
    if (!asked) {
      missed = 0;
      asked = true;
      client.send({ do: 'ping' }).then(
        () => (asked = false),
        () => undefined,
      );
      return;
    }
    const isStopped = identity !== null && glance(identity) === 'stopped';
    if (late <= OUR_DELAY_MS || isStopped) missed += 1;
    if (missed < TRIES) return;
    clearInterval(timer);
    onHung();
  }, EVERY_MS);
  client.onClose(() => clearInterval(timer));
}
