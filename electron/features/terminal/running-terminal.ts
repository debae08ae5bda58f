import { startPty, type Pty, type PtyOptions, type PtySize } from '../../adapters/tools/pty';

/** Bytes that the window may be behind before psql has to wait, and from where on it goes on. */
const BEHIND = { most: 1024 * 1024, least: 256 * 1024 };
/** Milliseconds in which output is put together: a program that prints line by line would send thousands of messages. */
const GATHER = 8;

export interface TerminalEvents {
  output(data: string): void;
  ended(end: { readonly exitCode: number | null; readonly signal: string }): void;
}

/** One psql and what the window has drawn of its output. */
export interface RunningTerminal {
  write(data: string): void;
  resize(size: PtySize): void;
  /** The window has drawn so many more characters. */
  drawn(characters: number): void;
  /** Another window draws from now on: what the one before it has not drawn, it never will. */
  attached(): void;
  end(): void;
  /** Resolves when the program is gone. */
  readonly over: Promise<void>;
}

/** Starts the program; what it prints comes in parts, and waits while the window is far behind. */
export async function runTerminal(
  options: Omit<PtyOptions, 'onOutput' | 'onEnd'>,
  events: TerminalEvents,
): Promise<RunningTerminal> {
  let gathered = '';
  let timer: NodeJS.Timeout | null = null;
  let behind = 0;
  let paused = false;
  let pty: Pty | null = null;
  let ended: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (ended = resolve));

  const flush = (): void => {
    timer = null;
    if (gathered === '') return;
    const data = gathered;
    gathered = '';
    events.output(data);
  };
  const hold = (): void => {
    const wait = behind > (paused ? BEHIND.least : BEHIND.most);
    if (wait === paused || !pty) return;
    paused = wait;
    if (wait) pty.pause();
    else pty.resume();
  };

  pty = await startPty({
    ...options,
    onOutput(data) {
      gathered += data;
      behind += data.length;
      timer ??= setTimeout(flush, GATHER);
      hold();
    },
    onEnd({ exitCode, signal }) {
      if (timer) clearTimeout(timer);
      flush();
      events.ended({ exitCode: signal === 0 ? exitCode : null, signal: signal === 0 ? '' : String(signal) });
      ended();
    },
  });
  const running = pty;
  return {
    write: (data) => running.write(data),
    resize: (size) => running.resize(size),
    drawn(characters) {
      behind = Math.max(0, behind - characters);
      hold();
    },
    attached() {
      behind = 0;
      hold();
    },
    end: () => running.end(),
    over,
  };
}
