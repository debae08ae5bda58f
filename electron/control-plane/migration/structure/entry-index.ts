import type { StructureEntry } from './entry';
import { definedBy, mainTokens, nameKey, qualifiedAt, referencesOf, tableOf, type Qualified } from './entry-subject';
import { isName, isWord } from './sql-tokens';
import { createTurns } from './turns';

/** Finds the entries of a dump by what they make. */
export interface EntryIndex {
  /** Names of schemas that something of the dump is in. */
  readonly schemas: ReadonlySet<string>;
  byId(id: number): StructureEntry | undefined;
  /** The entries that make an object of this name; several for overloaded functions. */
  definers(schema: string, name: string): readonly StructureEntry[];
  /** Objects without schema that an entry names by keyword: languages, servers, wrappers, access methods. */
  globals(entry: StructureEntry): StructureEntry[];
  /** As `referencesOf`, of these schemas; read once. */
  references(entry: StructureEntry): readonly Qualified[];
  /** As `tableOf`; read once. */
  tableOf(entry: StructureEntry): Qualified | null;
  /** The table that a sequence belongs to; null when to none. */
  ownerOf(sequence: StructureEntry): Qualified | null;
}

/** Their name stands in other statements, they make nothing. */
const NO_DEFINERS =
  /^(?:ACL|CAST|CHECK CONSTRAINT|COMMENT|CONSTRAINT|DEFAULT|DEFAULT ACL|EXTENSION|FK CONSTRAINT|INDEX ATTACH|POLICY|ROW SECURITY|RULE|SECURITY LABEL|SEQUENCE OWNED BY|TABLE ATTACH|TRIGGER)$/;

/** After these words stands the name of an object that is in no schema. */
const GLOBAL_WORDS: Readonly<Record<string, readonly string[]>> = {
  language: ['PROCEDURAL LANGUAGE'],
  server: ['SERVER'],
  wrapper: ['FOREIGN DATA WRAPPER'],
  using: ['ACCESS METHOD'],
  method: ['ACCESS METHOD'],
};

export async function createEntryIndex(entries: readonly StructureEntry[]): Promise<EntryIndex> {
  const ids = new Map<number, StructureEntry>();
  const definers = new Map<string, StructureEntry[]>();
  const globals = new Map<string, StructureEntry>();
  const owners = new Map<string, Qualified>();
  const schemas = new Set<string>(['public']);
  const add = (at: Qualified, entry: StructureEntry): void => {
    schemas.add(at.schema);
    const key = nameKey(at.schema, at.name);
    const known = definers.get(key);
    if (known) known.push(entry);
    else definers.set(key, [entry]);
  };
  const turn = createTurns();
  for (const entry of entries) {
    await turn();
    if (entry.origin.id > 0) ids.set(entry.origin.id, entry);
    if (entry.kind === 'SCHEMA') schemas.add(entry.name);
    if (/^(?:PROCEDURAL LANGUAGE|SERVER|FOREIGN DATA WRAPPER|ACCESS METHOD)$/.test(entry.kind))
      globals.set(`${entry.kind} ${entry.name}`, entry);
    if (entry.kind === 'SEQUENCE OWNED BY' || isIdentity(entry)) {
      const pair = ownership(entry);
      if (pair) owners.set(nameKey(pair.sequence.schema, pair.sequence.name), pair.table);
      if (pair && isIdentity(entry)) add(pair.sequence, entry);
      continue;
    }
    if (NO_DEFINERS.test(entry.kind)) {
      // A constraint has an index of its name, which an index of a parent may be attached to.
      const index = entry.kind === 'CONSTRAINT' ? definedBy(entry) : null;
      if (index) add(index, entry);
      continue;
    }
    const defined = definedBy(entry);
    if (defined) add(defined, entry);
  }
  return {
    schemas,
    byId: (id) => ids.get(id),
    definers: (schema, name) => definers.get(nameKey(schema, name)) ?? [],
    globals(entry) {
      const found: StructureEntry[] = [];
      if (globals.size === 0) return found;
      const tokens = mainTokens(entry);
      for (const [at, token] of tokens.entries()) {
        const name = tokens[at + 1];
        if (token.kind !== 'word' || !isName(name)) continue;
        for (const kind of GLOBAL_WORDS[token.value] ?? []) {
          const global = globals.get(`${kind} ${name.value}`);
          if (global && global !== entry) found.push(global);
        }
      }
      return found;
    },
    references: once((entry) => referencesOf(entry, schemas)),
    tableOf: once(tableOf),
    ownerOf(sequence) {
      const defined = isIdentity(sequence) ? ownership(sequence)?.sequence : definedBy(sequence);
      return defined ? (owners.get(nameKey(defined.schema, defined.name)) ?? null) : null;
    },
  };
}

function once<T>(read: (entry: StructureEntry) => T): (entry: StructureEntry) => T {
  const known = new Map<StructureEntry, { readonly value: T }>();
  return (entry) => {
    const found = known.get(entry) ?? { value: read(entry) };
    known.set(entry, found);
    return found.value;
  };
}

/** The sequence of an identity column is made by altering its table. */
const isIdentity = (entry: StructureEntry): boolean =>
  entry.kind === 'SEQUENCE' && isWord(mainTokens(entry)[0], 'alter');

/** `ALTER SEQUENCE s.q OWNED BY s.t.c`, or `ALTER TABLE s.t … ADD GENERATED … ( SEQUENCE NAME s.q …`. */
function ownership(entry: StructureEntry): { readonly sequence: Qualified; readonly table: Qualified } | null {
  const tokens = mainTokens(entry);
  const first = qualifiedAt(tokens, 0);
  const identity = isIdentity(entry);
  const word = tokens.findIndex((token, at) =>
    identity
      ? isWord(token, 'sequence') && isWord(tokens[at + 1], 'name')
      : isWord(token, 'owned') && isWord(tokens[at + 1], 'by'),
  );
  const second = word < 0 ? null : qualifiedAt(tokens, word);
  if (!first || !second) return null;
  return identity ? { sequence: second, table: first } : { sequence: first, table: second };
}
