import { AppError } from '../../../../shared/errors';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { PlannedTable } from '../plan-model';
import { inChunks } from '../finish/in-chunks';
import { forgetTruncates, tellTruncates } from './truncate/tell-truncates';
import { TRUNCATE_FROM } from './truncate/truncate-names';

/** What is to be published, by its names on the side that the changes come from. */
export type PublishedTable = Pick<
  PlannedTable,
  'oid' | 'schema' | 'name' | 'kind' | 'persistence' | 'rowFilter' | 'extension'
>;

export interface PublicationOrder {
  readonly name: string;
  readonly tables: readonly PublishedTable[];
  readonly onNote: (level: 'info' | 'warning', text: string) => void;
  readonly signal: AbortSignal;
}

/** Tables of one statement. */
const CHUNK = 500;
const ROOTS_FROM = 130_000;
const FILTERS_FROM = 150_000;
/** Names that a note lists. */
const LISTED = 10;

/** Tables with rows whose updates the server would refuse to applications once they are published. */
const NAMELESS = `SELECT c.oid::int8::text AS oid FROM pg_catalog.pg_class c WHERE c.oid = ANY ($1::oid[])
  AND CASE c.relreplident WHEN 'f' THEN false WHEN 'n' THEN true
    WHEN 'd' THEN NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index i
      WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate AND i.indisvalid)
    ELSE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisreplident) END`;

/** Tables whose primary key every part of them has, also those that are still to come. */
const KEYED = `SELECT i.indrelid::int8::text AS oid FROM pg_catalog.pg_index i
  WHERE i.indrelid = ANY ($1::oid[]) AND i.indisprimary AND i.indimmediate AND i.indisvalid`;

/** Rows `root`, `leaf`: what lies below partitioned tables and holds rows. */
const LEAVES = `WITH RECURSIVE tree AS (
    SELECT p.oid AS root, p.oid AS part FROM pg_catalog.pg_class p WHERE p.oid = ANY ($1::oid[]) AND p.relkind = 'p'
    UNION ALL SELECT tree.root, h.inhrelid FROM tree JOIN pg_catalog.pg_inherits h ON h.inhparent = tree.part)
  SELECT tree.root::int8::text AS root, c.oid::int8::text AS leaf, c.relkind::text AS kind, c.relpersistence::text AS persistence
  FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.part WHERE c.relkind <> 'p'`;

/** Columns that a filter looks at and that do not come with the old row. */
const UNCOVERED = `SELECT pg_catalog.format('%I.%I: %I', n.nspname, c.relname, a.attname) AS name
  FROM pg_catalog.pg_publication p JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid
  JOIN pg_catalog.pg_class c ON c.oid = r.prrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_publication_rel'::regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
  WHERE p.pubname = $1 AND c.relreplident <> 'f' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index i
    WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey)
      AND CASE c.relreplident WHEN 'd' THEN i.indisprimary ELSE i.indisreplident END)`;

const listOf = (tables: readonly PublishedTable[]): string => {
  const names = tables.slice(0, LISTED).map(({ schema, name }) => quoteQualified(schema, name));
  return `${names.join(', ')}${tables.length > LISTED ? ` and ${tables.length - LISTED} more` : ''}`;
};

interface Sorted {
  readonly whole: PublishedTable[];
  /** Nobody could say which of their rows an update is about. */
  readonly nameless: PublishedTable[];
  readonly roots: PublishedTable[];
}

async function sort(session: PgSession, order: PublicationOrder): Promise<Sorted> {
  const { tables, signal } = order;
  const logged = tables.filter(
    ({ kind, persistence, extension }) => kind === 'table' && persistence === 'permanent' && extension === undefined,
  );
  const partitioned = session.serverVersionNum >= ROOTS_FROM ? tables.filter(({ kind }) => kind === 'partitioned') : [];
  const leaves =
    partitioned.length === 0
      ? []
      : await session.query<{ root: string; leaf: string; kind: string; persistence: string }>(
          LEAVES,
          [partitioned.map(({ oid }) => oid)],
          signal,
        );
  const asked = [...logged.map(({ oid }) => String(oid)), ...leaves.map(({ leaf }) => leaf)];
  const oidsOf = async (sql: string, oids: readonly string[]): Promise<ReadonlySet<string>> =>
    new Set((await session.query<{ oid: string }>(sql, [oids], signal)).map(({ oid }) => oid));
  const nameless = await oidsOf(NAMELESS, asked);
  const keyed = await oidsOf(
    KEYED,
    partitioned.map(({ oid }) => String(oid)),
  );
  // What lies below a published root is published with it, whatever it is.
  const unfit = new Set(
    leaves
      .filter(({ leaf, kind, persistence }) => nameless.has(leaf) || kind !== 'r' || persistence !== 'p')
      .map(({ root }) => root),
  );
  return {
    whole: logged.filter(({ oid }) => !nameless.has(String(oid))),
    nameless: logged.filter(({ oid }) => nameless.has(String(oid))),
    roots: partitioned.filter(
      ({ oid, rowFilter }) => rowFilter === '' && keyed.has(String(oid)) && !unfit.has(String(oid)),
    ),
  };
}

function published({ schema, name, rowFilter }: PublishedTable): string {
  // A filter may end in a comment.
  const where = rowFilter === '' ? '' : ` WHERE (${rowFilter}\n)`;
  return `ONLY ${quoteQualified(schema, name)}${where}`;
}

const rootName = ({ schema, name }: PublishedTable): string => quoteQualified(schema, name);

function mustFilter(session: PgSession, { tables }: PublicationOrder): void {
  const filtered = tables.filter(({ rowFilter, extension }) => rowFilter !== '' && extension === undefined);
  if (filtered.length === 0 || session.serverVersionNum >= FILTERS_FROM) return;
  throw new AppError({
    code: 'unsupported',
    message: `Changes of some rows of a table can be followed from PostgreSQL 15 on; chosen are rows of ${listOf(filtered)}`,
    hint: 'Take the conditions away, or choose a task of the type full.',
  });
}

async function mustBeCovered(session: PgSession, order: PublicationOrder): Promise<void> {
  if (session.serverVersionNum < FILTERS_FROM) return;
  const rows = await session.query<{ name: string }>(UNCOVERED, [order.name], order.signal);
  if (rows.length === 0) return;
  throw new AppError({
    code: 'unsupported',
    message: `Rows are chosen by columns that are not of the replica identity (${rows.map(({ name }) => name).join(', ')}): once published, the source would refuse updates to applications`,
    hint: 'Set REPLICA IDENTITY FULL for these tables, or choose the rows by their key.',
  });
}

async function addTo(
  session: PgSession,
  publication: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const chunk of inChunks(names, CHUNK))
    await session.query(`ALTER PUBLICATION ${quoteIdent(publication)} ADD TABLE ${chunk.join(', ')}`, [], signal);
}

function tellNameless(tables: readonly PublishedTable[], onNote: PublicationOrder['onNote']): void {
  if (tables.length > 0)
    onNote(
      'warning',
      `Not followed, because they have neither a primary key nor a replica identity, and the source would refuse updates to applications: ${listOf(tables)}`,
    );
}

/** Sees to it that the stream is told when the tables are emptied, where the server itself does not say it. */
async function publishTruncates(
  session: PgSession,
  { name, signal, onNote }: PublicationOrder,
  tables: readonly PublishedTable[],
): Promise<void> {
  const refused = await tellTruncates(session, { publication: name, tables, signal });
  const untold = tables.filter(({ oid }) => refused.has(String(oid)));
  if (untold.length > 0)
    onNote(
      'warning',
      `TRUNCATE is not carried over for ${listOf(untold)}: servers before PostgreSQL 11 do not send it, and the account may not make the triggers that tell it (it needs CREATE on the database and in the schema howdah_migration, and to own the tables). Let nobody use TRUNCATE on them until the task is over, DELETE is followed`,
    );
}

/**
 * Publishes the tables in one transaction. Tables whose changed rows could not be named are left out, because an application must never be refused
 * what it may do; so are unlogged ones. Fails with `unsupported` for conditions that the server cannot follow, and with `sql`.
 */
export async function createPublications(session: PgSession, order: PublicationOrder): Promise<void> {
  const { name, signal, onNote } = order;
  mustFilter(session, order);
  const { whole, nameless, roots } = await sort(session, order);
  const truncate = session.serverVersionNum >= TRUNCATE_FROM ? ', truncate' : '';
  await session.query('BEGIN', [], signal);
  try {
    const publish = quoteLiteral(`insert, update, delete${truncate}`);
    await session.query(`CREATE PUBLICATION ${quoteIdent(name)} WITH (publish = ${publish})`, [], signal);
    await addTo(session, name, whole.map(published), signal);
    await addTo(session, name, roots.map(rootName), signal);
    await mustBeCovered(session, order);
    await session.query('COMMIT', [], signal);
  } catch (error) {
    if (!session.closed) await session.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  await publishTruncates(session, order, whole);
  tellNameless(nameless, onNote);
}

const PUBLISHED = `SELECT c.oid::int8::text AS oid FROM pg_catalog.pg_publication_tables t
  JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
  WHERE t.pubname = $1`;

const isFollowed = ({ kind, persistence, extension }: PublishedTable): boolean =>
  kind === 'table' && persistence === 'permanent' && extension === undefined;

/** Tables with a log and rows of their own that are not in the publications. */
export async function findUnpublished(session: PgSession, order: PublicationOrder): Promise<PublishedTable[]> {
  const rows = await session.query<{ oid: string }>(PUBLISHED, [order.name], order.signal);
  const there = new Set(rows.map(({ oid }) => oid));
  return order.tables.filter((table) => isFollowed(table) && !there.has(String(table.oid)));
}

/** Publishes tables that have come since. */
export async function publishMore(session: PgSession, order: PublicationOrder): Promise<void> {
  const missing = await findUnpublished(session, order);
  const { whole, nameless } = await sort(session, { ...order, tables: missing });
  // Those that are published without it, should it end in between, would not be met here again.
  await publishTruncates(
    session,
    order,
    order.tables.filter((table) => isFollowed(table) && !nameless.includes(table)),
  );
  await addTo(session, order.name, whole.map(published), order.signal);
  tellNameless(nameless, order.onNote);
}

/** Whether everything is published that can be. */
export async function holdsAll(session: PgSession, order: PublicationOrder): Promise<boolean> {
  const missing = await findUnpublished(session, order);
  return missing.length === 0 || (await sort(session, { ...order, tables: missing })).whole.length === 0;
}

/** The publication of the name; none when it is not there. */
export async function findPublications(session: PgSession, name: string, signal: AbortSignal): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    'SELECT pubname::text AS name FROM pg_catalog.pg_publication WHERE pubname = $1',
    [name],
    signal,
  );
  return rows.map((row) => row.name);
}

/** Takes the publication of the name away where it is, and what tells of emptied tables. */
export async function dropPublications(session: PgSession, name: string, signal: AbortSignal): Promise<void> {
  await forgetTruncates(session, name, signal);
  const found = await findPublications(session, name, signal);
  if (found.length > 0) await session.query(`DROP PUBLICATION IF EXISTS ${quoteIdent(name)}`, [], signal);
}
