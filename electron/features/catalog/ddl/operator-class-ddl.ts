import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { commentStatement, joinStatements, PHASE, pieceObject, type Piece } from './piece';
import type { Scope } from './scope';

/** An operator or support function of a class or family, as SQL. */
interface Members {
  readonly operators: readonly {
    readonly strategy: number;
    readonly schema: string;
    readonly name: string;
    readonly left: string;
    readonly right: string;
    /** Family that sorts its results; null for search operators. */
    readonly sort: { readonly schema: string; readonly name: string } | null;
  }[];
  readonly functions: readonly {
    readonly number: number;
    readonly schema: string;
    readonly name: string;
    readonly types: string;
    readonly left: string;
    readonly right: string;
  }[];
}

/** SQL expression: members that the dependencies give to a class or family, as JSON. */
const membersJson = (catalog: string): string => `pg_catalog.json_build_object(
  'operators', coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('strategy', m.amopstrategy, 'schema', x.nspname, 'name', p.oprname,
      'left', pg_catalog.format_type(m.amoplefttype, NULL), 'right', pg_catalog.format_type(m.amoprighttype, NULL),
      'sort', (SELECT pg_catalog.json_build_object('schema', fn.nspname, 'name', f.opfname) FROM pg_catalog.pg_opfamily f
         JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace WHERE f.oid = m.amopsortfamily))
      ORDER BY m.amopstrategy, m.amoplefttype, m.amoprighttype)
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_amop m ON m.oid = d.objid JOIN pg_catalog.pg_operator p ON p.oid = m.amopopr
    JOIN pg_catalog.pg_namespace x ON x.oid = p.oprnamespace
    WHERE d.classid = 'pg_catalog.pg_amop'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.${catalog}'::pg_catalog.regclass
      AND d.refobjid = o.oid), '[]'::json),
  'functions', coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('number', m.amprocnum, 'schema', x.nspname, 'name', p.proname,
      'types', pg_catalog.oidvectortypes(p.proargtypes), 'left', pg_catalog.format_type(m.amproclefttype, NULL),
      'right', pg_catalog.format_type(m.amprocrighttype, NULL)) ORDER BY m.amprocnum, m.amproclefttype, m.amprocrighttype)
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_amproc m ON m.oid = d.objid JOIN pg_catalog.pg_proc p ON p.oid = m.amproc
    JOIN pg_catalog.pg_namespace x ON x.oid = p.pronamespace
    WHERE d.classid = 'pg_catalog.pg_amproc'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.${catalog}'::pg_catalog.regclass
      AND d.refobjid = o.oid), '[]'::json)) AS members`;

const memberLines = ({ operators, functions }: Members): string[] => [
  ...operators.map(({ strategy, schema, name, left, right, sort }) => {
    const order = sort ? ` FOR ORDER BY ${quoteQualified(sort.schema, sort.name)}` : '';
    return `OPERATOR ${strategy} ${quoteIdent(schema)}.${name} (${left}, ${right})${order}`;
  }),
  ...functions.map(
    ({ number, schema, name, types, left, right }) =>
      `FUNCTION ${number} (${left}, ${right}) ${quoteQualified(schema, name)}(${types})`,
  ),
];

interface ClassRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly method: string;
  readonly type: string;
  readonly storage: string | null;
  readonly isDefault: boolean;
  readonly family: { readonly schema: string; readonly name: string };
  readonly members: Members;
  readonly comment: string | null;
}

const CLASSES = `
SELECT o.oid, n.nspname AS schema, o.opcname AS name, pg_catalog.pg_get_userbyid(o.opcowner) AS owner, a.amname AS method,
       pg_catalog.format_type(o.opcintype, NULL) AS type, CASE WHEN o.opckeytype <> 0 THEN pg_catalog.format_type(o.opckeytype, NULL) END AS storage,
       o.opcdefault AS "isDefault", pg_catalog.json_build_object('schema', fn.nspname, 'name', f.opfname) AS family, ${membersJson('pg_opclass')},
       pg_catalog.obj_description(o.oid, 'pg_opclass') AS comment
  FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace JOIN pg_catalog.pg_am a ON a.oid = o.opcmethod
  JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace`;

export async function operatorClassPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const sql = `${CLASSES} WHERE ${scope.where('pg_opclass')} ORDER BY 2, 3, 5`;
  const rows = await session.query<ClassRow>(sql, scope.params, signal);
  return rows.map((row) => {
    const name = quoteQualified(row.schema, row.name);
    const method = quoteIdent(row.method);
    const lines = memberLines(row.members);
    // A class says something; the type that it stores is the one thing that every class has.
    if (row.storage !== null || lines.length === 0) lines.unshift(`STORAGE ${row.storage ?? row.type}`);
    const target = `OPERATOR CLASS ${name} USING ${method}`;
    const create = `CREATE OPERATOR CLASS ${name}
    ${row.isDefault ? 'DEFAULT ' : ''}FOR TYPE ${row.type} USING ${method} FAMILY ${quoteQualified(row.family.schema, row.family.name)} AS
    ${lines.join(',\n    ')};`;
    return {
      id: `pg_opclass:${row.oid}`,
      object: pieceObject('operator-class', row.schema, `${row.name} USING ${row.method}`),
      phase: PHASE.operator + 2,
      name: target,
      sql: joinStatements(create, [
        `ALTER ${target} OWNER TO ${quoteIdent(row.owner)};`,
        ...commentStatement(target, row.comment),
      ]),
      needs: [],
    };
  });
}

interface FamilyRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly method: string;
  readonly members: Members;
  readonly comment: string | null;
}

const FAMILIES = `
SELECT o.oid, n.nspname AS schema, o.opfname AS name, pg_catalog.pg_get_userbyid(o.opfowner) AS owner, a.amname AS method,
       ${membersJson('pg_opfamily')}, pg_catalog.obj_description(o.oid, 'pg_opfamily') AS comment
  FROM pg_catalog.pg_opfamily o JOIN pg_catalog.pg_namespace n ON n.oid = o.opfnamespace JOIN pg_catalog.pg_am a ON a.oid = o.opfmethod`;

/** A family, and as a piece of its own the members that belong to none of its classes: they come after the classes. */
export async function operatorFamilyPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const sql = `${FAMILIES} WHERE ${scope.where('pg_opfamily')} ORDER BY 2, 3, 5`;
  const rows = await session.query<FamilyRow>(sql, scope.params, signal);
  return rows.flatMap((row): Piece[] => {
    const target = `OPERATOR FAMILY ${quoteQualified(row.schema, row.name)} USING ${quoteIdent(row.method)}`;
    const object = pieceObject('operator-family', row.schema, `${row.name} USING ${row.method}`);
    const id = `pg_opfamily:${row.oid}`;
    const family: Piece = {
      id,
      object,
      phase: PHASE.operator,
      name: target,
      sql: [
        `CREATE ${target};`,
        `ALTER ${target} OWNER TO ${quoteIdent(row.owner)};`,
        ...commentStatement(target, row.comment),
      ].join('\n'),
      needs: [],
    };
    return [family, ...loosePieces(row, target, object)];
  });
}

/** Members that people added to families of the server or of an extension. */
export async function addedMemberPieces(session: PgSession, signal: AbortSignal): Promise<Piece[]> {
  const added = (catalog: string): string =>
    `SELECT d.refobjid FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND d.objid >= 16384
        AND d.refclassid = 'pg_catalog.pg_opfamily'::pg_catalog.regclass`;
  const rows = await session.query<FamilyRow>(
    `${FAMILIES} WHERE o.oid < 16384 AND o.oid IN (${added('pg_amop')} UNION ALL ${added('pg_amproc')}) ORDER BY 2, 3, 5`,
    [],
    signal,
  );
  return rows.flatMap((row) => {
    const target = `OPERATOR FAMILY ${quoteQualified(row.schema, row.name)} USING ${quoteIdent(row.method)}`;
    return loosePieces(row, target, pieceObject('operator-family', row.schema, `${row.name} USING ${row.method}`));
  });
}

const loosePieces = (row: FamilyRow, target: string, object: Piece['object']): Piece[] => {
  const lines = memberLines(row.members);
  return lines.length === 0
    ? []
    : [
        {
          id: `loose:${row.oid}`,
          object,
          phase: PHASE.operator + 4,
          name: target,
          sql: `ALTER ${target} ADD\n    ${lines.join(',\n    ')};`,
          needs: [`pg_opfamily:${row.oid}`],
        },
      ];
};
