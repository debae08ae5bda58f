import type { Shape } from '../../../../shared/model/compare-shape';
import { openSession } from '../../../adapters/postgres/session';
import type { ConnectionProfile } from '../../../ports';
import { prepareCatalogSession } from '../../../adapters/postgres/catalog-sessions';
import { readShape, type ShapeScope } from './read-shape';

/** Reads a database, or one schema of it, over a session of its own. Fails as sessions do. */
export async function openShape(profile: ConnectionProfile, scope: ShapeScope, signal: AbortSignal): Promise<Shape> {
  const session = await openSession(profile, signal);
  try {
    await prepareCatalogSession(session, signal);
    return await readShape(session, scope, signal);
  } finally {
    await session.end();
  }
}
