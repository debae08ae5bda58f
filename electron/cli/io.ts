/** Where a command of the terminal writes, and what stops it. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  readonly signal: AbortSignal;
}

/** A command of the terminal: resolves with the exit code. */
export type CommandLine = (args: readonly string[], io: CommandIo) => Promise<number>;

export const EXIT = { ok: 0, failed: 1, usage: 2, withErrors: 3 } as const;
