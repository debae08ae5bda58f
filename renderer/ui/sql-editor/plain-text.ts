/** Above this many UTF-16 units a text is only a text: no colours, no completion, changes told with a delay. */
export const PLAIN_ABOVE = 5_000_000;
