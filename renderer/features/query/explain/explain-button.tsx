import type { ExplainOptions } from '../../../../shared/model/query';

export interface ExplainButtonProps {
  /** `server_version_num`. */
  readonly version: number;
  readonly disabled: boolean;
  readonly onExplain: (options: ExplainOptions) => void;
}

/** Of the run bar: EXPLAIN, EXPLAIN ANALYZE, and their options. */
export function ExplainButton(_props: ExplainButtonProps) {
  return null;
}
