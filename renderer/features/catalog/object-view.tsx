import type { ObjectRef } from '../../../shared/model/catalog';

export interface ObjectViewProps {
  readonly serverId: string;
  readonly database: string;
  readonly object: ObjectRef;
}
export function ObjectView(_props: ObjectViewProps) {
  return null;
}
