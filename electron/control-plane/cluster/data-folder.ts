import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterNode } from './node';

/** Whether the node's data folder is there with a cluster in it. One stat; a disk that answers with an error counts as gone. */
export function dataFolderThere(node: Pick<ClusterNode, 'data'>): boolean {
  try {
    return statSync(join(node.data, 'global', 'pg_control')).isFile();
  } catch {
    return false;
  }
}
