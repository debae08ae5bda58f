import { app } from 'electron';
import { confirmQuit } from './quit-question';

export interface EndOptions {
  /** What is closed one after the other before the program ends. */
  readonly closing: readonly (() => Promise<void>)[];
  /** How many tasks run. */
  running(): number;
  language(): 'en' | 'zh-CN';
  /** Told whether the windows close because the program ends. */
  quitting(now: boolean): void;
  /** Told when all is closed. */
  ended(): void;
  bug(where: string, error: unknown): void;
}

/** Asks before the program ends while tasks run, and closes everything in its order when it does. */
export function endProgram(options: EndOptions): { mayQuit(): boolean } {
  const { closing, running, language, quitting, ended, bug } = options;
  let quitConfirmed = false;
  const mayQuit = (): boolean => quitConfirmed || running() === 0;
  let asking = false;
  app.on('before-quit', (event) => {
    const may = mayQuit();
    quitting(may);
    if (may) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    confirmQuit(language(), running())
      .then((yes) => {
        quitConfirmed = yes;
        if (yes) app.quit();
      })
      .catch((error: unknown) => bug('quit question', error))
      .finally(() => (asking = false));
  });
  let closed = false;
  const closeAll = async (): Promise<void> => {
    for (const close of closing) {
      try {
        await close();
      } catch (error) {
        bug('closing', error);
      }
    }
    ended();
    closed = true;
    app.quit();
  };
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void closeAll();
  });
  return { mayQuit };
}
