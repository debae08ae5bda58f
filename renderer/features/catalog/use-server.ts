import type { ServerView } from '../../../shared/model/server';
import { api, listen } from '../../api/index';
import { useLive } from '../../ui/use-live';

const readServers = async () => (await api.servers.list({})).servers;
const followServers = (changed: () => void) => listen('servers', 'changed', changed);

/** Every registered server as it is now; null until they are known. */
export const useServers = (): readonly ServerView[] | null => useLive(readServers, followServers) ?? null;

/** The server as it is now; null until it is known. */
export function useServer(serverId: string): ServerView | null {
  return useServers()?.find((each) => each.id === serverId) ?? null;
}
