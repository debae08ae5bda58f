import type { Statement } from '../../catalog';
import { quoteIdent } from '../../quote';

/** What makes an index or a trigger go with other extensions than before. `target` is what stands after ALTER. Taking off needs server 13. */
export const dependencyChanges = (target: string, before: readonly string[], after: readonly string[]): Statement[] => [
  ...before
    .filter((name) => !after.includes(name))
    .map((name) => ({ sql: `ALTER ${target} NO DEPENDS ON EXTENSION ${quoteIdent(name)}` })),
  ...after
    .filter((name) => !before.includes(name))
    .map((name) => ({ sql: `ALTER ${target} DEPENDS ON EXTENSION ${quoteIdent(name)}` })),
];
