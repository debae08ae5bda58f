import type { library } from '../../../shared/contract/library';
import type { Emit, Handlers } from '../../../shared/contract/define';
import { AppError } from '../../../shared/errors';
import type { Logger } from '../../log';
import type { FileTokens, QueryHistory } from '../../ports';

export interface LibraryFeature {
  readonly handlers: Handlers<typeof library>;
  readonly history: QueryHistory;
  close(): Promise<void>;
}

export interface LibraryDeps {
  /** Folder of the program's own documents. */
  readonly folder: string;
  readonly files: FileTokens;
  /** Statements that the history keeps. */
  readonly historySize: () => number;
  readonly emit: Emit<typeof library>;
  readonly log: Logger;
  /** Told when a document was broken and put aside. */
  readonly onBroken: (kept: string, reason: string) => void;
}

/** Texts that a person keeps. */
export function createLibraryFeature(_deps: LibraryDeps): LibraryFeature {
  const notYet = (): never => {
    throw new AppError({ code: 'unsupported', message: 'Not yet' });
  };
  return {
    handlers: {
      history: async () => ({ entries: [], more: false }),
      removeHistory: async () => notYet(),
      clearHistory: async () => notYet(),
      saved: async () => [],
      saveQuery: async () => notYet(),
      removeQuery: async () => notYet(),
      snippets: async () => [],
      saveSnippet: async () => notYet(),
      removeSnippet: async () => notYet(),
      macros: async () => [],
      saveMacro: async () => notYet(),
      removeMacro: async () => notYet(),
      draft: async () => null,
      saveDraft: async () => notYet(),
      dropDraft: async () => undefined,
      readFile: async () => notYet(),
      writeFile: async () => notYet(),
    },
    history: { record: () => undefined },
    close: async () => undefined,
  };
}
