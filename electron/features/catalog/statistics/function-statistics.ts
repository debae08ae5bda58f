import { always, type PropertiesDefinition } from '../kinds/kind';
import { milliseconds } from './figures';

/** Calls and times, which the server counts only when `track_functions` says so. */
export const functionStatistics: PropertiesDefinition = {
  sql: always(`
SELECT current_setting('track_functions') AS "trackFunctions", pg_catalog.pg_stat_get_function_calls(p.oid)::text AS calls,
       ${milliseconds('pg_catalog.pg_stat_get_function_total_time(p.oid)')} AS "totalTime",
       ${milliseconds('pg_catalog.pg_stat_get_function_self_time(p.oid)')} AS "selfTime"
  FROM pg_catalog.pg_proc p WHERE p.oid = $1`),
  items: [
    ['trackFunctions', 'text'],
    ['calls', 'count'],
    ['totalTime', 'text'],
    ['selfTime', 'text'],
  ],
  grids: [],
};
