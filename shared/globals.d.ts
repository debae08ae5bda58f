// The few things that Node and browsers both have and that the pure rules may use.
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(input?: Uint8Array, options?: { stream?: boolean }): string;
}
