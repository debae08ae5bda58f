import type { FolderKind, ObjectRef } from '../../../shared/model/catalog';

export interface FolderViewProps {
  readonly serverId: string;
  readonly database: string;
  readonly folder: FolderKind;
  readonly parent: ObjectRef | null;
}

/** The things of one folder as a grid. */
export function FolderView(_props: FolderViewProps) {
  return null;
}
