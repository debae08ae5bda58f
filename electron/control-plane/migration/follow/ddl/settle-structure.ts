import type { Relation, Wait } from '../change-stream';
import { structureHalt } from '../apply/bound-table';
import { statementsOf } from '../../structure/sql-tokens';
import { FollowHalt, type TableRoute } from '../follow-model';
import type { DdlSinkOptions } from './ddl-sink';
import type { Joins } from './joins';
import { proposeChanges, readColumns } from './structure-difference';

/** What would make the table of the receiving side fit; empty when nothing is known to. */
async function proposed(relation: Relation, route: TableRoute, options: DdlSinkOptions): Promise<string> {
  const { schema, name } = relation;
  const source = await options.source((session) => readColumns(session, { schema, name }, options.signal));
  const target = await options.asking((session) => readColumns(session, route, options.signal));
  if (source.length === 0 || target.length === 0) return '';
  const statements = proposeChanges(source, target, route);
  return statements.length > 0 ? `${statements.join(';\n')};` : '';
}

/** Hands a table on; where it does not fit, the halt says what would help, and what was decided is done first. */
export function settleStructure(relation: Relation, options: DdlSinkOptions, joins: Joins): Wait {
  const { applier, decisions, routes } = options;
  const route = routes.get(relation.oid);
  if (!route) return applier.relation(relation);
  const handOn = async (): Promise<void> => {
    try {
      await applier.relation(relation);
    } catch (error) {
      if (!(error instanceof FollowHalt) || error.halt.kind !== 'structure' || error.halt.statement !== '') throw error;
      const statement = await proposed(relation, route, options);
      throw new FollowHalt({ ...error.halt, statement, choices: ['copyAgain', 'apply', 'skip', 'retry'] });
    }
  };
  const decided = decisions.size === 0 ? undefined : decisions.get(structureHalt(relation, route, '').halt.id);
  if (decided?.choice !== 'apply' && decided?.choice !== 'copyAgain') return handOn();
  return (async () => {
    const statement = decided.statement ?? (await proposed(relation, route, options));
    await applier.statements(statementsOf(statement));
    if (decided.choice === 'copyAgain') await joins.copyAgain(relation.oid);
    options.onApplied(`Carried over, as decided: ${statement}`);
    await handOn();
  })();
}
