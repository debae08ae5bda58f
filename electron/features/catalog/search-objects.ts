import type { FoundObject, ObjectKind, ObjectRef } from '../../../shared/model/catalog';
import type { PgSession } from '../../adapters/postgres/session';
import { insideSearchSql, nameSearchSql } from './objects/search-sql';

export interface Search {
  readonly text: string;
  /** Empty: all. */
  readonly kinds: readonly ObjectKind[];
  /** Looks into bodies, definitions and comments too. */
  readonly inside: boolean;
  readonly showSystem: boolean;
  readonly limit: number;
}

interface NameRow {
  readonly kind: ObjectKind;
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly sub: number;
  readonly note: string;
  readonly mark: string;
  readonly parentKind: ObjectKind | null;
  readonly parentOid: number;
  readonly parentName: string | null;
}

interface InsideRow extends ObjectRef {
  readonly text: string | null;
  readonly line: string | null;
}

/** Longest piece of a line that crosses the bridge. */
const LONGEST_LINE = 500;

const parentOf = ({ parentKind, parentOid, parentName, schema }: NameRow): ObjectRef | null =>
  parentKind === null ? null : { kind: parentKind, oid: parentOid, schema, name: parentName ?? '', sub: 0 };

/** The part of a line around the text. */
function excerpt(line: string, text: string): string {
  const trimmed = line.trim();
  if (trimmed.length <= LONGEST_LINE) return trimmed;
  const at = Math.max(0, trimmed.toLowerCase().indexOf(text) - LONGEST_LINE / 2);
  return `${at > 0 ? '…' : ''}${trimmed.slice(at, at + LONGEST_LINE)}…`;
}

/** Objects of a database whose name (or inside) has a text, whatever its case; the best matches first. `more` when there are others. */
export async function searchObjects(
  session: PgSession,
  search: Search,
  signal: AbortSignal,
): Promise<{ found: FoundObject[]; more: boolean }> {
  const { kinds, showSystem, limit } = search;
  const text = search.text.toLowerCase();
  const sql = nameSearchSql(kinds, session.serverVersionNum);
  const names = sql === null ? [] : await session.query<NameRow>(sql, [text, showSystem, limit + 1, kinds], signal);
  const found = names.map((row): FoundObject => {
    const { kind, oid, schema, name, sub, note, mark } = row;
    return { node: { ref: { kind, oid, schema, name, sub }, note, mark }, parent: parentOf(row), line: '' };
  });
  if (search.inside && found.length <= limit) {
    found.push(...(await searchInside(session, search, text, found, signal)));
  }
  return { found: found.slice(0, limit), more: found.length > limit };
}

/** Bodies, definitions and comments with the text; what was found by its name already is left out. */
async function searchInside(
  session: PgSession,
  { kinds, showSystem, limit }: Search,
  text: string,
  found: readonly FoundObject[],
  signal: AbortSignal,
): Promise<FoundObject[]> {
  const seen = found.map(({ node }) => node.ref);
  const rows = await session.query<InsideRow>(
    insideSearchSql(session.serverVersionNum),
    [
      text,
      showSystem,
      limit - found.length + 1,
      kinds,
      seen.map(({ kind }) => kind),
      seen.map(({ oid }) => oid),
      seen.map(({ sub }) => sub),
    ],
    signal,
  );
  return rows.map(({ kind, oid, schema, name, sub, text: place, line }): FoundObject => {
    const node = { ref: { kind, oid, schema, name, sub }, note: sub > 0 ? (place ?? '') : '', mark: '' };
    return { node, parent: null, line: excerpt(line ?? '', text) };
  });
}
