/** Milliseconds as text; null stays null. */
export const milliseconds = (value: string): string => `pg_catalog.round((${value})::numeric, 3) || ' ms'`;

/** The part of `hits` in all reads, in percent; null when nothing was read. */
export const hitRatio = (hits: string, reads: string): string =>
  `pg_catalog.round(100.0 * (${hits}) / nullif((${hits}) + (${reads}), 0), 2) || ' %'`;

/** A fraction as text of few digits. */
export const fraction = (value: string): string => `pg_catalog.round((${value})::numeric, 6)::text`;
