import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { KEY_FILE, keyDocument } from '../../../shared/model/control-plane';
import { createLogger } from '../../log';
import { serveControl } from './control-server';
import { createGateway } from './gateway';

/**
 * The gateway as a program: `gateway --state DIR --socket PATH --log FILE`. Started by the daemon, it goes on when the daemon ends or is
 * killed, and is found again by the next one through its control socket. Prints one line when it listens there.
 */
const { values } = parseArgs({
  options: {
    state: { type: 'string', default: '' },
    socket: { type: 'string', default: '' },
    log: { type: 'string', default: '' },
  },
});
const keyFile = join(values.state, KEY_FILE);
const log = createLogger(values.log === '' ? null : values.log);
const gateway = createGateway((text) => log.write('info', text));
const end = (): void => {
  void gateway.close().finally(() => process.exit(0));
  setTimeout(() => process.exit(0), 3_000).unref();
};
process.on('SIGTERM', end);
process.on('SIGINT', end);
process.on('SIGHUP', () => undefined);
process.stdout.on('error', () => undefined);
process.on('uncaughtException', (error) => {
  log.bug('uncaught exception', error);
  process.exit(1);
});
// A state folder that was deleted has no daemon that could ever end us.
setInterval(() => {
  if (!statSync(keyFile, { throwIfNoEntry: false })) end();
}, 5_000);

const { nodeSecret } = keyDocument.parse(JSON.parse(readFileSync(keyFile, 'utf8')));
serveControl({
  path: values.socket,
  secret: nodeSecret,
  gateway,
  onEnd: end,
  log: (text) => log.write('warn', text),
}).then(
  () => process.stdout.write('ready\n'),
  (error: unknown) => {
    log.bug('control socket', error);
    process.exit(1);
  },
);
