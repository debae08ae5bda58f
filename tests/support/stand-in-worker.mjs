import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A worker that does what the test wrote into `options` of the source: `{"runs": [[step, …], …]}`, one list for each time it is started, the
 * last one again and again. Steps: `{"say": event}`, `{"raw": text}`, `{"words": text}` on standard error, `{"babble": true}`,
 * `{"kill": true}`, `{"crash": code}`, `{"hang": true}` until it is told to pause or stop or its standard input ends, `{"deaf": true}` until
 * the latter. Each start is noted in `starts` of the folder, each command in `commands`.
 */

const lines = createInterface({ input: process.stdin });
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const finish = (outcome) => {
  say({ event: 'end', end: { outcome, problem: '', hint: '' } });
  process.exitCode = 0;
  process.stdin.destroy();
};

/** @type {((answer: string) => void) | null} */
let awake = null;
let deaf = false;
const hang = () => new Promise((resolve) => (awake = resolve));

/** Tells a password in every way that there is. */
function babble(password) {
  process.stdout.write(`connecting with ${password}\n`);
  process.stderr.write(`Error: ${password} is wrong\n`);
  say({ event: 'log', line: { at: 1, level: 'error', text: `password ${password} was refused` } });
  const end = { outcome: 'failed', problem: `${password} is wrong`, hint: `use another one than ${password}` };
  say({ event: 'end', end });
}

async function play(order) {
  const starts = `${order.folder}/starts`;
  const before = existsSync(starts) ? readFileSync(starts, 'utf8').trim().split('\n').length : 0;
  appendFileSync(starts, `${order.mode} ${process.pid} ${order.copyJobs} ${order.indexJobs}\n`);
  const { runs } = JSON.parse(order.source.options);
  for (const step of runs[Math.min(before, runs.length - 1)]) {
    if (step.say) say(step.say);
    if (step.raw !== undefined) process.stdout.write(step.raw);
    if (step.words) process.stderr.write(`${step.words}\n`);
    if (step.babble) babble(order.source.password);
    if (step.kill) process.kill(process.pid, 'SIGKILL');
    if (step.crash) process.exit(step.crash);
    if (step.deaf) {
      deaf = true;
      await hang();
      process.exit(0);
    }
    if (step.hang) {
      const told = await hang();
      if (told === 'closed') process.exit(0);
      finish(told);
      return;
    }
  }
  process.stdin.destroy();
}

let order = null;
lines.on('line', (line) => {
  const told = JSON.parse(line);
  if (!order) {
    order = told;
    void play(order);
    return;
  }
  appendFileSync(`${order.folder}/commands`, `${line}\n`);
  if (!deaf && told.command === 'pause') awake?.('paused');
  if (!deaf && told.command === 'stop') awake?.('stopped');
});
lines.on('close', () => awake?.('closed'));
