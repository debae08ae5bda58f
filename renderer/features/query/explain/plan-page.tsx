import type { ExplainOptions, ResultState } from '../../../../shared/model/query';

export interface PlanPageProps {
  readonly result: ResultState;
  readonly plan: ExplainOptions;
  readonly serverId: string;
}

/** A plan in JSON: drawn, as a tree, as flames, as a table, with what is to be said about it. */
export function PlanPage(_props: PlanPageProps) {
  return null;
}
