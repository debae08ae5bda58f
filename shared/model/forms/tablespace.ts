import type { Statement } from '../catalog';
import { quoteIdent } from '../quote';

/**
 * Moves an object into another tablespace. `target` is what stands after ALTER. Empty is that of the database, whose name is `own`: the server
 * has no word for it.
 */
export const tablespaceChange = (target: string, before: string, after: string, own: string): Statement[] =>
  before === after ? [] : [{ sql: `ALTER ${target} SET TABLESPACE ${quoteIdent(after === '' ? own : after)}` }];
