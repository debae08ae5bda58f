/** Notes an outage and its end; one that lasts is told as well, once. */
export interface Outage {
  /** Something is away, for the first time or still. */
  go(words: string): void;
  /** It is there again. */
  end(): void;
  /** Nobody waits for it any more. */
  forget(): void;
}

export interface OutageOptions {
  note(level: 'info' | 'warning', text: string): void;
  tell(kind: 'away' | 'back', text: string): void;
}

const LASTS_MS = 10_000;
const BACK = 'The connection is back';

export function createOutage({ note, tell }: OutageOptions): Outage {
  let timer: NodeJS.Timeout | null = null;
  let latest = '';
  let away = false;
  let told = false;
  const still = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return {
    go(words) {
      latest = words;
      if (!away) note('warning', `The connection is lost, trying again: ${words}`);
      away = true;
      if (told) return;
      timer ??= setTimeout(() => {
        timer = null;
        told = true;
        tell('away', latest);
      }, LASTS_MS).unref();
    },
    end() {
      still();
      if (away) note('info', BACK);
      if (told) tell('back', BACK);
      away = false;
      told = false;
    },
    forget() {
      still();
      away = false;
      told = false;
    },
  };
}
