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
      const text =
        statement === ''
          ? error.halt.text
          : `${error.halt.text}. When it is applied, the rows of the table are copied again`;
      throw new FollowHalt({
        ...error.halt,
        text,
        statement,
        choices: statement === '' ? error.halt.choices : ['apply', ...error.halt.choices],
      });
    }
  };
  const decided = decisions.size === 0 ? undefined : decisions.get(structureHalt(relation, route, '').halt.id);
  if (decided?.choice !== 'apply') return handOn();
  return (async () => {
    const edited = decided.statement === '' ? undefined : decided.statement;
    const statement = edited ?? (await proposed(relation, route, options));
    await applier.statements(statementsOf(statement));
    // What rows had before in the columns that are new is known to the source only.
    await joins.copyAgain(relation.oid);
    options.onApplied(`Carried over, as decided: ${statement}`);
    await handOn();
  })();
}
