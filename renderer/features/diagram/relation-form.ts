import { tableOf, type Diagram, type DiagramRelation, type DiagramTable } from '../../../shared/model/diagram';
import { plainRelation, putRelation, relate, relateManyToMany, targetKey } from '../../../shared/model/diagram-edits';
import { nameProblem } from './table-form';

/** How a new relation is made: the columns it needs are added, or those that are there are used. */
export const RELATION_KINDS = ['one-to-many', 'one-to-one', 'many-to-many', 'columns'] as const;
export type RelationKind = (typeof RELATION_KINDS)[number];

export interface RelationDraft {
  readonly kind: RelationKind;
  /** The table that refers. */
  readonly from: string;
  readonly to: string;
  /** Whether the columns that are added must have a value. */
  readonly required: boolean;
  readonly relation: DiagramRelation;
}

export type RelationProblem = 'tables' | 'noKey' | 'pairs' | 'name';

/** What stands against a relation; null when nothing does. */
export function relationProblem(draft: RelationDraft, diagram: Diagram): RelationProblem | null {
  const from = tableOf(diagram, draft.from);
  const to = tableOf(diagram, draft.to);
  if (!from || !to) return 'tables';
  if (draft.kind === 'columns') {
    const { pairs, name } = draft.relation;
    if (name !== '' && nameProblem(name, () => false) !== null) return 'name';
    return pairs.length > 0 && pairs.every((pair) => pair.from !== '' && pair.to !== '') ? null : 'pairs';
  }
  const needed = draft.kind === 'many-to-many' ? [from, to] : [to];
  return needed.every((table) => targetKey(table).length > 0) ? null : 'noKey';
}

/** The diagram with what was drafted. */
export function applyRelation(draft: RelationDraft, diagram: Diagram, newId: () => string): Diagram {
  const from = tableOf(diagram, draft.from);
  const to = tableOf(diagram, draft.to);
  if (!from || !to) return diagram;
  if (draft.kind === 'columns') return putRelation(diagram, { ...draft.relation, from: from.id, to: to.id });
  if (draft.kind === 'many-to-many') return relateManyToMany(diagram, from, to, between(from, to), newId);
  return relate(diagram, from, to, { required: draft.required, only: draft.kind === 'one-to-one' }, newId);
}

const between = (one: DiagramTable, other: DiagramTable) => ({
  x: Math.round((one.x + other.x) / 2),
  y: Math.round(Math.max(one.y, other.y) + 240),
});

/** A draft between two tables; without a relation a new one. */
export const draftOf = (from: string, to: string, relation: DiagramRelation | null, id: string): RelationDraft => ({
  kind: relation ? 'columns' : 'one-to-many',
  from,
  to,
  required: true,
  relation: relation ?? plainRelation(id, from, to, [{ from: '', to: '' }]),
});
