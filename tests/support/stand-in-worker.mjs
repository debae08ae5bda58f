import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A worker that does what the test wrote into `options` of the source, or of the target where the source is a real one: `{"runs": [[step, …], …]}`, one list for each time it is started, the
 * last one again and again. Steps: `{"say": event}`, `{"raw": text}`, `{"words": text}` on standard error, `{"babble": true}`,
 * `{"kill": true}`, `{"crash": code}`, `{"hang": true}` until it is told to pause or stop or its standard input ends, `{"deaf": true}` until
 * the latter, `{"await": command}` until it is told that. A list `clean` beside `runs` is for workers that clean. Each start is noted in `starts` of the folder, each command in `commands`,
 * each order's course in `courses`.
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
/** Commands that nobody has waited for yet. */
const told = [];
/** @type {{ command: string, heard: () => void } | null} */
let awaited = null;
const untilTold = (command) =>
  new Promise((heard) => {
    const at = told.indexOf(command);
    if (at < 0) awaited = { command, heard };
    else heard(told.splice(0, at + 1));
  });

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
  const earlier = existsSync(starts) ? readFileSync(starts, 'utf8').trim().split('\n') : [];
  appendFileSync(starts, `${order.mode} ${process.pid} ${order.copyJobs} ${order.indexJobs}\n`);
  appendFileSync(`${order.folder}/courses`, `${JSON.stringify(order.course)}\n`);
  const plays = JSON.parse(order.source.options || order.target.options);
  const cleans = order.mode === 'clean' && plays.clean !== undefined;
  const list = cleans ? plays.clean : plays.runs;
  const before = earlier.filter((line) => plays.clean === undefined || line.startsWith('clean') === cleans).length;
  for (const step of list[Math.min(before, list.length - 1)]) {
    if (step.say) say(step.say);
    if (step.raw !== undefined) process.stdout.write(step.raw);
    if (step.words) process.stderr.write(`${step.words}\n`);
    if (step.babble) babble(order.source.password);
    if (step.kill) process.kill(process.pid, 'SIGKILL');
    if (step.crash) process.exit(step.crash);
    if (step.await) await untilTold(step.await);
    if (step.deaf) {
      deaf = true;
      await hang();
      process.exit(0);
    }
    if (step.hang) {
      const how = await hang();
      if (how === 'closed') process.exit(0);
      finish(how);
      return;
    }
  }
  process.stdin.destroy();
}

let order = null;
lines.on('line', (line) => {
  const said = JSON.parse(line);
  if (!order) {
    order = said;
    void play(order);
    return;
  }
  appendFileSync(`${order.folder}/commands`, `${line}\n`);
  if (awaited?.command === said.command) {
    awaited.heard();
    awaited = null;
  } else told.push(said.command);
  if (!deaf && said.command === 'pause') awake?.('paused');
  if (!deaf && said.command === 'stop') awake?.('stopped');
});
lines.on('close', () => (awake ? awake('closed') : awaited && process.exit(0)));
