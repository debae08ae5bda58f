import type { SqlAssist } from '../../../ui/sql-editor/sql-assist';
import type { QueryTab } from '../store';

/** What the editor of a tab knows about the database: names to complete, objects to go to, how texts are formatted. */
export function useAssist(_tab: QueryTab, _serverId: string): SqlAssist | null {
  return null;
}
