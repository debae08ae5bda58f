import type { ObjectRef } from '../../../../shared/model/catalog';

export interface DataViewProps {
  readonly serverId: string;
  readonly database: string;
  readonly object: ObjectRef;
}

/** Rows of one table or view, to look at and to edit. */
export function DataView(_props: DataViewProps) {
  return null;
}
