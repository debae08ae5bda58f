import type { ProcessIdentity } from '../processes';

/** The server processes that this daemon has started or adopted, by instance and node. */
export interface ServerTable {
  get(instance: string, node: string): ProcessIdentity | undefined;
  started(instance: string, node: string, identity: ProcessIdentity): void;
  stopped(instance: string, node: string): void;
  forget(instance: string): void;
}

export function createServerTable(): ServerTable {
  const table = new Map<string, Map<string, ProcessIdentity>>();
  return {
    get: (instance, node) => table.get(instance)?.get(node),
    started(instance, node, identity) {
      const nodes = table.get(instance) ?? new Map<string, ProcessIdentity>();
      table.set(instance, nodes.set(node, identity));
    },
    stopped: (instance, node) => void table.get(instance)?.delete(node),
    forget: (instance) => void table.delete(instance),
  };
}
