import type { FindingLevel } from '../../../../shared/model/migration';
import type { Check, CheckContext } from './check';
import { databaseFinding, forDatabases, passed, scopeOf } from './object-scope';

interface LackingCheck {
  readonly id: string;
  readonly title: string;
  readonly applies?: (context: CheckContext) => boolean;
  readonly side: 'source' | 'both';
  /** Rows `item`, `name` of a database of the source; `$1` are oids of the scope. */
  readonly used: string;
  readonly scope: 'tables' | 'relations';
  /** Rows `name` of the target's server. */
  readonly known: string;
  readonly level: FindingLevel;
  readonly none: string;
  readonly found: (many: number, names: readonly string[]) => string;
  readonly effect: string;
  readonly remedy: (names: readonly string[]) => string;
}

/** Looks for things of the source that use something by its name which the target's server does not have. */
export const lackingCheck = (o: LackingCheck): Check => ({
  id: o.id,
  step: 'ObjectCheck',
  title: o.title,
  applies: (context) => context.databases.length > 0 && (o.applies?.(context) ?? true),
  async run(context) {
    const there = await context.target.server.query<{ name: string }>(o.known, [], context.signal);
    const known = new Set(there.map(({ name }) => name));
    return forDatabases(context, async (database) => {
      const used = await database.source.query<{ item: string; name: string }>(
        o.used,
        [scopeOf(database.plan)[o.scope]],
        context.signal,
      );
      const lacking = used.filter(({ name }) => !known.has(name));
      if (lacking.length === 0) return passed(database, o.side, o.used, o.none);
      const names = [...new Set(lacking.map(({ name }) => name))];
      const items = lacking.map(({ item, name }) => `${item}: ${name}`);
      return databaseFinding(database, o.side, o.used, items, {
        level: o.level,
        found: o.found(lacking.length, names),
        effect: o.effect,
        remedy: o.remedy(names),
      });
    });
  },
});
