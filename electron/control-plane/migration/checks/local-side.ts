import type { CheckedSide } from './check';

/** Whether a server runs on the machine of this program, so that its disk is ours and nothing goes over a network. */
export const onThisMachine = ({ endpoint: { host, ssh } }: CheckedSide): boolean =>
  ssh?.enabled !== true && (host.startsWith('/') || host.startsWith('127.') || ['', 'localhost', '::1'].includes(host));
