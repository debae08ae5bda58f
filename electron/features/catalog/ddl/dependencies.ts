import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import type { Piece } from './piece';
import { shellId } from './type-ddl';

interface DependRow {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
}

/** Dependencies between things that people made; ids as pieces have them. */
const DEPENDS = `
SELECT DISTINCT d.classid::pg_catalog.regclass::text || ':' || d.objid AS "from", d.refclassid::pg_catalog.regclass::text || ':' || d.refobjid AS "to",
       d.deptype::text AS kind
  FROM pg_catalog.pg_depend d WHERE d.objid >= 16384 AND d.refobjid >= 16384`;

interface AliasRow {
  readonly id: string;
  readonly to: readonly string[];
}

/** What stands for things that have no piece of their own; the first that has one is taken. */
const aliases = (parents: string, multirange: string): string => `
SELECT 'pg_attrdef:' || oid AS id, ARRAY['default:' || adrelid || '.' || adnum, 'pg_class:' || adrelid] AS "to" FROM pg_catalog.pg_attrdef
UNION ALL SELECT 'pg_rewrite:' || oid, ARRAY['pg_class:' || ev_class] FROM pg_catalog.pg_rewrite WHERE rulename = '_RETURN' AND oid >= 16384
UNION ALL SELECT 'pg_type:' || t.oid, ARRAY['pg_class:' || t.typrelid] FROM pg_catalog.pg_type t
   JOIN pg_catalog.pg_class c ON c.oid = t.typrelid WHERE c.relkind <> 'c' AND t.oid >= 16384
UNION ALL SELECT 'pg_class:' || c.oid, ARRAY['pg_type:' || c.reltype] FROM pg_catalog.pg_class c WHERE c.relkind = 'c' AND c.oid >= 16384
UNION ALL SELECT 'pg_type:' || t.typarray, ARRAY['pg_type:' || t.oid, 'pg_class:' || t.typrelid] FROM pg_catalog.pg_type t WHERE t.typarray >= 16384
UNION ALL SELECT 'pg_class:' || c.conindid, ARRAY['pg_constraint:' || c.oid] FROM pg_catalog.pg_constraint c
   WHERE c.contype IN ('p', 'u', 'x') AND c.conindid >= 16384
${parents}UNION ALL SELECT 'pg_constraint:' || t.tgconstraint, ARRAY['pg_trigger:' || t.oid] FROM pg_catalog.pg_trigger t
   WHERE t.tgconstraint <> 0 AND NOT t.tgisinternal
UNION ALL SELECT 'pg_constraint:' || c.oid, ARRAY['pg_class:' || c.conrelid, 'pg_type:' || c.contypid] FROM pg_catalog.pg_constraint c WHERE c.oid >= 16384
UNION ALL SELECT 'pg_class:' || d.objid, ARRAY['pg_class:' || d.refobjid] FROM pg_catalog.pg_depend d
   JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
   WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = d.classid AND d.deptype = 'i'
UNION ALL SELECT d.classid::pg_catalog.regclass::text || ':' || d.objid, ARRAY['pg_extension:' || d.refobjid] FROM pg_catalog.pg_depend d
   WHERE d.deptype = 'e'
UNION ALL SELECT d.classid::pg_catalog.regclass::text || ':' || d.objid, ARRAY[CASE d.refclassid WHEN 'pg_catalog.pg_opclass'::pg_catalog.regclass
     THEN 'pg_opclass:' ELSE 'loose:' END || d.refobjid] FROM pg_catalog.pg_depend d
   WHERE d.classid IN ('pg_catalog.pg_amop'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass)
     AND d.refclassid IN ('pg_catalog.pg_opclass'::pg_catalog.regclass, 'pg_catalog.pg_opfamily'::pg_catalog.regclass)${multirange}`;

/** What comes with the constraint of a partitioned parent. */
const PARENTS = `UNION ALL SELECT 'pg_constraint:' || c.oid, ARRAY['pg_constraint:' || c.conparentid] FROM pg_catalog.pg_constraint c
   WHERE c.conparentid <> 0
`;

const ALIASES: VersionedSql = {
  100000: aliases('', ''),
  110000: aliases(PARENTS, ''),
  140000: aliases(
    PARENTS,
    `
UNION ALL SELECT 'pg_type:' || r.rngmultitypid, ARRAY['pg_type:' || r.rngtypid] FROM pg_catalog.pg_range r WHERE r.rngmultitypid >= 16384
UNION ALL SELECT 'pg_type:' || m.typarray, ARRAY['pg_type:' || r.rngtypid] FROM pg_catalog.pg_range r
   JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid WHERE m.typarray >= 16384`,
  ),
};

/** Longest chain of aliases: one step for each level of partitions. */
const LONGEST = 32;

const unqualified = (id: string): string => id.replace(/^pg_catalog\./, '');

/** What each piece needs, by the catalogs. */
export async function readNeeds(
  session: PgSession,
  pieces: readonly Piece[],
  signal: AbortSignal,
): Promise<Map<string, Set<string>>> {
  const known = new Set(pieces.map((piece) => piece.id));
  const aliasOf = new Map<string, readonly string[]>();
  for (const { id, to } of await session.query<AliasRow>(sqlFor(ALIASES, session.serverVersionNum), [], signal)) {
    const key = unqualified(id);
    aliasOf.set(key, [...(aliasOf.get(key) ?? []), ...to]);
  }
  const resolve = (id: string, depth = 0): string | null => {
    if (known.has(id)) return id;
    if (depth > LONGEST) return null;
    for (const each of aliasOf.get(id) ?? []) {
      const found = resolve(each, depth + 1);
      if (found !== null) return found;
    }
    return null;
  };
  const needs = new Map<string, Set<string>>();
  const need = (from: string, to: string): void => {
    const set = needs.get(from) ?? new Set();
    needs.set(from, set.add(to));
  };
  for (const row of await session.query<DependRow>(DEPENDS, [], signal)) {
    const from = resolve(unqualified(row.from));
    const to = resolve(unqualified(row.to));
    if (from === null || to === null || from === to) continue;
    // OWNED BY is a piece of its own.
    if (row.kind === 'a' && known.has(`owned:${from.slice('pg_class:'.length)}`)) continue;
    need(from, to);
  }
  preferShells(needs, known);
  addParts(needs, pieces);
  return needs;
}

/** The functions that make a base type need only its shell. */
function preferShells(needs: Map<string, Set<string>>, known: ReadonlySet<string>): void {
  for (const [type, functions] of needs) {
    const shell = type.startsWith('pg_type:') ? shellId(Number(type.slice('pg_type:'.length))) : '';
    if (!known.has(shell)) continue;
    for (const each of functions) {
      const back = needs.get(each);
      if (back?.delete(type)) back.add(shell);
    }
  }
}

/** Keys and indexes of a partition and of its parent are made after the two are tied together, so that none is made twice. */
function addParts(needs: Map<string, Set<string>>, pieces: readonly Piece[]): void {
  const attachments = new Map<string, Piece[]>();
  for (const piece of pieces) {
    if (!piece.id.startsWith('attach:')) continue;
    for (const table of piece.needs) attachments.set(table, [...(attachments.get(table) ?? []), piece]);
  }
  for (const piece of pieces) {
    if (piece.relation === undefined || piece.id.startsWith('attach:') || piece.id.startsWith('default:')) continue;
    for (const attachment of attachments.get(`pg_class:${piece.relation}`) ?? []) {
      const set = needs.get(piece.id) ?? new Set();
      needs.set(piece.id, set.add(attachment.id));
    }
  }
}
