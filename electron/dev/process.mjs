import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { at, root } from './paths.mjs';

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [env] added to the environment
 * @property {string} [cwd] default: the clone
 * @property {'stderr' | 'quiet' | 'inherit'} [output] where the program's output goes: this process's stderr (default), nowhere, or unchanged
 * @property {number} [timeout] milliseconds, then SIGKILL
 */

/** @typedef {{ code: number, output: string, milliseconds: number }} RunResult */

const MAX_OUTPUT = 4_000_000;

/**
 * Runs a program to its end and never throws on its exit code; -1 when it could not be started. A program of `node_modules/.bin` is given by
 * its path (`bin`).
 * @param {string} command @param {readonly string[]} args @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  const started = performance.now();
  const mode = options.output ?? 'stderr';
  return new Promise((resolve) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', mode === 'inherit' ? 'inherit' : 'pipe', mode === 'inherit' ? 'inherit' : 'pipe'],
      ...(options.timeout ? { timeout: options.timeout, killSignal: 'SIGKILL' } : {}),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        if (output.length < MAX_OUTPUT) output += text;
        if (mode === 'stderr') process.stderr.write(text);
      });
    }
    const end = (/** @type {number} */ code, extra = '') =>
      resolve({ code, output: output + extra, milliseconds: performance.now() - started });
    child.once('error', (error) => end(-1, error.message));
    child.once('close', (code, signal) => end(code ?? 128 + (signal ? (constants.signals[signal] ?? 0) : 0)));
  });
}

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Becomes a program as far as a parent process can: same terminal, signals passed on, its exit code returned.
 * @param {string} command @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, stdio?: import('node:child_process').StdioOptions }} [options]
 * @returns {Promise<number>}
 */
export function become(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd ?? process.cwd(),
      env: { ...process.env, ...options.env },
      stdio: options.stdio ?? 'inherit',
    });
    const forward = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    const done = () => {
      for (const signal of FORWARDED) process.off(signal, forward);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      done();
      resolve(code ?? 128 + (signal ? (constants.signals[signal] ?? 0) : 0));
    });
  });
}

/** The script of an installed package's command, to be run by node itself: no shell, no shebang, the same on every system. */
export const bin = (/** @type {string} */ script) => at('node_modules', script);

/**
 * npm as it belongs to this node, without a shell.
 * @param {readonly string[]} args @param {RunOptions} [options]
 */
export function npm(args, options = {}) {
  const script = process.env['npm_execpath'];
  return script?.endsWith('.js') ? run(process.execPath, [script, ...args], options) : run('npm', args, options);
}
