import { create } from 'zustand';
import { USUAL_COLUMNS, type PlanColumn } from './plan-columns';
import type { Plan } from '../../../../shared/model/plan/plan-node';

/** A plan that was looked at in this window, for comparing. */
export interface KeptPlan {
  /** The result it came from, or the file's own. */
  readonly id: string;
  /** What was explained, or the name of the file. */
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** As the server gave it. */
  readonly text: string;
  readonly plans: readonly [Plan, ...Plan[]];
}

export const PLAN_VIEWS = ['diagram', 'tree', 'flame', 'table', 'statistics', 'text'] as const;
export type PlanView = (typeof PLAN_VIEWS)[number];

/** Plans that are kept: enough for a morning's trying. */
const MOST = 20;

export interface PlansState {
  /** Newest first. */
  readonly kept: readonly KeptPlan[];
  readonly view: PlanView;
  /** Whether the details stand beside the plan. */
  readonly side: boolean;
  /** Of the table. */
  readonly columns: readonly PlanColumn[];
}

/** Plans of the window and how they are looked at: another run shows in the view that the last one was seen in. */
export const usePlans = create<PlansState>()(() => ({
  kept: [],
  view: 'diagram',
  side: true,
  columns: USUAL_COLUMNS,
}));

/** Newest first; one that is there stays where it is. */
export function keepPlan(plan: KeptPlan): void {
  usePlans.setState(({ kept }) =>
    kept.some(({ id }) => id === plan.id) ? {} : { kept: [plan, ...kept].slice(0, MOST) },
  );
}

let read = 0;
/** An id for a plan that no result has. */
export const newPlanId = (): string => `file-${(read += 1)}`;
