import type { query } from '../../../../shared/contract/query';
import type { Handlers } from '../../../../shared/contract/define';
import type { QueryCore } from '../query-core';

/** What can stand at the cursor, and what a name means. */
export function completionHandlers(_core: QueryCore): Pick<Handlers<typeof query>, 'complete' | 'resolveName'> {
  return {
    complete: async ({ offset }) => ({ items: [], from: offset, to: offset, more: false, loading: false }),
    resolveName: async () => null,
  };
}
