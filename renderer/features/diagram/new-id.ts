/** An id that nothing in any diagram has. */
export const newId = (): string => crypto.randomUUID();
