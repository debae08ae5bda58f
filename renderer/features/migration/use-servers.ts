import type { ServerView } from '../../../shared/model/server';
import { api, listen } from '../../api';
import { useLive } from '../../ui/use-live';

const read = async () => (await api.servers.list({})).servers;
const follow = (changed: () => void) => listen('servers', 'changed', changed);

/** The registered servers, kept up to date; null until they are known. */
export const useServers = (): readonly ServerView[] | null => useLive(read, follow);
