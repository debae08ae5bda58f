import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorInfo } from '../../shared/errors';
import { BUSY_EXIT, defaultStateFolder } from '../../shared/model/control-plane';
import { createLogger, type Logger } from '../log';
import { startDaemon, type Daemon } from './daemon';
import { connectGateway } from './gateway/link';

/**
 * The control plane as a program: `control-plane [--state DIR] [--foreground] [--disk-seconds N]` (how often the disks of the instances are looked at). When it is ready it prints one line of JSON on standard
 * output, {"endpoint","secretId","secretKey"}; everything else goes to the log file, in the foreground to standard error. It ends by
 * SIGTERM or SIGINT; servers and gateway go on. Exit codes: 0 ended, 1 could not start, 2 wrong arguments,
 * 3 another one runs or starts on the same state folder.
 */

interface Arguments {
  readonly state: string;
  readonly foreground: boolean;
  readonly diskSeconds: number;
}

function readArguments(): Arguments | null {
  try {
    const { values } = parseArgs({
      options: {
        state: { type: 'string' },
        foreground: { type: 'boolean', default: false },
        'disk-seconds': { type: 'string', default: '30' },
      },
    });
    const facts = {
      platform: process.platform,
      env: process.env,
      home: homedir(),
      isRoot: process.getuid?.() === 0,
    };
    const diskSeconds = Number(values['disk-seconds']);
    if (!(diskSeconds >= 1)) throw new Error('--disk-seconds must be a number from 1 on');
    if (values.state === '') throw new Error('--state needs a folder');
    return { state: values.state ?? defaultStateFolder(facts), foreground: values.foreground, diskSeconds };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

/** The reader of our output may be gone while we go on. */
function survivePipes(): void {
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
}

async function run({ state, foreground, diskSeconds }: Arguments): Promise<void> {
  let daemon: Daemon | null = null;
  let ending = false;
  let log: Logger | null = null;
  const end = (): void => {
    if (ending) return;
    ending = true;
    const closed = daemon?.close() ?? Promise.resolve();
    // A daemon under ELECTRON_RUN_AS_NODE hangs at its natural end: it is ended explicitly.
    void closed.finally(() => process.exit(0));
    setTimeout(() => process.exit(0), 10_000).unref();
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('SIGHUP', () => undefined);
  process.on('uncaughtException', (error) => {
    log?.bug('uncaught exception', error);
    process.exit(1);
  });
  daemon = await startDaemon({
    state,
    diskEveryMs: diskSeconds * 1000,
    makeLog: (folder) => (log = createLogger(foreground ? null : join(folder.log, 'control-plane.log'))),
    connectGateway: (facts) => connectGateway({ ...facts, program: join(import.meta.dirname, 'gateway.js') }),
    onShutdown: end,
  });
  const { endpoint, secretId, secretKey } = daemon;
  process.stdout.write(`${JSON.stringify({ endpoint, secretId, secretKey })}\n`);
}

survivePipes();
const wanted = readArguments();
if (!wanted) process.exit(2);
run(wanted).catch((error: unknown) => {
  const { code, message, hint } = errorInfo(error);
  process.stderr.write(`${message}${hint ? `\n${hint}` : ''}\n`);
  process.exit(code === 'conflict' ? BUSY_EXIT : 1);
});
