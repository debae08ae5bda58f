import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openHandover } from '../../electron/adapters/postgres/handover';
import { openSession } from '../../electron/adapters/postgres/session';
import { startEmbeddedDump } from '../../electron/adapters/tools/embedded/embedded-pg-dump';
import { openJournal, type Journal } from '../../electron/control-plane/migration/journal';
import type { PlannedDatabase, PlannedIndex } from '../../electron/control-plane/migration/plan-model';
import { adaptEntries, type Adapted } from '../../electron/control-plane/migration/structure/adapt-entries';
import {
  dumpStructure,
  type DumpStructureOptions,
} from '../../electron/control-plane/migration/structure/dump-structure';
import type { StructureEntry } from '../../electron/control-plane/migration/structure/entry';
import { postWork } from '../../electron/control-plane/migration/structure/post-work';
import { runEntries } from '../../electron/control-plane/migration/structure/run-entries';
import { selectEntries } from '../../electron/control-plane/migration/structure/select-entries';
import type { Telling } from '../../electron/control-plane/migration/worker-protocol';
import type { ObjectOutcome } from '../../shared/model/migration';
import type { TestServer } from './postgres';

const signal = new AbortController().signal;

/** The structure of a database by the built-in pg_dump, without what differs from dump to dump. */
export async function schemaOf(server: TestServer, database: string, args: readonly string[] = []): Promise<string> {
  const handover = await openHandover(server.profile(database));
  const running = startEmbeddedDump({
    stream: handover.stream,
    database,
    user: 'postgres',
    parameters: handover.parameters,
    args: ['--format=plain', '--schema-only', '--no-publications', '--no-subscriptions', ...args],
    signal,
    onErrorLine: () => undefined,
  });
  const [dump] = await Promise.all([text(running.stdout), running.done]);
  handover.release();
  return dump.replaceAll(/^(?:\\(?:un)?restrict .*|-- Dumped .*)$/gm, '');
}

/** The entries of a database, by the built-in pg_dump unless those of the machine are wanted. */
export async function entriesOf(
  server: TestServer,
  database: string,
  change: Partial<DumpStructureOptions> = {},
): Promise<StructureEntry[]> {
  const folder = await mkdtemp(join(tmpdir(), 'howdah-structure-'));
  try {
    return await dumpStructure({
      profile: server.profile(database),
      sourceMajor: server.major,
      snapshot: null,
      schemas: null,
      toolFolders: [],
      folder,
      keepOwners: true,
      keepPrivileges: true,
      signal,
      onLine: () => undefined,
      findTools: async () => [],
      ...change,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A plan of a whole database as far as the structure needs it. */
export async function wholePlan(server: TestServer, database: string): Promise<PlannedDatabase> {
  const session = await openSession(server.profile(database));
  try {
    await session.query("SET search_path = ''");
    const own = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
    const schemas = await session.query<{ name: string }>(`SELECT nspname AS name FROM pg_namespace n WHERE ${own}`);
    const relations = await session.query<{ oid: number; schema: string; name: string; kind: string }>(
      `SELECT c.oid::int, nspname AS schema, relname AS name, relkind::text AS kind
         FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE ${own}`,
    );
    const indexes = await session.query<PlannedIndex>(
      `SELECT nspname AS schema, c.relname AS name, indrelid::int AS "tableOid", conname AS constraint, indisprimary AS primary,
              indisunique AS unique, NOT indimmediate AS deferrable, indisexclusion AS exclusion, indisvalid AS valid,
              pg_get_indexdef(indexrelid) AS definition, 0 AS bytes
         FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON n.oid = relnamespace
         LEFT JOIN pg_constraint k ON conindid = indexrelid AND contype IN ('p', 'u', 'x') WHERE ${own}`,
    );
    const named = (kinds: string) =>
      relations
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ oid, schema, name }) => ({ oid, schema, name, targetSchema: schema }));
    return {
      source: database,
      target: database,
      whole: true,
      schemas: schemas.map(({ name }) => ({ name, targetName: name, whole: true })),
      tables: relations
        .filter(({ kind }) => 'rp'.includes(kind))
        .map(({ oid, schema, name, kind }) => ({
          oid,
          schema,
          name,
          targetSchema: schema,
          targetName: name,
          kind: kind === 'p' ? 'partitioned' : 'table',
          persistence: 'permanent',
          columns: [],
          bytes: 0,
          rows: 0,
          integerKey: null,
          rowFilter: '',
        })),
      indexes,
      sequences: named('S'),
      views: named('v'),
      materializedViews: named('m'),
      foreignTables: named('f'),
      functions: [],
      largeObjects: false,
    };
  } finally {
    await session.end();
  }
}

export interface Moved {
  readonly entries: readonly StructureEntry[];
  readonly adapted: Adapted;
  readonly failed: readonly ObjectOutcome[];
  readonly skipped: readonly ObjectOutcome[];
}

export interface Move {
  readonly from: TestServer;
  readonly to: TestServer;
  readonly database: string;
  /** As on the source when missing. */
  readonly target?: string;
  readonly plan?: PlannedDatabase;
  readonly keepOwners?: boolean;
  readonly keepPrivileges?: boolean;
  readonly dump?: Partial<DumpStructureOptions>;
  readonly journal?: Journal;
}

/** Collects what happens to objects. */
export function listening(): { readonly telling: Telling; readonly outcomes: ObjectOutcome[] } {
  const outcomes: ObjectOutcome[] = [];
  return {
    outcomes,
    telling: {
      log: () => undefined,
      step: () => undefined,
      table: () => undefined,
      object: (outcome) => void outcomes.push({ ...outcome, at: 0 }),
      findings: () => undefined,
    },
  };
}

/** Takes the structure of a database to another server, through all steps but the rows. */
export async function moveStructure(move: Move): Promise<Moved> {
  const { from, to, database, target = database } = move;
  const plan = move.plan ?? (await wholePlan(from, database));
  const folder = await mkdtemp(join(tmpdir(), 'howdah-structure-'));
  const journal = move.journal ?? (await openJournal(join(folder, 'journal')));
  const session = await openSession(to.profile(target));
  const { telling, outcomes } = listening();
  try {
    const entries = await selectEntries(await entriesOf(from, database, move.dump), plan);
    const source = await openSession(from.profile(database));
    const adapted = await adaptEntries(entries, {
      plan,
      sourceVersionNum: source.serverVersionNum,
      targetVersionNum: session.serverVersionNum,
      keepOwners: move.keepOwners ?? true,
      keepPrivileges: move.keepPrivileges ?? true,
    });
    await source.end();
    const deps = { session, database, journal, telling, signal };
    await runEntries(
      adapted.entries.filter(({ section }) => section === 'pre'),
      deps,
    );
    const post = postWork(adapted.entries, plan);
    for (const step of ['build', 'attach'] as const) {
      for (const work of post.indexes) {
        for (const statement of work[step]) {
          await session.query(statement).catch((error: Error) => {
            const { key, kind, schema, name } = work.entry;
            outcomes.push({
              database,
              key,
              kind,
              schema,
              name,
              outcome: 'failed',
              reason: error.message,
              statement,
              at: 0,
            });
          });
        }
      }
    }
    for (const part of [post.constraints, post.foreignKeys, post.last]) await runEntries(part, deps);
    return {
      entries,
      adapted,
      failed: outcomes.filter(({ outcome }) => outcome === 'failed'),
      skipped: outcomes.filter(({ outcome }) => outcome === 'skipped'),
    };
  } finally {
    await session.end();
    if (!move.journal) await journal.close();
    await rm(folder, { recursive: true, force: true });
  }
}
