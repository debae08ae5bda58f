import type { ServerView } from '../../shared/model/server';
import { followServers, readServers } from '../api/servers';
import { useLive } from '../ui/use-live';

/** The registered servers, kept up to date; null until they are known. */
export const useServers = (): readonly ServerView[] | null => useLive(readServers, followServers);
