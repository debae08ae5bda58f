import type { ServerView } from '../../../shared/model/server';
import { followServers, readServers } from '../../api/servers';
import { useLive } from '../../ui/use-live';

/** Every registered server as it is now; null until they are known. */
export const useServers = (): readonly ServerView[] | null => useLive(readServers, followServers) ?? null;

/** The server as it is now; null until it is known. */
export function useServer(serverId: string): ServerView | null {
  return useServers()?.find((each) => each.id === serverId) ?? null;
}
