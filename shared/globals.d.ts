// The few things that Node and browsers both have and that the pure rules may use.
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
}
