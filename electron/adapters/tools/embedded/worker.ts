import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { loadPgDump, type PgDump } from './pg-dump-module';
import { COUNTERS, UNREAD_LIMIT, type FromWorker, type ToWorker, type WorkerInput } from './worker-protocol';

/**
 * The thread in which the built-in pg_dump runs. pg_dump reads and writes as if its calls blocked: the thread sleeps on shared counters
 * until its parent, who owns the connection and takes the dump, has something or has room.
 */
const { port, counters, database, user, args } = workerData as WorkerInput;
const counter = new Int32Array(counters);
const tell = (message: FromWorker): void => port.postMessage(message);

let current: Uint8Array = Buffer.alloc(0);
let used = 0;
let ended = false;
let unreported = 0;
const REPORT_BYTES = 1024 * 1024;

/** Takes the next bytes of the server, sleeping until there are some if `mayWait`. */
function nextFromServer(mayWait: boolean): void {
  for (;;) {
    const seen = Atomics.load(counter, COUNTERS.arrived);
    const received = receiveMessageOnPort(port);
    if (received) {
      const bytes: ToWorker = received.message;
      if (bytes === null) ended = true;
      else {
        current = bytes;
        used = 0;
      }
      return;
    }
    if (!mayWait) return;
    Atomics.wait(counter, COUNTERS.arrived, seen);
  }
}

/** Where the last bytes given to libpq end; a read that goes on there may be one of its eager ones. */
let givenUpTo = 0;

/**
 * libpq's `recv`. In the middle of a long message libpq reads again at once and takes 0 for "no more for now" (pqReadData in fe-misc.c): to wait
 * then could be to wait for ever, because the message may be whole. So the first read that goes on where the last one ended never waits.
 */
function receive(module: PgDump, address: number, room: number): number {
  if (used === current.length && !ended) nextFromServer(address !== givenUpTo);
  const part = current.subarray(used, used + room);
  givenUpTo = part.length === 0 ? 0 : address + part.length;
  module.HEAPU8.set(part, address);
  used += part.length;
  unreported += part.length;
  if (unreported > REPORT_BYTES) {
    tell({ what: 'consumed', bytes: unreported });
    unreported = 0;
  }
  return part.length;
}

function writeDump(bytes: Uint8Array): void {
  for (let unread = Atomics.load(counter, COUNTERS.unread); unread > UNREAD_LIMIT;) {
    Atomics.wait(counter, COUNTERS.unread, unread);
    unread = Atomics.load(counter, COUNTERS.unread);
  }
  Atomics.add(counter, COUNTERS.unread, bytes.length);
  tell({ what: 'dump', bytes });
}

let exitCode = 0;
const module = await loadPgDump({
  noExitRuntime: false,
  thisProgram: '/usr/bin/pg_dump',
  print: () => undefined,
  printErr: (line) => tell({ what: 'error-line', line }),
  onExit: (code) => {
    exitCode = code;
  },
  preRun: [
    (made) => {
      Object.assign(made.ENV, {
        HOME: '/home/postgres',
        PGDATABASE: database,
        PGUSER: user,
        PGHOST: '127.0.0.1',
        PGSSLMODE: 'disable',
        PGGSSENCMODE: 'disable',
      });
      made.onRuntimeInitialized = () => {
        made._pgl_set_rw_cbs(
          made.addFunction((address, room) => receive(made, address, room), 'iii'),
          made.addFunction((address, length) => {
            tell({ what: 'send', bytes: made.HEAPU8.slice(address, address + length) });
            return length;
          }, 'iii'),
        );
        const device = made.FS.makedev(64, 0);
        made.FS.registerDevice(device, {
          open: () => undefined,
          close: () => undefined,
          read: () => 0,
          write: (_stream, buffer, offset, length) => {
            writeDump(Uint8Array.from(buffer.subarray(offset, offset + length)));
            return length;
          },
        });
        made.FS.mkdev('/out.dump', device);
      };
    },
  ],
});
try {
  exitCode = module.callMain([...args, '-f', '/out.dump']) ?? exitCode;
} catch (error) {
  tell({ what: 'error-line', line: `pg_dump: error: ${error instanceof Error ? error.message : String(error)}` });
  exitCode = exitCode === 0 ? 1 : exitCode;
}
tell({ what: 'exit', code: exitCode });
