import { fieldNumber, fieldText, type PlanNode } from '../plan-node';
import type { Advice, AdviceRules, AdviceScope } from './advice';

/** Rules about how the statement ran as a whole. */

const LONG_MS = 50;

function compiled({ plan, measures }: AdviceScope): Advice[] {
  const jitMs = plan.jit?.totalMs ?? 0;
  const totalMs = Math.max(plan.executionMs ?? 0, measures.totalMs ?? 0);
  if (jitMs < LONG_MS || jitMs < totalMs * 0.25) return [];
  const values = { jitMs, totalMs, functions: plan.jit?.functions ?? 0 };
  return [{ rule: 'jit', node: plan.root.id, values, sql: 'SET jit = off;' }];
}

function workers(node: PlanNode): Advice[] {
  if (!('Workers Launched' in node.fields)) return [];
  const planned = fieldNumber(node, 'Workers Planned');
  const launched = fieldNumber(node, 'Workers Launched');
  if (node.actual?.loops === 0 || launched >= planned) return [];
  return [{ rule: 'workers', node: node.id, values: { planned, launched }, sql: '' }];
}

/** A CTE that is worked out whole although one reader wants little of it. */
function fencedCte(scope: AdviceScope, node: PlanNode): Advice[] {
  if (node.type !== 'CTE Scan') return [];
  const { removed, rows, cutShort } = scope.of(node);
  const readers = scope.plan.nodes.filter((each) => each.cte === node.cte);
  const source = scope.plan.nodes.find(({ subplan }) => subplan === `CTE ${node.cte}`);
  if (!source || readers.length > 1 || source.type === 'Recursive Union' || source.type === 'ModifyTable') return [];
  const read = removed + (rows ?? 0);
  if (read < 10_000 || (rows ?? 0) > read * 0.1 || cutShort) return [];
  if (scope.wholeShare(node) < 0.1) return [];
  const values = { cte: node.cte, read: Math.round(read), kept: Math.round(rows ?? 0) };
  return [{ rule: 'cte', node: node.id, values, sql: '' }];
}

function triggers({ plan, measures }: AdviceScope): Advice[] {
  const total = Math.max(plan.executionMs ?? 0, measures.totalMs ?? 0);
  return plan.triggers.flatMap((trigger): Advice[] => {
    const ms = trigger.ms ?? 0;
    if (ms < LONG_MS || ms < total * 0.3) return [];
    const { name, constraint, relation: table, calls } = trigger;
    const changed = plan.nodes.find(
      (node) => node.type === 'ModifyTable' && fieldText(node, 'Relation Name') === table,
    );
    const values = { name, constraint, table, calls, triggerMs: ms, totalMs: total };
    // The server names the triggers of a key so: `a` looks for rows that refer to the changed one, `c` for the row referred to.
    const refers = name.startsWith('RI_ConstraintTrigger_a') || (name === '' && constraint !== '');
    const checks = name.startsWith('RI_ConstraintTrigger_c');
    if (checks) return [];
    // How long a look for one row takes tells whether an index answered it.
    if (refers && ms / Math.max(1, calls) < 0.3) return [];
    return [{ rule: refers ? 'foreign-key' : 'trigger', node: (changed ?? plan.root).id, values, sql: '' }];
  });
}

export const runRules: AdviceRules = (scope) => [
  ...compiled(scope),
  ...triggers(scope),
  ...scope.plan.nodes.flatMap((node) => [...workers(node), ...fencedCte(scope, node)]),
];
