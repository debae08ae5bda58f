import { z } from 'zod';
import { IMPORT_CONTENTS, type ClientTool, type DumpPreview, type Finding, type ImportReport } from '../model/import';
import { call } from './define';

const serverId = z.string().min(1).max(64);

export const importPlan = z.object({
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('file'), fileToken: z.string().min(1).max(64) }),
    z.object({ kind: z.literal('database'), serverId, database: z.string().min(1).max(63) }),
  ]),
  target: z.object({
    serverId,
    database: z.string().min(1).max(63),
    /** Make the database first, with this encoding (empty: the source's). */
    create: z.boolean(),
    encoding: z.string().max(32),
  }),
  options: z.object({
    content: z.enum(IMPORT_CONTENTS),
    /** Schemas to take; empty is all. Only for a database source and archives. */
    schemas: z.array(z.string().max(63)).max(10_000),
    /** Tables to take as `schema.table`; empty is all. Only for a database source and archives. */
    tables: z.array(z.string().max(200)).max(10_000),
    noOwner: z.boolean(),
    noPrivileges: z.boolean(),
    /** Drop same-name objects first. */
    clean: z.boolean(),
    /** All or nothing; otherwise errors are noted and the rest goes on. */
    singleTransaction: z.boolean(),
    stopOnError: z.boolean(),
    /** Parallel restore of archives. */
    jobs: z.number().int().min(1).max(64),
    analyze: z.boolean(),
    /** The person was shown the lines and allows them. */
    allowUnsafeCommands: z.boolean(),
  }),
});
export type ImportPlan = z.output<typeof importPlan>;

export const transfer = {
  calls: {
    /** Recognises a picked file. Fails with `file` when it is missing or unreadable; a file that is no dump has kind `unknown`. */
    preview: call<DumpPreview>()(z.object({ fileToken: z.string().min(1).max(64) })),
    /** Schemas and tables of a database with sizes, for the picker. */
    sourceObjects: call<{ schema: string; name: string; bytes: number; rows: number }[]>()(
      z.object({ serverId, database: z.string().min(1).max(63) }),
    ),
    /** The checks before anything runs; a finding that blocks keeps `start` from starting. */
    check: call<Finding[]>()(z.object({ plan: importPlan })),
    /** The command lines that `start` will run, without secrets. */
    commands: call<string[]>()(z.object({ plan: importPlan })),
    start: call<{ taskId: string }>()(z.object({ plan: importPlan })),
    /** The plan and report of an import task; the report is null while it runs. */
    result: call<{ plan: ImportPlan; report: ImportReport | null }>()(z.object({ taskId: z.string().max(64) })),
    /** Drops the database that this import created. */
    undo: call<void>()(z.object({ taskId: z.string().max(64) })),
    saveReport: call<void>()(z.object({ taskId: z.string().max(64), fileToken: z.string().max(64) })),
    /** Client programs found on this machine, and the embedded ones. */
    tools: call<ClientTool[]>()(z.object({})),
  },
  pushes: {},
};
