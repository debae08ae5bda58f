import type { Check } from './check';
import { count, databaseFinding, forDatabases, passed, RELATION_NAME, RELATIONS, scopeOf } from './object-scope';

/**
 * Texts that the target has to understand: views, defaults, checks, index expressions, conditions. Function bodies are left out: they are looked
 * at when they run, not when they are made.
 */
const EXPRESSIONS = `SELECT ${RELATION_NAME} AS item, pg_catalog.pg_get_viewdef(c.oid) AS text FROM ${RELATIONS}
WHERE c.oid = ANY ($1::oid[]) AND c.relkind IN ('v', 'm')
UNION ALL SELECT pg_catalog.format('%s.%I', ${RELATION_NAME}, a.attname), pg_catalog.pg_get_expr(d.adbin, d.adrelid)
FROM ${RELATIONS} JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum WHERE c.oid = ANY ($1::oid[])
UNION ALL SELECT pg_catalog.format('%s: %I', ${RELATION_NAME}, k.conname), pg_catalog.pg_get_constraintdef(k.oid)
FROM ${RELATIONS} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'c' WHERE c.oid = ANY ($1::oid[])
UNION ALL SELECT pg_catalog.format('%I.%I', n.nspname, x.relname), pg_catalog.pg_get_indexdef(i.indexrelid)
FROM ${RELATIONS} JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE c.oid = ANY ($1::oid[])`;
const SYSTEM_FUNCTIONS =
  "SELECT DISTINCT proname AS name FROM pg_catalog.pg_proc WHERE pronamespace = 'pg_catalog'::pg_catalog.regnamespace";
const SYSTEM_RELATIONS =
  "SELECT relname AS name FROM pg_catalog.pg_class WHERE relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND relkind IN ('r', 'v')";

interface Expression extends Record<string, unknown> {
  readonly item: string;
  readonly text: string;
}

/** Words of the grammar as the server writes them back. Source: the release notes of 14 to 17. */
const GRAMMAR: readonly { readonly since: number; readonly word: RegExp; readonly name: string }[] = [
  { since: 13, word: /\bFETCH FIRST .+ WITH TIES\b/, name: 'WITH TIES' },
  { since: 14, word: /\b(?:SEARCH (?:DEPTH|BREADTH) FIRST BY|CYCLE .+ USING)\b/, name: 'SEARCH or CYCLE' },
  { since: 14, word: /\bGROUP BY DISTINCT\b/, name: 'GROUP BY DISTINCT' },
  { since: 14, word: /\b\w+\[[^\]]*'[^\]]*'[^\]]*\]/, name: 'subscripts of jsonb' },
  {
    since: 16,
    word: /\b(?:JSON_ARRAY|JSON_OBJECT|JSON_ARRAYAGG|JSON_OBJECTAGG)\(|\bIS (?:NOT )?JSON\b/,
    name: 'JSON constructors',
  },
  {
    since: 17,
    word: /\b(?:JSON_TABLE|JSON_EXISTS|JSON_QUERY|JSON_VALUE|JSON_SCALAR|JSON_SERIALIZE)\(/,
    name: 'JSON_TABLE and its kind',
  },
];

const QUOTED = /'(?:[^']|'')*'/g;
const CALL = /\b([a-z_][a-z0-9_]*)\(/g;
const WORD = /\b(?:FROM|JOIN)\s+\(*\s*([a-z_][a-z0-9_]*)\b(?!\.)/g;

/** Names of the first list that occur in the text as the pattern's group. */
function namesIn(text: string, pattern: RegExp, names: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  for (const [, name = ''] of text.replaceAll(QUOTED, "''").matchAll(pattern)) if (names.has(name)) found.add(name);
  return [...found];
}

async function missing(context: Parameters<Check['run']>[0], sql: string): Promise<ReadonlySet<string>> {
  const [here, there] = await Promise.all([
    context.source.server.query<{ name: string }>(sql, [], context.signal),
    context.target.server.query<{ name: string }>(sql, [], context.signal),
  ]);
  const known = new Set(there.map(({ name }) => name));
  return new Set(here.map(({ name }) => name).filter((name) => !known.has(name)));
}

interface TextCheck {
  readonly id: string;
  readonly title: string;
  readonly none: string;
  readonly found: (many: number) => string;
  readonly effect: string;
  readonly applies: Check['applies'];
  /** Answers what of it the target lacks in a text. */
  readonly prepare: (context: Parameters<Check['run']>[0]) => Promise<(text: string) => readonly string[]>;
}

const textCheck = (o: TextCheck): Check => ({
  id: o.id,
  step: 'ObjectCheck',
  title: o.title,
  applies: (context) => context.databases.length > 0 && o.applies(context),
  async run(context) {
    const lacks = await o.prepare(context);
    return forDatabases(context, async (database) => {
      const params = [scopeOf(database.plan).relations];
      const texts = await database.source.query<Expression>(EXPRESSIONS, params, context.signal);
      const items = texts.flatMap(({ item, text }) => {
        const names = lacks(text);
        return names.length === 0 ? [] : [`${item}: ${names.join(', ')}`];
      });
      if (items.length === 0) return passed(database, 'source', EXPRESSIONS, o.none);
      return databaseFinding(database, 'source', EXPRESSIONS, items.toSorted(), {
        level: 'warning',
        found: o.found(items.length),
        effect: o.effect,
        remedy:
          'Write them in another way on the source, make a substitute on the target afterwards, or choose another target.',
      });
    });
  },
});

/** Also upwards: servers lose functions now and then. */
const functions = textCheck({
  id: 'system-functions',
  title: 'Functions of the server that the target lacks',
  applies: ({ source, target }) => source.major !== target.major,
  none: 'Views, defaults, checks and indexes call only functions that both servers have',
  found: (many) => `${count(many, 'expression')} calling functions that the target lacks`,
  effect:
    'Views, indexes and checks of this list will not exist on the target; a table with such a default cannot be made.',
  async prepare(context) {
    const names = await missing(context, SYSTEM_FUNCTIONS);
    return (text) => namesIn(text, CALL, names);
  },
});

const catalogs = textCheck({
  id: 'system-views',
  title: 'System catalogs and views that the target lacks',
  applies: ({ source, target }) => source.major !== target.major,
  none: 'Views read only system catalogs that both servers have',
  found: (many) => `${count(many, 'view')} of system catalogs the target lacks`,
  effect: 'These views will not exist on the target.',
  async prepare(context) {
    const names = await missing(context, SYSTEM_RELATIONS);
    return (text) => namesIn(text, WORD, names);
  },
});

const grammar = textCheck({
  id: 'downgrade-grammar',
  title: 'Newer words of SQL',
  applies: ({ source, target }) => GRAMMAR.some(({ since }) => source.major >= since && target.major < since),
  none: 'Views and expressions use only words that the target understands',
  found: (many) => `${count(many, 'expression')} in words that the target does not understand`,
  effect:
    'Views, indexes and checks of this list will not exist on the target; a table with such a default cannot be made.',
  async prepare({ source, target }) {
    const newer = GRAMMAR.filter(({ since }) => source.major >= since && target.major < since);
    return (text) => newer.filter(({ word }) => word.test(text)).map(({ name }) => name);
  },
});

export const DOWNGRADE_EXPRESSION_CHECKS: readonly Check[] = [functions, catalogs, grammar];
