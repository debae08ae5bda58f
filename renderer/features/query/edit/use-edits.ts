import type { ReactNode } from 'react';
import type { ResultColumn, ResultState } from '../../../../shared/model/query';
import type { ResultGridProps } from '../../../ui/grid/grid-props';

/** What editing adds to the page of a result. */
export interface ResultEditing {
  /** For the grid. */
  readonly grid: Partial<ResultGridProps>;
  /** Buttons for the page's tools; null when there is nothing to edit. */
  readonly tools: ReactNode;
  /** Dialogs and bars of its own. */
  readonly parts: ReactNode;
  /** Staged changes that are not saved yet. */
  readonly staged: number;
}

const NOTHING: ResultEditing = { grid: {}, tools: null, parts: null, staged: 0 };

/** Changes of a result's rows, staged until they are saved. `reload` reads the rows again. */
export function useEdits(_result: ResultState, _columns: readonly ResultColumn[], _reload: () => void): ResultEditing {
  return NOTHING;
}
