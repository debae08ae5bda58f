import { AppError } from '../../../shared/errors';
import type { DropPlan, ObjectKind, ObjectRef, RelatedObject } from '../../../shared/model/catalog';
import type { PgSession } from '../../adapters/postgres/session';
import { describeObjects } from './objects/describe-objects';
import { checkDropRules } from './objects/drop-rules';
import { dropStatements } from './objects/drop-statements';
import { findFalling, type Falling, type FallingObject } from './objects/falling-objects';
import { addressKey, addressOf, CATALOG, type ObjectAddress } from './objects/object-address';
import { readRelated } from './related-objects';

/** Most objects of `falls` that are told one by one. */
const MOST_TOLD = 1000;
/** Lowest oid that is not nailed down; what is below can't be dropped, but for the schema public. */
const FIRST_FREE = 12_000;
const PUBLIC_SCHEMA = 2200;

const isOfServer = ({ kind }: ObjectRef): boolean => kind === 'database' || kind === 'role' || kind === 'tablespace';

/** What dropping objects runs, and what falls with them. `force` ends the sessions of a database (13 and later). */
export async function planDrop(
  session: PgSession,
  objects: readonly ObjectRef[],
  how: { readonly cascade: boolean; readonly force: boolean },
  signal: AbortSignal,
): Promise<DropPlan> {
  const wanted = await withConstraints(session, objects, signal);
  if (wanted.some(isOfServer)) return planServerDrop(session, wanted, how, signal);
  const named = wanted.map(addressOf);
  await refuseSystem(session, named, signal);
  await checkDropRules(session, named, signal);
  const falling = await findFalling(session, named, signal);
  await refuseHeld(session, falling, signal);
  const statements = await dropStatements(session, inOrder(wanted, falling), how, signal);
  const gone = falling.objects.filter((each) => !each.named && (how.cascade || !each.silently));
  return { statements, ...(await tell(session, gone, signal)) };
}

/** An index that a key made goes with its key: the constraint is dropped in its place. */
async function withConstraints(
  session: PgSession,
  objects: readonly ObjectRef[],
  signal: AbortSignal,
): Promise<readonly ObjectRef[]> {
  const indexes = objects.filter(({ kind }) => kind === 'index').map(({ oid }) => oid);
  if (indexes.length === 0) return objects;
  const rows = await session.query<{ index: number; oid: number; name: string; schema: string }>(
    `SELECT d.objid AS index, k.oid, k.conname AS name, n.nspname AS schema FROM pg_catalog.pg_depend d
       JOIN pg_catalog.pg_constraint k ON k.oid = d.refobjid JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
      WHERE d.classid = ${CATALOG.pg_class} AND d.objid = ANY ($1::pg_catalog.oid[]) AND d.refclassid = ${CATALOG.pg_constraint} AND d.deptype = 'i'`,
    [indexes],
    signal,
  );
  const constraints = new Map(rows.map((row) => [row.index, row]));
  const seen = new Set<string>();
  return objects
    .map((object): ObjectRef => {
      const found = object.kind === 'index' ? constraints.get(object.oid) : undefined;
      return found ? { kind: 'constraint', oid: found.oid, name: found.name, schema: found.schema, sub: 0 } : object;
    })
    .filter((object) => {
      const key = addressKey(addressOf(object));
      return seen.has(key) ? false : seen.add(key);
    });
}

async function refuseSystem(session: PgSession, named: readonly ObjectAddress[], signal: AbortSignal): Promise<void> {
  const pinned = named.filter(({ objid }) => objid < FIRST_FREE && objid !== PUBLIC_SCHEMA);
  const [first] = await describeObjects(session, pinned.slice(0, 1), signal);
  if (first) {
    throw new AppError({
      code: 'conflict',
      message: `${first.text} can't be dropped: it belongs to the database system`,
    });
  }
}

async function refuseHeld(session: PgSession, falling: Falling, signal: AbortSignal): Promise<void> {
  const [first] = falling.held;
  if (!first) return;
  const [object, owner] = await describeObjects(session, [first.object, first.owner], signal);
  throw new AppError({
    code: 'conflict',
    message: `${object?.text ?? ''} can't be dropped: ${owner?.text ?? ''} needs it`,
    hint: `Drop ${owner?.text ?? ''} instead.`,
  });
}

/** What depends on others goes before them; of what may go next, the kind that went last is taken so that statements join. */
function inOrder(objects: readonly ObjectRef[], falling: Falling): ObjectRef[] {
  const left = new Map(objects.map((object) => [addressKey(addressOf(object)), object]));
  if (left.size < 2) return [...left.values()];
  const waits = new Map([...left.keys()].map((key) => [key, namedBelow(key, left, falling.dependents)]));
  const ordered: ObjectRef[] = [];
  let kind = '';
  while (left.size > 0) {
    const free = [...left].filter(([key]) => [...(waits.get(key) ?? [])].every((each) => !left.has(each)));
    // A circle, e.g. tables that refer to each other: one statement takes them all.
    const able = free.length > 0 ? free : [...left];
    const next = able.find(([, object]) => object.kind === kind) ?? able[0];
    if (!next) break;
    const same = able.filter(([, object]) => object.kind === next[1].kind);
    for (const [key, object] of same) {
      left.delete(key);
      ordered.push(object);
    }
    ({ kind } = next[1]);
  }
  return ordered;
}

/** Named objects that depend on one, directly or through others. */
function namedBelow(
  start: string,
  named: ReadonlyMap<string, ObjectRef>,
  dependents: Falling['dependents'],
): ReadonlySet<string> {
  const seen = new Set([start]);
  const below = new Set<string>();
  const waiting = [start];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    for (const each of dependents.get(key) ?? []) {
      if (seen.has(each)) continue;
      seen.add(each);
      waiting.push(each);
      if (named.has(each)) below.add(each);
    }
  }
  return below;
}

const PARTS: ReadonlySet<ObjectKind> = new Set([
  'column',
  'constraint',
  'index',
  'trigger',
  'rule',
  'policy',
  'statistics-object',
]);
const HOLDERS: ReadonlySet<number> = new Set([CATALOG.pg_class, CATALOG.pg_type, CATALOG.pg_constraint]);

/** Keys, indexes, triggers, … of a table that goes as a whole are a matter of course. */
function isPartOfFallen({ goesWith }: FallingObject, ref: ObjectRef | null): boolean {
  return (
    ref !== null && PARTS.has(ref.kind) && goesWith !== null && goesWith.sub === 0 && HOLDERS.has(goesWith.classid)
  );
}

/** The fallen as nodes of the tree; parts of what falls too are not told by themselves. */
async function tell(
  session: PgSession,
  gone: readonly FallingObject[],
  signal: AbortSignal,
): Promise<Pick<DropPlan, 'falls' | 'more'>> {
  // What goes silently and inside of others comes last, so that the cut leaves what matters.
  const sorted = gone.toSorted((a, b) => Number(a.silently) - Number(b.silently));
  const told = sorted.slice(0, MOST_TOLD);
  const described = await describeObjects(session, told, signal);
  const falls = told.flatMap((each, at): RelatedObject[] => {
    const found = described[at];
    if (!found || (each.silently && (!found.whole || isPartOfFallen(each, found.ref)))) return [];
    return [{ ref: found.ref, text: found.text, how: each.how === 'r' ? 'n' : each.how }];
  });
  return sorted.length > told.length ? { falls, more: sorted.length - told.length } : { falls };
}

/** Databases, roles and tablespaces: there is no CASCADE; what uses them keeps them. */
async function planServerDrop(
  session: PgSession,
  objects: readonly ObjectRef[],
  how: { readonly cascade: boolean; readonly force: boolean },
  signal: AbortSignal,
): Promise<DropPlan> {
  const statements = await dropStatements(session, objects, how, signal);
  const dropped = new Set(objects.map((object) => addressKey(addressOf(object))));
  const falls: RelatedObject[] = [];
  for (const object of objects) {
    if (object.kind === 'role') falls.push(...(await readRelated(session, object, 'needed-by', signal)));
    if (object.kind === 'tablespace') {
      const users = await session.query<{ oid: number }>(
        'SELECT oid FROM pg_catalog.pg_tablespace_databases($1) AS oid WHERE oid <> 0',
        [object.oid],
        signal,
      );
      const databases = users.map(({ oid }) => ({ classid: CATALOG.pg_database, objid: oid, sub: 0 }));
      const described = await describeObjects(session, databases, signal);
      falls.push(...described.map(({ ref, text }) => ({ ref, text, how: 't' })));
    }
  }
  const told = falls.filter(({ ref }) => ref === null || !dropped.has(addressKey(addressOf(ref))));
  return {
    statements,
    falls: told.slice(0, MOST_TOLD),
    ...(told.length > MOST_TOLD ? { more: told.length - MOST_TOLD } : {}),
  };
}
