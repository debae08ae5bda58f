interface Part {
  readonly terminalId: string;
  readonly data: string;
}

/** What terminals print while the id of the one that starts is not known yet; every window hears all of them, so only then is it kept. */
export interface EarlyOutput {
  begin(): void;
  /** Keeps it, between `begin` and `end` only. */
  hear(part: Part): void;
  /** What this one has printed meanwhile; nothing is kept any more. */
  end(terminalId: string): string[];
}

export function createEarlyOutput(): EarlyOutput {
  let kept: Part[] | null = null;
  return {
    begin: () => void (kept = []),
    hear: (part) => void kept?.push(part),
    end(terminalId) {
      const parts = kept ?? [];
      kept = null;
      return parts.filter((part) => part.terminalId === terminalId).map(({ data }) => data);
    },
  };
}
