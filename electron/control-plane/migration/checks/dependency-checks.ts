import type { Check } from './check';
import { closure, cutKeys } from './dependency-closure';
import { count } from './object-scope';

const selection: Check = {
  id: 'selection',
  step: 'DependencyCheck',
  title: 'Something is chosen',
  applies: () => true,
  async run(context) {
    const { databases, options } = context;
    const place = { side: 'source', database: '', sql: '' } as const;
    const empty = databases.filter(
      ({ plan }) =>
        !plan.whole &&
        plan.schemas.every(({ whole }) => !whole) &&
        [plan.tables, plan.views, plan.materializedViews, plan.foreignTables, plan.functions, plan.sequences].every(
          (list) => list.length === 0,
        ),
    );
    const { roleMode, roles } = options.objects;
    const rolesTravel = roleMode === 'all' || (roleMode === 'partial' && roles.length > 0);
    if (databases.length === 0 && rolesTravel) return [{ ...place, level: 'pass', found: 'Only roles travel' }];
    if (databases.length === 0)
      return [
        {
          ...place,
          level: 'failed',
          found: 'No database travels',
          effect: 'There is nothing to copy.',
          remedy: 'Choose at least one database, schema or table.',
        },
      ];
    if (empty.length > 0)
      return [
        {
          ...place,
          level: 'failed',
          found: `Nothing is chosen of ${count(empty.length, 'database')}`,
          items: empty.map(({ plan }) => plan.source),
          effect: 'There is nothing to copy from them.',
          remedy: 'Choose objects of these databases, or leave the databases out.',
        },
      ];
    const tables = databases.reduce((sum, { plan }) => sum + plan.tables.length, 0);
    return [{ ...place, level: 'pass', found: `${count(databases.length, 'database')}, ${count(tables, 'table')}` }];
  },
};

export const DEPENDENCY_CHECKS: readonly Check[] = [selection, closure, cutKeys];
