import type { EndpointObjects } from '../../../../shared/model/migration-api';
import type { PgSession } from '../../../adapters/postgres/session';
/**
 * Everything of a database that can be chosen, with sizes. Partitions are counted in their root and not listed: they travel with it. What extensions
 * have made is not listed either. Fails with `sql`, `lost-connection` or `cancelled`.
 */
export declare function readSourceObjects(
  session: PgSession,
  signal: AbortSignal,
): Promise<Omit<EndpointObjects, 'database'>>;
