/** What `howdah migrate --help` says. */
export const MIGRATE_USAGE = `howdah migrate --from URI --to URI --type structural|full|incremental [options]
howdah migrate --resume ID [--complete …] [--finish | --go-back]
howdah migrate --resume ID --decide apply|skip|copyAgain|retry [--halt HALT]
      --database NAME           only this database (more than once: these); a URI with a database means that one
      --objects LIST            schemas and tables of the one database: shop,crm.customer,…
      --objects FILE            a selection as JSON: a file that ends in .json or is named with its folder
      --jobs N, --index-jobs N  tables, indexes at once (by the processors of the target)
      --rate BYTES              a second at most; 20M is 20 MiB
      --split-above BYTES       larger tables are copied in parts (1G); 0 never
      --existing refuse|truncate|append
                                tables of the target that hold rows already (refuse)
      --no-owner, --no-privileges
      --roles, --no-roles       with roles or without (with, unless databases are named)
      --no-analyze              do not collect statistics afterwards
      --no-tune                 leave the settings of an instance of this control plane as they are for the load
      --check-only              only the checks
      --skip-warnings           go on in spite of what the checks warn of
      --keep                    keep the task when it is interrupted
      --retry MINUTES           how long it retries by itself what is away (120)
      --state DIR, --quiet, --json

With --type incremental everything is copied and then followed until Ctrl-C, which pauses the task and keeps it: --resume ID goes on.
      --complete                cut over by itself when nobody writes to the source any more
      --stop-writes             make the databases of the source read-only for the cut-over instead of waiting
      --compare none|rowCount|sample|full
                                what is compared before the target is opened (rowCount)
      --move-address            lead the clients to the target: both sides are instances of this control plane
      --fail-back               let the changes of the target flow back afterwards, so that the cut-over can be undone
      --apply-jobs N            sessions that apply changes side by side (1 keeps every transaction whole); a number that is changed
                                later (ModifyMigrateRateLimit) holds from the next start on: pause and go on
      --no-ddl                  halt at changes of the structure instead of carrying them over
      --on-drift halt|log       when a row of the target is not as expected (halt)
      --wal-alarm BYTES         WAL that the source may keep for the task before there is an alarm (10G); 0 never
      --wal-ceiling BYTES       from here on the task gives its place up and fails, so that the disk of the source does not
                                fill (100G); 0 never
      --resume ID               go on with a task that was kept
      --finish, --go-back       with --resume: give the way back of a cut-over up, or take it
      --decide CHOICE           with --resume: answer what the task waits for (it is printed with its choices), and leave it
                                going on in the control plane; --halt HALT names one of several
      --json                    one event a line: {"event": "state" | "lag" | "worker" | "halt" | "end", "id", "state",
                                "lag": {"bytes", "seconds"} or null, "workerPid" or null, …}; the last one is "end" with "outcome"
The outcomes: done, guarding (cut over, the way back is open), went-back, paused, taken-back, incomplete, decided, failed, canceled,
checked and "not started" (of the checks); interrupted in a cut-over, which goes on in the control plane: completing or guarding.

Exit codes: 0 done, 1 failed, stopped or interrupted, 2 wrong usage, 3 done, but some objects could not be moved.`;
