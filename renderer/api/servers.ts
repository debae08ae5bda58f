import { api, listen } from './index';

/** The registered servers with their state. */
export const readServers = async () => (await api.servers.list({})).servers;

/** Tells when they are to be read again. Returns the function that stops it. */
export const followServers = (changed: () => void) => listen('servers', 'changed', changed);
