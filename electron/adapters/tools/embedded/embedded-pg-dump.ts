/** The pg_dump that ships with the program, as WebAssembly. */
export const EMBEDDED_DUMP = { version: '18.3', major: 18 } as const;
