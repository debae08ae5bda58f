import { spawn } from 'node:child_process';
import { Stop } from './console.mjs';

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

/**
 * A virtual display of our own. Xvfb picks a free number and writes it to a descriptor once it takes connections.
 * @param {{ width?: number, height?: number }} [size]
 * @returns {Promise<{ display: string, stop: () => Promise<void> }>}
 */
export async function startDisplay({ width = 1440, height = 900 } = {}) {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset'],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise((resolve) => server.once('close', resolve));
  let complaint = '';
  server.stderr?.setEncoding('utf8').on('data', (text) => (complaint += text));
  const number = await new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ why) => reject(new Stop(`The virtual display did not start: ${why}`));
    server.once('error', (error) => fail(error.message));
    server.once('exit', (code) => fail(`exit code ${code}\n${complaint.trim()}`));
    server.stdio[3]?.once('data', (text) => resolve(String(text).trim()));
  });
  server.removeAllListeners('exit');
  // Also when this process is ended by its own fault: a display is never left behind.
  const kill = () => void server.kill();
  process.once('exit', kill);
  return {
    display: `:${number}`,
    stop: async () => {
      process.off('exit', kill);
      kill();
      await ended;
    },
  };
}

/**
 * Runs something with a virtual display in its environment, and ends the display after it.
 * @template T @param {(env: NodeJS.ProcessEnv) => Promise<T>} work @returns {Promise<T>}
 */
export async function withDisplay(work) {
  const { display, stop } = await startDisplay();
  try {
    // A Wayland session of the person would win over the virtual X display.
    return await work({ DISPLAY: display, WAYLAND_DISPLAY: '', ELECTRON_OZONE_PLATFORM_HINT: 'x11' });
  } finally {
    await stop();
  }
}
