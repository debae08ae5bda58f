import { createCancelKeys } from './cancel';
import { openListener, type GatewayLimits, type Listener } from './listener';
import type { GatewayControl, Route } from './route';

export const GATEWAY_LIMITS: GatewayLimits = {
  startupMs: 10_000,
  loginMs: 75_000,
  holdMs: 60_000,
  retryMs: 1_000,
  halfOpen: 200,
  held: 1_000,
};

const sameAddress = (a: Route, b: Route): boolean => a.host === b.host && a.port === b.port;

/** The gateway itself: one listener per route, and all that passes through. */
export function createGateway(
  log: (text: string) => void,
  limits: GatewayLimits = GATEWAY_LIMITS,
): GatewayControl & { keepOnly(ids: readonly string[]): Promise<void>; close(): Promise<void> } {
  const listeners = new Map<string, Listener>();
  const keys = createCancelKeys();
  /** Changes of one route that take time, one after the other. */
  const changing = new Map<string, Promise<void>>();

  const inTurn = (id: string, change: () => Promise<void>): Promise<void> => {
    const turn = (changing.get(id) ?? Promise.resolve()).catch(() => undefined).then(change);
    changing.set(id, turn);
    return turn.finally(() => {
      if (changing.get(id) === turn) changing.delete(id);
    });
  };

  const set = async (wanted: Route): Promise<void> => {
    const known = listeners.get(wanted.id);
    if (known && sameAddress(known.route, wanted)) {
      known.change(wanted);
      return;
    }
    // The new address first: when it is taken, the old one stays.
    const listener = await openListener(wanted, limits, keys, log);
    listeners.set(wanted.id, listener);
    await known?.remove();
  };

  const remove = (id: string): Promise<void> =>
    inTurn(id, async () => {
      const listener = listeners.get(id);
      listeners.delete(id);
      await listener?.remove();
    });

  return {
    setRoute(wanted) {
      const known = changing.has(wanted.id) ? undefined : listeners.get(wanted.id);
      if (!known || !sameAddress(known.route, wanted)) return inTurn(wanted.id, () => set(wanted));
      // At once: a route that is held must let nobody through that comes after this call.
      known.change(wanted);
      return Promise.resolve();
    },
    setRules(id, rules) {
      const change = async (): Promise<void> => {
        const known = listeners.get(id);
        known?.change({ ...known.route, rules });
      };
      return changing.has(id) ? inTurn(id, change) : change();
    },
    async exchange(wanted) {
      for (const { id } of wanted) await changing.get(id)?.catch(() => undefined);
      const addressed = [...listeners.values()];
      const found = wanted.map((each) => addressed.find(({ route }) => sameAddress(route, each)) ?? null);
      const left = new Set(wanted.flatMap(({ id }) => listeners.get(id) ?? []));
      // In one turn of the loop: nobody comes in between.
      for (const listener of found) {
        if (!listener) continue;
        left.delete(listener);
        listeners.delete(listener.route.id);
      }
      for (const listener of left) listeners.delete(listener.route.id);
      for (const [index, each] of wanted.entries()) {
        const listener = found[index];
        if (!listener) continue;
        listeners.set(each.id, listener);
        listener.change(each);
      }
      for (const listener of left) await listener.remove();
      for (const each of wanted) if (!listeners.has(each.id)) await inTurn(each.id, () => set(each));
    },
    removeRoute: remove,
    cut: async (routeIds) => routeIds.reduce((sum, id) => sum + (listeners.get(id)?.cut() ?? 0), 0),
    sessions: async () =>
      [...listeners.values()].flatMap(({ route, sessions }) =>
        [...sessions].map(({ client, since, traffic, state, user, database, application, tls }) => ({
          routeId: route.id,
          client,
          since,
          bytesIn: traffic.in,
          bytesOut: traffic.out,
          state,
          user,
          database,
          application,
          tls,
        })),
      ),
    async keepOnly(ids) {
      await Promise.all([...listeners.keys()].filter((id) => !ids.includes(id)).map(remove));
    },
    async close() {
      await Promise.all([...listeners.keys()].map(remove));
    },
  };
}
