import type { terminal } from '../../../shared/contract/terminal';
import type { Emit, Handlers } from '../../../shared/contract/define';
import { AppError } from '../../../shared/errors';
import type { Logger } from '../../log';
import type { Connections } from '../../ports';

export interface TerminalFeature {
  readonly handlers: Handlers<typeof terminal>;
  /** Ends every psql. */
  close(): Promise<void>;
}

export interface TerminalDeps {
  readonly connections: Connections;
  readonly toolFolders: () => readonly string[];
  readonly emit: Emit<typeof terminal>;
  readonly log: Logger;
  /** Folder of this program alone for files that psql reads. */
  readonly tempFolder: string;
}

/** psql in pseudo-terminals. */
export function createTerminalFeature(_deps: TerminalDeps): TerminalFeature {
  const notYet = (): never => {
    throw new AppError({ code: 'unsupported', message: 'Not yet' });
  };
  return {
    handlers: {
      start: async () => notYet(),
      write: async () => notYet(),
      resize: async () => notYet(),
      drawn: async () => notYet(),
      end: async () => notYet(),
    },
    close: async () => undefined,
  };
}
