import type { Applier } from '../apply/applier';
import type { Begin, ChangeSink, Commit, Lsn, Relation, Wait } from '../change-stream';
import { formatLsn } from '../change-stream';
import type { Asking, Decisions, StreamIdentity, TableRoute } from '../follow-model';
import { DDL_PREFIX, captureNames } from './capture-names';
import { carryOut, type CarryDeps } from './carry-out';
import { firstText, readEvent } from './ddl-message';
import type { DdlEvent } from './ddl-event';
import { createJoins } from './joins';
import { createMadeBefore } from './made-before';
import type { IdentityColumn } from '../identity-columns';
import type { SchemaNames } from './schema-names';
import { isOurs } from './schema-names';
import { settleStructure } from './settle-structure';

export interface DdlSinkOptions {
  readonly applier: Applier;
  readonly identity: StreamIdentity;
  /** Changed as tables come, go and change their names; the records of them are changed in the transaction of the change. */
  readonly routes: Map<number, TableRoute>;
  /** Of the receiving side. */
  readonly asking: Asking;
  /** Of the side that the changes come from. */
  readonly source: Asking;
  readonly decisions: Decisions;
  readonly names: SchemaNames;
  onApplied(text: string): void;
  /** Something that the person should know of is not carried over, and nothing stops. */
  onLeftOut(text: string): void;
  /**
   * A table has joined that holds rows already: empties it on the receiving side, copies it out of a new snapshot (a temporary slot) and sets
   * its route's `syncedAt`, in `routes` and in the records. Names are those of the sending side. Called between transactions, after
   * everything before is durable.
   */
  onTable(oid: number, schema: string, name: string): Promise<void>;
  /** A column has joined that is to be ALWAYS when the source is left: its rows come with their values until then. */
  onIdentity?(column: IdentityColumn): Promise<void>;
  readonly signal: AbortSignal;
}

export interface DdlSink extends ChangeSink {
  /** To be awaited before the stream begins: tables that had joined and were not copied when the last worker ended are copied. */
  start(): Promise<void>;
  /** Tables of the source that have joined and are not followed yet. */
  readonly waiting: readonly string[];
}

/**
 * Carries changes of the structure over in their order; what it does not know to be safe ends the stream with a `FollowHalt`. Everything else
 * goes to the applier as it is.
 */
export function createDdlSink(options: DdlSinkOptions): DdlSink {
  const { applier, identity } = options;
  const names = captureNames(identity.jobId);
  const joins = createJoins(options);
  const madeBefore = createMadeBefore(options.routes);
  let commitLsn: Lsn = 0n;
  let messages = 0;
  let rewritten = false;
  /** What it brings is on the receiving side already. */
  let past = false;
  let token: Promise<string | null> | null = null;

  const askToken = (): Promise<string | null> =>
    options.source(async (session) => {
      const [there] = await session.query<{ there: boolean }>(
        'SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there',
        [`${names.schema}.${names.keys}`],
        options.signal,
      );
      if (there?.there !== true) return null;
      const sql = `SELECT token FROM ${names.schema}.${names.keys}`;
      const [row] = await session.query<{ token: string }>(sql, [], options.signal);
      return row?.token ?? null;
    });

  const heard = async (text: string): Promise<void> => {
    messages += 1;
    if (past) return;
    const id = `${formatLsn(commitLsn)}:${messages}`;
    token ??= askToken();
    const event = readEvent(text, await token);
    if (event === 'foreign') return;
    if (event.event === 'table_rewrite') {
      rewritten = true;
      return;
    }
    const deps: CarryDeps = { ...options, joins, id, rewritten, commitLsn, madeBefore };
    await carry(event, deps);
  };
  const carry = async (event: Exclude<DdlEvent, { event: 'table_rewrite' }>, deps: CarryDeps): Promise<void> => {
    await carryOut(event, deps);
    if (event.event === 'ddl_command_end') rewritten = false;
  };

  const isLog = ({ schema, name }: Relation): boolean => schema === names.schema && name === names.log;
  return {
    get waiting() {
      return joins.waiting;
    },
    async start() {
      token ??= askToken();
      await token;
      await joins.settle();
    },
    begin(begin: Begin): Wait {
      commitLsn = begin.commitLsn;
      messages = 0;
      rewritten = false;
      past = begin.commitLsn < applier.applied.endLsn;
      return applier.begin(begin);
    },
    commit(commit: Commit): Wait {
      if (!joins.due) return applier.commit(commit);
      return (async () => {
        await applier.commit(commit);
        await applier.settle();
        await joins.settle();
      })();
    },
    origin: (name) => applier.origin(name),
    relation(relation): Wait {
      if (isOurs(relation.schema)) return undefined;
      return settleStructure(relation, options, joins);
    },
    insert(relation, bytes, at): Wait {
      if (isLog(relation)) return heard(firstText(bytes, at, relation, 'content'));
      return isOurs(relation.schema) ? undefined : applier.insert(relation, bytes, at);
    },
    update: (relation, old, bytes, oldAt, newAt) =>
      isOurs(relation.schema) ? undefined : applier.update(relation, old, bytes, oldAt, newAt),
    delete: (relation, old, bytes, oldAt) =>
      isOurs(relation.schema) ? undefined : applier.delete(relation, old, bytes, oldAt),
    truncate(relations, cascade, restartIdentity): Wait {
      const others = relations.filter(({ schema }) => !isOurs(schema));
      return others.length === 0 ? undefined : applier.truncate(others, cascade, restartIdentity);
    },
    message(prefix, content, transactional, lsn): Wait {
      if (prefix !== DDL_PREFIX) return applier.message(prefix, content, transactional, lsn);
      return transactional ? heard(content.toString('utf8')) : undefined;
    },
  };
}
