import type { EditTarget } from '../../../../shared/model/edit';
import { CellField } from './cell-field';
import { ChoiceField } from './choice-field';
import type { Cells } from './use-cells';

export interface WritingFieldProps {
  readonly cells: Cells;
  readonly target: EditTarget;
}

/** What stands over the cell that is being written; nothing while a dialog does it. */
export function WritingField({ cells, target }: WritingFieldProps) {
  const { writing } = cells;
  const column = writing ? target.columns[writing.column] : undefined;
  if (!writing || !column) return null;
  const { kind, initial, typed } = writing;
  if (kind === 'choice') {
    return (
      <ChoiceField
        column={column}
        initial={initial}
        typed={typed}
        onCommit={(value) => cells.commit(value, 'down')}
        onCancel={cells.cancel}
      />
    );
  }
  if (kind !== 'inline') return null;
  return (
    <CellField
      column={column}
      initial={initial}
      typed={typed}
      onCommit={cells.commit}
      onCancel={cells.cancel}
      onLarge={(value) => cells.write({ ...writing, kind: 'large', initial: value })}
      onLookup={column.references ? () => cells.write({ ...writing, kind: 'lookup' }) : undefined}
    />
  );
}
