import type { z } from 'zod';

/** One request of the renderer: its input is parsed by `input` on arrival, its result has type `Result`. */
export interface Call<Input extends z.ZodType, Result> {
  readonly input: Input;
  /** Never present at run time; carries the type. */
  readonly result?: Result;
}

/** One message from main to every window. */
export interface Push<Payload> {
  /** Never present at run time; carries the type. */
  readonly payload?: Payload;
}

/** One feature's part of the wire. */
export interface FeatureContract {
  readonly calls: Readonly<Record<string, Call<z.ZodType, unknown>>>;
  readonly pushes: Readonly<Record<string, Push<unknown>>>;
}

/** `call<Result>()(inputSchema)`: the result type is written, the input type follows from the schema. */
export const call =
  <Result>() =>
  <Input extends z.ZodType>(input: Input): Call<Input, Result> => ({ input });

export const push = <Payload>(): Push<Payload> => ({});

export type CallInput<C> = C extends Call<infer Input, unknown> ? z.input<Input> : never;
export type CallParsed<C> = C extends Call<infer Input, unknown> ? z.output<Input> : never;
export type CallResult<C> = C extends { readonly result?: infer Result } ? Exclude<Result, undefined> : never;
export type PushPayload<P> = P extends { readonly payload?: infer Payload } ? Exclude<Payload, undefined> : never;

/** What every handler gets beside its input. */
export interface CallContext {
  /** Fires when the renderer aborts the call or its window goes away. */
  readonly signal: AbortSignal;
  /** Which window asks; absent where there are no windows. */
  readonly window?: number;
}

/** The handlers a feature must give: one for each call, no more, no fewer. */
export type Handlers<F extends FeatureContract> = {
  readonly [K in keyof F['calls']]: (
    input: CallParsed<F['calls'][K]>,
    context: CallContext,
  ) => Promise<CallResult<F['calls'][K]>>;
};

/** How a feature sends its pushes. */
export type Emit<F extends FeatureContract> = <K extends keyof F['pushes'] & string>(
  name: K,
  payload: PushPayload<F['pushes'][K]>,
) => void;
