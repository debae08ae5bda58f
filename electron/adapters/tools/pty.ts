import { kill } from 'node:process';

/** What a terminal shows at the start. */
export interface PtySize {
  readonly columns: number;
  readonly rows: number;
}

export interface PtyOptions extends PtySize {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What the program prints, as text; parts of a character are held back until they are whole. */
  readonly onOutput: (data: string) => void;
  /** Called once. */
  readonly onEnd: (end: { readonly exitCode: number; readonly signal: number }) => void;
}

/** A program in a pseudo-terminal: it and what it starts are a session of their own, which ends with the terminal. */
export interface Pty {
  readonly pid: number;
  write(data: string): void;
  resize(size: PtySize): void;
  /** The program waits with its output until `resume`. */
  pause(): void;
  resume(): void;
  /** Hangs up; what does not end within moments is killed, with all that it has started. */
  end(): void;
}

/** Milliseconds that a program gets after the hang-up. */
const PATIENCE = 2000;

/** Starts a program. Fails when it is not there or can't be run. The native module is loaded with the first one. */
export async function startPty(options: PtyOptions): Promise<Pty> {
  const { spawn } = await import('@lydell/node-pty');
  const child = spawn(options.program, [...options.args], {
    name: 'xterm-256color',
    cols: options.columns,
    rows: options.rows,
    cwd: options.cwd,
    env: { ...options.env },
  });
  let over = false;
  let ending = false;
  child.onData(options.onOutput);
  child.onExit(({ exitCode, signal }) => {
    over = true;
    // What it had started and what is deaf to the hang-up.
    if (ending) killSession(child.pid);
    options.onEnd({ exitCode, signal: signal ?? 0 });
  });
  return {
    pid: child.pid,
    write: (data) => {
      if (!over) child.write(data);
    },
    resize: ({ columns, rows }) => {
      if (!over) child.resize(columns, rows);
    },
    pause: () => child.pause(),
    resume: () => child.resume(),
    end() {
      if (over || ending) return;
      ending = true;
      // A paused terminal would never tell of its end.
      child.resume();
      if (process.platform === 'win32') {
        child.kill();
        return;
      }
      child.kill('SIGHUP');
      setTimeout(() => {
        if (!over) killSession(child.pid);
      }, PATIENCE).unref();
    },
  };
}

/** The terminal's program leads a process group of its own. */
function killSession(pid: number): void {
  if (process.platform === 'win32') return;
  try {
    kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
