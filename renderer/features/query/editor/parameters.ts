/** Names of the parameters (`:name`, `$1`) that a text is to be run with, in the order of their first use. */
export const parametersOf = (_text: string): readonly string[] => [];
