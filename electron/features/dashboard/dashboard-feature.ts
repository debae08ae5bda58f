import type { dashboard } from '../../../shared/contract/dashboard';
import type { Handlers } from '../../../shared/contract/define';
import type { Logger } from '../../log';
import type { Connections } from '../../ports';

export interface DashboardFeature {
  readonly handlers: Handlers<typeof dashboard>;
  close(): Promise<void>;
}

export interface DashboardDeps {
  readonly connections: Connections;
  readonly log: Logger;
}

/** What a server is doing now: asked only while somebody looks. */
export function createDashboardFeature(_deps: DashboardDeps): DashboardFeature {
  return { handlers: {}, close: async () => undefined };
}
