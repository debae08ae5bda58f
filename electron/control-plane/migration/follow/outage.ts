/** Tells of an outage once, when it lasts, and of its end. */
export interface Outage {
  /** Something is away, for the first time or still. */
  go(words: string): void;
  /** It is there again. */
  end(): void;
  /** Nobody waits for it any more. */
  forget(): void;
}

const LASTS_MS = 10_000;

export function createOutage(tell: (kind: 'away' | 'back', text: string) => void, lastsMs = LASTS_MS): Outage {
  let timer: NodeJS.Timeout | null = null;
  let latest = '';
  let told = false;
  const still = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return {
    go(words) {
      latest = words;
      if (told) return;
      timer ??= setTimeout(() => {
        timer = null;
        told = true;
        tell('away', latest);
      }, lastsMs).unref();
    },
    end() {
      still();
      if (told) tell('back', 'The connection is back');
      told = false;
    },
    forget() {
      still();
      told = false;
    },
  };
}
