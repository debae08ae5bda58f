import { openProgress, readRoutes } from './apply/progress';
import { endBackends } from './end-backends';
import type { Asking, StreamIdentity, TableRoute } from './follow-model';

export interface ReceiverOptions {
  readonly asking: Asking;
  readonly identity: StreamIdentity;
  /** This worker sees it for the first time. */
  readonly first: boolean;
  /** Processes that a stream before may have left. */
  readonly left: readonly number[];
  /** Filled with what the records say. */
  readonly routes: Map<number, TableRoute>;
  readonly onNote: (level: 'info' | 'warning', text: string) => void;
  readonly signal: AbortSignal;
}

/** Makes the receiving side ready for a stream. */
export async function prepareReceiver(options: ReceiverOptions): Promise<void> {
  const { asking, identity, routes, signal } = options;
  await endBackends(asking, options.left, signal);
  const { foreign } = await openProgress(asking, identity);
  if (foreign !== '') options.onNote('warning', foreign);
  const frailty = options.first ? await readFrailty(asking, signal) : '';
  if (frailty !== '') options.onNote('warning', frailty);
  routes.clear();
  for (const [oid, route] of await readRoutes(asking, identity)) routes.set(oid, route);
}

/** Words when the receiving side says that something is safe before it is; empty when it does not. */
async function readFrailty(asking: Asking, signal: AbortSignal): Promise<string> {
  const [row] = await asking((session) =>
    session.query<{ fsync: string }>("SELECT pg_catalog.current_setting('fsync') AS fsync", [], signal),
  );
  return row?.fsync === 'off'
    ? 'The receiving side has fsync off: what it confirms is not safe when its machine fails, and is not brought again'
    : '';
}
