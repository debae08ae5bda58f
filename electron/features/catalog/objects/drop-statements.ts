import { AppError, errorInfo } from '../../../../shared/errors';
import type { ObjectKind, ObjectRef, Statement } from '../../../../shared/model/catalog';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { gone } from '../catalog-reader';
import { addressOf, addressParams } from './object-address';

const INTERNAL_ERROR = 'XX000';

/** One object as the server names it. */
interface NameRow {
  /** `type` of pg_identify_object. */
  readonly type: string | null;
  /** Name with arguments and schema, quoted by the server. */
  readonly identity: string | null;
  readonly names: readonly string[] | null;
  readonly args: readonly string[] | null;
  readonly domain: string | null;
  readonly relation: string | null;
}

const NAMES = `
SELECT i.type, i.identity, i.names, i.args,
       (SELECT k.contypid::pg_catalog.regtype::text FROM pg_catalog.pg_constraint k WHERE w.classid = 2606 AND k.oid = w.objid AND k.contypid <> 0) AS domain,
       (SELECT c.relkind::text FROM pg_catalog.pg_class c WHERE c.oid = coalesce(CASE WHEN w.classid = 1259 THEN w.objid END,
          (SELECT k.conrelid FROM pg_catalog.pg_constraint k WHERE w.classid = 2606 AND k.oid = w.objid))) AS relation
  FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.oid[], $3::int4[]) WITH ORDINALITY AS w (classid, objid, sub, at)
  LEFT JOIN LATERAL (
    SELECT o.type, o.identity, a.object_names AS names, a.object_args AS args
      FROM pg_catalog.pg_identify_object(w.classid, w.objid, w.sub) o, pg_catalog.pg_identify_object_as_address(w.classid, w.objid, w.sub) a
  ) i ON true ORDER BY w.at`;

/** `group` joins neighbours into one statement; null stands alone. */
interface Phrase {
  readonly group: string | null;
  /** What stands before the list of names, and what each object adds to it. */
  readonly head: string;
  readonly item: string;
  readonly outside?: true;
  readonly noCascade?: true;
}

/** Kinds that `DROP <words> name, name` takes, by the words. */
const LISTED: Readonly<Partial<Record<ObjectKind, string>>> = {
  schema: 'SCHEMA',
  table: 'TABLE',
  'foreign-table': 'FOREIGN TABLE',
  view: 'VIEW',
  'materialized-view': 'MATERIALIZED VIEW',
  sequence: 'SEQUENCE',
  index: 'INDEX',
  function: 'FUNCTION',
  'trigger-function': 'FUNCTION',
  procedure: 'PROCEDURE',
  type: 'TYPE',
  domain: 'DOMAIN',
  collation: 'COLLATION',
  conversion: 'CONVERSION',
  operator: 'OPERATOR',
  'text-search-configuration': 'TEXT SEARCH CONFIGURATION',
  'text-search-dictionary': 'TEXT SEARCH DICTIONARY',
  'text-search-parser': 'TEXT SEARCH PARSER',
  'text-search-template': 'TEXT SEARCH TEMPLATE',
  'statistics-object': 'STATISTICS',
  extension: 'EXTENSION',
  'access-method': 'ACCESS METHOD',
  'event-trigger': 'EVENT TRIGGER',
  'foreign-data-wrapper': 'FOREIGN DATA WRAPPER',
  'foreign-server': 'SERVER',
  publication: 'PUBLICATION',
};

const nameAt = (row: NameRow, at: number): string => row.names?.[at] ?? '';

/** ALTER of the relation or domain that a part is dropped from. */
function alterPart(row: NameRow, part: string): Phrase {
  const relation = quoteQualified(nameAt(row, 0), nameAt(row, 1));
  const what = row.relation === 'f' ? 'FOREIGN TABLE' : 'TABLE';
  return { group: relation, head: `ALTER ${what} ${relation}`, item: `DROP ${part} ${quoteIdent(nameAt(row, 2))}` };
}

function phraseOf(object: ObjectRef, row: NameRow, force: boolean): Phrase {
  const identity = row.identity ?? '';
  const listed = LISTED[object.kind];
  if (listed !== undefined) return { group: listed, head: `DROP ${listed}`, item: identity };
  const alone = (words: string): Phrase => ({ group: null, head: `DROP ${words}`, item: '' });
  switch (object.kind) {
    case 'aggregate':
      return { group: 'AGGREGATE', head: 'DROP AGGREGATE', item: identity.replace(/\(\)$/, '(*)') };
    case 'column':
      return alterPart(row, 'COLUMN');
    case 'constraint':
      if (row.domain === null) return alterPart(row, 'CONSTRAINT');
      return { group: null, head: `ALTER DOMAIN ${row.domain}`, item: `DROP CONSTRAINT ${quoteIdent(object.name)}` };
    case 'trigger':
    case 'rule':
    case 'policy': {
      const on = quoteQualified(nameAt(row, 0), nameAt(row, 1));
      return alone(`${object.kind.toUpperCase()} ${quoteIdent(nameAt(row, 2))} ON ${on}`);
    }
    case 'operator-class':
    case 'operator-family': {
      const what = object.kind === 'operator-class' ? 'OPERATOR CLASS' : 'OPERATOR FAMILY';
      return alone(`${what} ${quoteQualified(nameAt(row, 1), nameAt(row, 2))} USING ${quoteIdent(nameAt(row, 0))}`);
    }
    case 'cast':
      return alone(`CAST ${identity}`);
    case 'transform':
      // The type is as SQL writes it; the language is not.
      return alone(`TRANSFORM FOR ${nameAt(row, 0)} LANGUAGE ${quoteIdent(row.args?.[0] ?? '')}`);
    case 'language':
      return alone(`LANGUAGE ${identity}`);
    case 'user-mapping':
      return {
        ...alone(`USER MAPPING FOR ${quoteIdent(nameAt(row, 0))} SERVER ${quoteIdent(row.args?.[0] ?? '')}`),
        noCascade: true,
      };
    case 'role':
      return { group: 'ROLE', head: 'DROP ROLE', item: identity, noCascade: true };
    case 'tablespace':
      return { ...alone(`TABLESPACE ${identity}`), outside: true, noCascade: true };
    case 'database':
      return { ...alone(`DATABASE ${identity}${force ? ' WITH (FORCE)' : ''}`), outside: true, noCascade: true };
    case 'subscription':
      // Its slot at the publisher goes too, which can't be taken back.
      return { ...alone(`SUBSCRIPTION ${identity}`), outside: true };
    default:
      throw new AppError({ code: 'unsupported', message: `A ${object.kind} can't be dropped` });
  }
}

/** DROP statements of objects in the order given; neighbours that one statement can take are joined. Fails with `not-found`. */
export async function dropStatements(
  session: PgSession,
  objects: readonly ObjectRef[],
  how: { readonly cascade: boolean; readonly force: boolean },
  signal: AbortSignal,
): Promise<Statement[]> {
  const rows = await session
    .query<NameRow>(NAMES, addressParams(objects.map(addressOf)), signal)
    .catch((error: unknown) => {
      // How servers before 14 say that there is no such object.
      if (errorInfo(error).sqlstate === INTERNAL_ERROR && objects[0]) throw gone(objects[0]);
      throw error;
    });
  const statements: { phrase: Phrase; items: string[] }[] = [];
  objects.forEach((object, at) => {
    const row = rows[at];
    if (!row || row.identity === null) throw gone(object);
    const phrase = phraseOf(object, row, how.force && session.serverVersionNum >= 130_000);
    const last = statements.at(-1);
    if (last && phrase.group !== null && last.phrase.head === phrase.head) last.items.push(phrase.item);
    else statements.push({ phrase, items: [phrase.item] });
  });
  return statements.map(({ phrase, items }): Statement => {
    const cascade = how.cascade && phrase.noCascade !== true ? ' CASCADE' : '';
    const sql = phrase.head.startsWith('ALTER')
      ? `${phrase.head} ${items.map((item) => `${item}${cascade}`).join(', ')}`
      : `${[phrase.head, items.join(', ')].filter(Boolean).join(' ').trimEnd()}${cascade}`;
    return phrase.outside === true ? { sql, outside: true } : { sql };
  });
}
