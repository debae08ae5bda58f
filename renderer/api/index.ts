import type { CallInput, CallResult, PushPayload } from '../../shared/contract/define';
import type { Contract, FeatureName } from '../../shared/contract/index';
import { AppError, cancelled, type Reply } from '../../shared/errors';

interface Bridge {
  call(name: string, callId: string, input: unknown): Promise<Reply<unknown>>;
  abort(callId: string): void;
  listen(listener: (name: string, payload: unknown) => void): () => void;
}

declare global {
  interface Window {
    readonly howdah: Bridge;
  }
}

type Calls<F extends FeatureName> = Contract[F]['calls'];
type Pushes<F extends FeatureName> = Contract[F]['pushes'];

type Api = {
  readonly [F in FeatureName]: {
    readonly [K in keyof Calls<F>]: (
      input: CallInput<Calls<F>[K]>,
      signal?: AbortSignal,
    ) => Promise<CallResult<Calls<F>[K]>>;
  };
};

let lastCall = 0;

async function invoke(name: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
  if (signal?.aborted) throw cancelled();
  const callId = String(++lastCall);
  const abort = () => window.howdah.abort(callId);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const reply = await window.howdah.call(name, callId, input);
    if (reply.ok) return reply.value;
    throw new AppError(reply.error);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** `api.servers.list({})`: the typed way to main. Failures are thrown as `AppError`. */
export const api = new Proxy({} as Api, {
  get: (_features, feature: string) =>
    new Proxy(
      {},
      {
        get: (_calls, name: string) => (input: unknown, signal?: AbortSignal) =>
          invoke(`${feature}.${name}`, input, signal),
      },
    ),
});

const listeners = new Map<string, Set<(payload: never) => void>>();
let listening = false;

/** Listens to a push, e.g. `listen('tasks', 'changed', …)`. Returns the function that stops it. */
export function listen<F extends FeatureName, K extends keyof Pushes<F> & string>(
  feature: F,
  name: K,
  listener: (payload: PushPayload<Pushes<F>[K]>) => void,
): () => void {
  if (!listening) {
    listening = true;
    window.howdah.listen((pushed, payload) => {
      for (const each of listeners.get(pushed) ?? []) each(payload as never);
    });
  }
  const key = `${feature}.${name}`;
  const set = listeners.get(key) ?? new Set();
  listeners.set(key, set);
  set.add(listener);
  return () => set.delete(listener);
}
