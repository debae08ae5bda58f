import type { StructureEntry } from './entry';
import type { EntryIndex } from './entry-index';
import { mainTokens, referencesOf } from './entry-subject';
import { isName, isWord } from './sql-tokens';
import { createTurns } from './turns';

const OWN_METHODS = new Set(['btree', 'hash', 'gist', 'gin', 'spgist', 'brin', 'heap']);
/** They bring default operator classes, which no statement names. */
const UNNAMED: Readonly<Record<string, string>> = { gist: 'btree_gist', gin: 'btree_gin' };

/** The schema that an extension's objects are in; null when the statement does not say. */
export function extensionSchema(extension: StructureEntry): string | null {
  const tokens = mainTokens(extension);
  const at = tokens.findIndex((token) => isWord(token, 'schema'));
  const name = tokens[at + 1];
  return at >= 0 && isName(name) ? name.value : null;
}

/**
 * The extensions that chosen entries may need. Members of an extension are not in the dump, so a name in its schema that nothing in the dump
 * makes may be one of them; languages, wrappers and access methods are matched by name.
 */
export async function neededExtensions(
  chosen: readonly StructureEntry[],
  index: EntryIndex,
  all: readonly StructureEntry[],
): Promise<Set<StructureEntry>> {
  const extensions = all.filter(({ kind }) => kind === 'EXTENSION');
  if (extensions.length === 0) return new Set();
  const foreign = new Set<string>();
  const named = new Set<string>();
  let unknownMethod = false;
  const schemas = new Set([...index.schemas, ...extensions.map((extension) => extensionSchema(extension) ?? '')]);
  const turn = createTurns();
  for (const entry of chosen) {
    await turn();
    for (const { schema, name } of referencesOf(entry, schemas))
      if (index.definers(schema, name).length === 0) foreign.add(schema);
    const tokens = mainTokens(entry);
    for (const [at, token] of tokens.entries()) {
      const name = tokens[at + 1];
      if (!isName(name)) continue;
      if (isWord(token, 'language', 'wrapper')) named.add(name.value);
      if (!isWord(token, 'using') || (entry.kind !== 'INDEX' && entry.kind !== 'CONSTRAINT')) continue;
      const unnamed = UNNAMED[name.value];
      if (unnamed !== undefined) named.add(unnamed);
      if (!OWN_METHODS.has(name.value)) unknownMethod = true;
    }
  }
  return new Set(
    extensions.filter((extension) => {
      const schema = extensionSchema(extension);
      return (
        schema === null ||
        foreign.has(schema) ||
        unknownMethod ||
        [...named].some((name) => name === extension.name || name.startsWith(`${extension.name}_`))
      );
    }),
  );
}
