import type { RunContext } from '../worker/run-context';
import type { Side } from '../worker/sides';
import { saveRoutes } from './apply/progress';
import { formatLsn } from './change-stream';
import { hasCapture } from './ddl/capture';
import { NOT_COPIED } from './ddl/join-table';
import { FollowHalt, type Asking, type StreamIdentity, type TableRoute } from './follow-model';
import { misfit } from './misfit';
import { findTable, resyncTable } from './resync';

/** Tables of one database that are copied anew while its stream stands still. */
export interface Resyncs {
  /** A halt was decided so: the table is copied before the stream begins again. Names are those of the sending side. */
  want(halt: string, schema: string, table: string): void;
  /** Whether it was done for the halt by this process. */
  wasDone(halt: string): boolean;
  /** Copies what is wanted. */
  run(asking: { readonly from: Asking; readonly to: Asking }, signal: AbortSignal): Promise<void>;
  /** Copies one table, and sets its route in `routes` and in the records. */
  copy(oid: number, to: Asking, signal: AbortSignal): Promise<void>;
}

export interface ResyncsOptions {
  readonly ctx: RunContext;
  /** Changes of the structure are carried over, where the sending side tells them. */
  readonly carries: boolean;
  readonly from: Side;
  readonly to: Side;
  readonly toDatabase: string;
  readonly identity: StreamIdentity;
  readonly routes: Map<number, TableRoute>;
  readonly rowFilter: (oid: number) => Promise<string>;
  onCopied(): void;
}

export function createResyncs(options: ResyncsOptions): Resyncs {
  const { ctx, from, to, toDatabase, identity, routes } = options;
  const wanted = new Map<string, { readonly schema: string; readonly table: string }>();
  const done = new Set<string>();

  const copy: Resyncs['copy'] = async (oid, asking, signal) => {
    const route = routes.get(oid);
    if (!route) return;
    const where = { from, to, toDatabase, identity, rowFilter: await options.rowFilter(oid), signal };
    const copied = await resyncTable(oid, route, where);
    if (copied) {
      routes.set(oid, { ...route, syncedAt: copied.lsn });
      const text = `${identity.database}: ${route.schema}.${route.name} was copied anew: ${copied.rows} rows as at ${formatLsn(copied.lsn)}`;
      ctx.telling.log('info', text);
    } else {
      routes.delete(oid);
      await saveRoutes(asking, identity, routes);
    }
    options.onCopied();
  };

  /** A table that does not fit now is copied when the changes of its structure have come; where none come a person has to make it fit. */
  const again = async (halt: string, oid: number, asking: Parameters<Resyncs['run']>[0], signal: AbortSignal) => {
    const route = routes.get(oid);
    if (!route) return;
    const why = await misfit(oid, route, asking, signal);
    if (why === '') return copy(oid, asking.to, signal);
    const { schema, name } = route;
    const { jobId } = identity;
    if (!options.carries || !(await asking.from((session) => hasCapture(session, { jobId, signal }))))
      throw new FollowHalt({
        id: `${halt}:fit`,
        kind: 'structure',
        text: `${schema}.${name} is to be copied again, and does not fit the other side: ${why}. Make it fit, then try again`,
        statement: '',
        schema,
        table: name,
        choices: ['retry'],
      });
    routes.set(oid, { ...route, syncedAt: NOT_COPIED });
    await saveRoutes(asking.to, identity, routes);
    ctx.telling.log('info', `${identity.database}: ${schema}.${name} is copied again once its structure fits: ${why}`);
  };

  return {
    want: (halt, schema, table) => void wanted.set(halt, { schema, table }),
    wasDone: (halt) => done.has(halt),
    async run(asking, signal) {
      for (const [halt, { schema, table }] of wanted) {
        const oid = await findTable(asking.from, schema, table, signal);
        if (oid !== null) await again(halt, oid, asking, signal);
        wanted.delete(halt);
        done.add(halt);
      }
    },
    copy,
  };
}
