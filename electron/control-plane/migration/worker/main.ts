import { createInterface } from 'node:readline';
import { errorInfo } from '../../../../shared/errors';
import { workerCommand, workerOrder, type WorkerCommand, type WorkerEnd, type WorkerOrder } from '../worker-protocol';
import { startCheck } from './check-job';
import { startClean } from './clean-job';
import { startCompare } from './compare-job';
import { startRun } from './run-job';
import { createTelling, type RunTelling } from './telling';

/**
 * The worker of a migration task as a program: the order and then commands as JSON lines on standard input, events as JSON lines on standard
 * output, its own troubles on standard error. When the input ends, or by SIGTERM and SIGINT, it stops in an orderly way. Exit codes: 0 it has
 * told its end, 1 it could not, 2 the order is not one.
 */

/** After this the program ends whatever still hangs: the servers see the closed connections, the journal knows where to go on. */
const STOP_MS = 2000;

interface Work {
  command(command: WorkerCommand): void;
  readonly ended: Promise<WorkerEnd>;
}

const WORKS: Readonly<Record<WorkerOrder['mode'], (order: WorkerOrder, telling: RunTelling) => Work>> = {
  check: startCheck,
  run: startRun,
  compare: startCompare,
  clean: startClean,
};

/** The last words have to be out before the program ends. */
const leave = (code: number): void => void process.stdout.write('', () => process.exit(code));

function begin(order: WorkerOrder): Work {
  const telling = createTelling({
    emit: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
    copyJobs: order.copyJobs,
    indexJobs: order.indexJobs,
  });
  const work = WORKS[order.mode](order, telling);
  let over = false;
  const end = (how: WorkerEnd): void => {
    if (over) return;
    over = true;
    telling.end(how);
    leave(0);
  };
  void work.ended.then(end);
  return {
    ended: work.ended,
    command(command) {
      work.command(command);
      if (command.command !== 'pause' && command.command !== 'stop') return;
      const outcome = command.command === 'pause' ? 'paused' : 'stopped';
      setTimeout(() => end({ outcome, problem: '', hint: '' }), STOP_MS).unref();
    },
  };
}

function main(): void {
  let work: Work | null = null;
  const stop = (): void => {
    if (work) work.command({ command: 'stop' });
    else leave(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => undefined);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const fail = (error: unknown): void => {
    const { message, detail } = errorInfo(error);
    process.stderr.write(`${detail ?? message}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    try {
      if (work) work.command(workerCommand.parse(JSON.parse(line)));
      else work = begin(workerOrder.parse(JSON.parse(line)));
    } catch (error) {
      // The line holds passwords: only what is wrong with it is said.
      process.stderr.write(`${error instanceof SyntaxError ? 'not JSON' : errorInfo(error).message}\n`);
      if (!work) process.exit(2);
    }
  });
  lines.on('close', stop);
}

main();
