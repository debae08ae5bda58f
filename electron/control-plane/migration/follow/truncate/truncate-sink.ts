import { z } from 'zod';
import type { ChangeSink, Relation, Wait } from '../change-stream';
import { firstText } from '../ddl/ddl-message';
import { StreamDamage } from '../decode/stream-damage';
import type { TruncateNames } from './truncate-names';

const IDENTITIES = { d: 'default', n: 'nothing', f: 'full', i: 'index' } as const;

/** What the triggers write: one of it for each table of a TRUNCATE, before and after it. */
const told = z.object({
  when: z.enum(['BEFORE', 'AFTER']),
  /** Of triggers: a TRUNCATE within a trigger of another one is deeper. */
  depth: z.number().int(),
  oid: z.number().int(),
  schema: z.string(),
  name: z.string(),
  identity: z.enum(['d', 'n', 'f', 'i']),
  columns: z.array(
    z.object({ name: z.string(), typeOid: z.number().int(), typeModifier: z.number().int(), key: z.boolean() }),
  ),
});
type Told = z.output<typeof told>;

function readTold(text: string): Told {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StreamDamage('I', 'an emptied table is told in a way that is not known');
  }
  const read = told.safeParse(value);
  if (!read.success)
    throw new StreamDamage('I', `an emptied table is told in a way that is not known: ${read.error.message}`);
  return read.data;
}

/**
 * Stands before the sink of a source that does not send TRUNCATE: what its triggers tell becomes one, of all tables of the statement, at the place
 * where the first of them has told that it is empty. Sequences come when the source is left, so whether they begin anew is not asked.
 */
export function withTruncates(sink: ChangeSink, names: TruncateNames): ChangeSink {
  /** As it was told last, by oid: a table that was not written to since the stream began has told nothing else. */
  const known = new Map<number, { readonly shape: string; readonly relation: Relation }>();
  /** By depth: to be emptied, and emptied but not told so yet. */
  const coming = new Map<number, Relation[]>();
  const done = new Map<number, Set<number>>();

  const isLog = ({ schema, name }: Relation): boolean => name === names.log && schema === names.schema;

  const relationOf = async ({ oid, schema, name, identity, columns }: Told): Promise<Relation> => {
    const relation: Relation = { oid, schema, name, identity: IDENTITIES[identity], columns };
    const shape = JSON.stringify(relation);
    const before = known.get(oid);
    if (before?.shape === shape) return before.relation;
    await sink.relation(relation);
    known.set(oid, { shape, relation });
    return relation;
  };

  const heard = async (text: string): Promise<void> => {
    const table = readTold(text);
    const { depth, oid } = table;
    const relation = await relationOf(table);
    const pending = coming.get(depth) ?? [];
    if (table.when === 'BEFORE') {
      coming.set(depth, [...pending, relation]);
      return;
    }
    if (pending.length === 0 && done.get(depth)?.delete(oid)) return;
    const all = pending.some((each) => each.oid === oid) ? pending : [...pending, relation];
    coming.delete(depth);
    done.set(depth, new Set(all.map((each) => each.oid).filter((each) => each !== oid)));
    await sink.truncate(all, false, false);
  };

  return {
    begin(begin) {
      coming.clear();
      done.clear();
      return sink.begin(begin);
    },
    commit: (commit) => sink.commit(commit),
    origin: (name) => sink.origin(name),
    relation: (relation) => sink.relation(relation),
    insert(relation, bytes, at): Wait {
      if (isLog(relation)) return heard(firstText(bytes, at, relation, 'content'));
      return sink.insert(relation, bytes, at);
    },
    update: (relation, old, bytes, oldAt, newAt) => sink.update(relation, old, bytes, oldAt, newAt),
    delete: (relation, old, bytes, oldAt) => (isLog(relation) ? undefined : sink.delete(relation, old, bytes, oldAt)),
    truncate: (relations, cascade, restartIdentity) => sink.truncate(relations, cascade, restartIdentity),
    message: (prefix, content, transactional, lsn) => sink.message(prefix, content, transactional, lsn),
  };
}
