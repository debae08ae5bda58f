import type { ObjectRef } from '../../../shared/model/catalog';

export interface DiagramViewProps {
  readonly serverId?: string;
  readonly database?: string;
  readonly objects?: readonly ObjectRef[];
}

/** Tables and what ties them together, as a drawing. */
export function DiagramView(_props: DiagramViewProps) {
  return null;
}
