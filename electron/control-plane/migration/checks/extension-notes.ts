export interface ExtensionNote {
  /** That has to be in shared_preload_libraries. */
  readonly library?: string;
  readonly note?: string;
}

/** What is known of extensions that do more than add functions and types. Source: the documentation of each. */
export const EXTENSION_NOTES: Readonly<Record<string, ExtensionNote>> = {
  pg_cron: {
    library: 'pg_cron',
    note: 'schedule the jobs anew; they lie in cron.job of one database and would run at once',
  },
  timescaledb: {
    library: 'timescaledb',
    note: 'hypertables are made by its own functions (create_hypertable); their chunks are not to be copied as tables',
  },
  citus: { library: 'citus', note: 'tables have to be distributed anew on the target' },
  pg_stat_statements: { library: 'pg_stat_statements' },
  pgaudit: { library: 'pgaudit' },
  pg_partman: { note: 'its configuration lies in part_config; start its maintenance after the copy' },
  pg_squeeze: { library: 'pg_squeeze' },
  pg_wait_sampling: { library: 'pg_wait_sampling' },
  pg_qualstats: { library: 'pg_qualstats' },
  pglogical: { library: 'pglogical', note: 'nodes, sets and subscriptions have to be made anew' },
  pg_net: { library: 'pg_net', note: 'its queue is not carried' },
  pipelinedb: {
    library: 'pipelinedb',
    note: 'streams and continuous views cannot travel; it exists for no server after 11',
  },
  postgis_topology: {
    note: 'its tables in the schema topology are filled by the extension; check them after the copy',
  },
  postgis_tiger_geocoder: { note: 'its data lies in tables of the extension; load them anew' },
  age: {
    library: 'age',
    note: 'graphs lie in schemas of their own that its catalog names by number; dump and load them by its tools',
  },
  plproxy: { note: 'its functions name other servers, which have to be reachable from the target' },
  dblink: { note: 'its calls name other servers, which have to be reachable from the target' },
  postgres_fdw: {
    note: 'foreign servers have to be reachable from the target; passwords of user mappings are carried as they are',
  },
  pg_repack: { note: 'versions of extension and program have to agree' },
  supautils: { library: 'supautils' },
};
