import type { PgSession } from '../../../adapters/postgres/session';
import { addressKey, addressParams, type ObjectAddress } from './object-address';

/** How an object came to fall. */
export interface FallingObject extends ObjectAddress {
  /** It was named itself. */
  readonly named: boolean;
  /** It goes without being asked for: a part of something that falls, or a thing of no use without it. */
  readonly silently: boolean;
  /** `deptype` by which it was reached first. */
  readonly how: string;
  /** What takes it along silently; null when nothing does. */
  readonly goesWith: ObjectAddress | null;
}

/** An object that can't go without the one it is a part of. */
export interface HeldObject {
  readonly object: ObjectAddress;
  readonly owner: ObjectAddress;
}

export interface Falling {
  /** Everything that would be gone, the named objects included, as far as it has an entry of its own in the dependency catalog. */
  readonly objects: readonly FallingObject[];
  /** Why the server would refuse even with CASCADE. */
  readonly held: readonly HeldObject[];
  /** Keys of what depends on a named object, by the key of that object: which of two named ones goes first. */
  readonly dependents: ReadonlyMap<string, ReadonlySet<string>>;
}

interface LinkRow {
  /** Place of the object that was asked about. */
  readonly at: number;
  /** Whether the other end is what the object is a part of. */
  readonly owner: boolean;
  readonly classid: number;
  readonly objid: number;
  readonly sub: number;
  readonly how: string;
}

/** Both directions for many objects at once: what depends on them, and what they are parts of. */
const LINKS = `
SELECT w.at::int4 AS at, l.owner, l.classid, l.objid, l.sub, l.how
  FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.oid[], $3::int4[]) WITH ORDINALITY AS w (classid, objid, sub, at)
 CROSS JOIN LATERAL (
  SELECT false AS owner, d.classid, d.objid, d.objsubid AS sub, d.deptype::text AS how FROM pg_catalog.pg_depend d
   WHERE d.refclassid = w.classid AND d.refobjid = w.objid AND (w.sub = 0 OR d.refobjsubid = w.sub) AND d.deptype <> 'p'
     AND NOT (d.classid = w.classid AND d.objid = w.objid AND w.sub = 0)
  UNION ALL
  SELECT true, d.refclassid, d.refobjid, d.refobjsubid, d.deptype::text FROM pg_catalog.pg_depend d
   WHERE d.classid = w.classid AND d.objid = w.objid AND (w.sub = 0 OR d.objsubid = w.sub) AND d.deptype IN ('i', 'I', 'P', 'S', 'e')
     AND NOT (d.refclassid = w.classid AND d.refobjid = w.objid)
 ) l ORDER BY w.at`;

/** Columns and constraints that the server drops from children without an entry in the dependency catalog. */
const INHERITED = `
SELECT 1259::pg_catalog.oid AS classid, a.attrelid AS objid, a.attnum::int4 AS sub
  FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.oid[], $3::int4[]) AS w (classid, objid, sub)
  JOIN pg_catalog.pg_attribute p ON w.classid = 1259 AND p.attrelid = w.objid AND p.attnum = w.sub AND w.sub > 0
  JOIN pg_catalog.pg_inherits i ON i.inhparent = p.attrelid
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.inhrelid AND a.attname = p.attname AND a.attinhcount = 1 AND NOT a.attislocal
UNION ALL
SELECT 2606, k.oid, 0
  FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.oid[], $3::int4[]) AS w (classid, objid, sub)
  JOIN pg_catalog.pg_constraint p ON w.classid = 2606 AND p.oid = w.objid AND p.contype IN ('c', 'n') AND NOT p.connoinherit
  JOIN pg_catalog.pg_inherits i ON i.inhparent = p.conrelid
  JOIN pg_catalog.pg_constraint k ON k.conrelid = i.inhrelid AND k.contype = p.contype AND k.coninhcount = 1 AND NOT k.conislocal
   AND CASE p.contype WHEN 'c' THEN k.conname = p.conname
       ELSE (SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[1])
          = (SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = p.conrelid AND attnum = p.conkey[1]) END`;

interface Draft {
  readonly address: ObjectAddress;
  readonly how: string;
  readonly named: boolean;
  silently: boolean;
  goesWith: ObjectAddress | null;
  /** ALTER TABLE drops it, which reaches the children too; what falls by itself does not. */
  altered: boolean;
  /** Parts of partitions go with the part of the parent only. */
  isPart: boolean;
  throughParent: boolean;
  firstOwner: ObjectAddress | null;
}

const whole = (address: ObjectAddress): ObjectAddress => ({ ...address, sub: 0 });
const SILENT = new Set(['a', 'i', 'I', 'x', 'P', 'S', 'e']);
const isOfParent = (how: string): boolean => how === 'P' || how === 'S' || how === 'I';

/**
 * What falls when objects are dropped with CASCADE, found as the server finds it (findDependentObjects in its dependency.c): along everything
 * that depends on them, and from a part to what it is a part of.
 */
export async function findFalling(
  session: PgSession,
  named: readonly ObjectAddress[],
  signal: AbortSignal,
): Promise<Falling> {
  const found = new Map<string, Draft>();
  const dependents = new Map<string, Set<string>>();
  const held: HeldObject[] = [];
  let fresh: Draft[] = [];
  const known = (address: ObjectAddress): Draft | undefined =>
    found.get(addressKey(address)) ?? (address.sub === 0 ? undefined : found.get(addressKey(whole(address))));
  const add = (address: ObjectAddress, how: string, isNamed: boolean): Draft => {
    const key = addressKey(address);
    const before = found.get(key);
    if (before) return before;
    const draft: Draft = {
      address,
      how,
      named: isNamed,
      silently: false,
      goesWith: null,
      altered: isNamed,
      isPart: false,
      throughParent: false,
      firstOwner: null,
    };
    found.set(key, draft);
    fresh.push(draft);
    return draft;
  };
  for (const address of named) add(address, '', true);

  while (fresh.length > 0) {
    const round = fresh;
    fresh = [];
    const params = addressParams(round.map(({ address }) => address));
    const altered = round.filter((each) => each.altered);
    const below =
      altered.length === 0
        ? []
        : await session.query<ObjectAddress>(INHERITED, addressParams(altered.map(({ address }) => address)), signal);
    for (const { classid, objid, sub } of below) {
      const child = add({ classid, objid, sub }, 'i', false);
      child.silently = true;
      child.altered = true;
    }
    for (const { at, owner, classid, objid, sub, how } of await session.query<LinkRow>(LINKS, params, signal)) {
      const draft = round[at - 1];
      if (!draft) continue;
      const other: ObjectAddress = { classid, objid, sub };
      if (owner) {
        if (isOfParent(how)) {
          draft.isPart = true;
          draft.firstOwner ??= other;
          const parent = known(other);
          if (parent) draft.throughParent = true;
        } else if (draft.named) {
          if (!known(other)) held.push({ object: draft.address, owner: other });
        } else if (!known(other)) {
          add(other, 'r', false);
          draft.silently = true;
        }
        continue;
      }
      const dependent = add(other, how, false);
      if (SILENT.has(how)) {
        dependent.silently = true;
        dependent.goesWith ??= draft.address;
      }
      if (isOfParent(how)) dependent.throughParent = true;
      const from = addressKey(draft.address);
      dependents.set(from, (dependents.get(from) ?? new Set()).add(addressKey(other)));
    }
  }
  for (const draft of found.values()) {
    const { address, isPart, throughParent, firstOwner } = draft;
    if (isPart && !throughParent && firstOwner !== null && !known(firstOwner))
      held.push({ object: address, owner: firstOwner });
  }
  const objects = [...found.values()]
    .filter(({ address }) => address.sub === 0 || !found.has(addressKey(whole(address))))
    .map(({ address, how, named: isNamed, silently, goesWith }) => ({
      ...address,
      how,
      named: isNamed,
      silently,
      goesWith,
    }));
  return { objects, held, dependents };
}
