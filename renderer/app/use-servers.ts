import { useEffect, useState } from 'react';
import type { ServerView } from '../../shared/model/server';
import { api, listen } from '../api';
import { presentError } from '../ui/error-presenter';

/** The registered servers, kept up to date; null until they are known. */
export function useServers(): readonly ServerView[] | null {
  const [servers, setServers] = useState<readonly ServerView[] | null>(null);
  useEffect(() => {
    const read = () => {
      api.servers
        .list({})
        .then((list) => setServers(list.servers))
        .catch(presentError);
    };
    read();
    return listen('servers', 'changed', read);
  }, []);
  return servers;
}
