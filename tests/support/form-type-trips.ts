import type { ObjectRef } from '../../shared/model/catalog';
import type { FormState } from '../../shared/model/form';
import { EVIL, EVIL_AGAIN, EVIL_TEXT, KEEPER, MOVES, NAMED, OWNER, PUBLIC, SCHEMA } from './form-code-ground';
import { rowsOf, type Trip } from './form-trip';

const attribute = (id: string, name: string, type: string, given: FormState = {}) => ({
  id,
  name,
  type,
  collation: '',
  comment: '',
  ...given,
});
const check = (id: string, name: string, expression: string, given: FormState = {}) => ({
  id,
  name,
  expression,
  notValid: false,
  comment: '',
  ...given,
});

/** As the server sorts names. */
const byName = (left: FormState, right: FormState): number =>
  JSON.stringify(left['name']) < JSON.stringify(right['name']) ? -1 : 1;

const privileges = [KEEPER('USAGE')];
const TYPE_MOVES: readonly FormState[] = [...MOVES, { privileges: [PUBLIC('USAGE')] }];

export const typeTrips = (major: number): Trip[] => [
  {
    kind: 'type',
    variant: 'composite',
    parent: SCHEMA,
    given: {
      ...NAMED,
      privileges,
      attributes: [
        attribute('1', 'First', 'numeric(5,2)', { comment: EVIL_TEXT }),
        attribute('2', 'select', 'text', { collation: 'pg_catalog."C"' }),
        attribute('3', EVIL, 'fx.mood[]'),
      ],
    },
    edits: [
      {
        // The ids are the server's: attributes change places, one goes, one comes.
        attributes: [
          attribute('a1', 'select', 'numeric(9,3)'),
          attribute('a2', 'First', 'text', { comment: 'c' }),
          attribute('new', EVIL, 'fx.pair', { comment: 'new' }),
        ],
      },
      ...TYPE_MOVES,
    ],
    stays: ['attributes'],
  },
  { kind: 'type', variant: 'composite', parent: SCHEMA, given: { ...NAMED, name: 'nothing in it' }, edits: [] },
  {
    kind: 'type',
    variant: 'enum',
    parent: SCHEMA,
    given: {
      ...NAMED,
      name: `${EVIL}enum`,
      privileges,
      values: [
        { id: '1', label: "it's" },
        { id: '2', label: EVIL_TEXT.slice(0, 20) },
      ],
    },
    edits: [
      (now) => {
        const [first, second] = rowsOf(now, 'values');
        return {
          values: [
            { id: 'n1', label: 'before all' },
            { id: 'n2', label: "and 'then" },
            // They change names with each other.
            { ...first, label: second?.['label'] },
            { id: 'n3', label: EVIL_AGAIN },
            { ...second, label: first?.['label'] },
            { id: 'n4', label: 'last' },
          ],
        };
      },
      ...TYPE_MOVES,
    ],
    stays: ['values'],
  },
  {
    kind: 'type',
    variant: 'enum',
    parent: SCHEMA,
    given: { ...NAMED, name: 'no values' },
    edits: [
      {
        values: [
          { id: 'n1', label: 'a' },
          { id: 'n2', label: 'b' },
        ],
      },
    ],
    stays: ['values'],
  },
  {
    kind: 'type',
    variant: 'range',
    parent: SCHEMA,
    given: {
      ...NAMED,
      name: 'stepped',
      subtype: 'integer',
      canonical: 'fx.canon',
      ...(major < 14 ? {} : { multirange: 'steps' }),
    },
    edits: [],
  },
  {
    kind: 'type',
    variant: 'range',
    parent: SCHEMA,
    given: {
      ...NAMED,
      name: `${EVIL}range`,
      privileges,
      subtype: 'text',
      operatorClass: 'pg_catalog.text_pattern_ops',
      collation: 'pg_catalog."C"',
      ...(major < 14 ? {} : { multirange: EVIL_AGAIN.slice(0, 6) }),
    },
    edits: [...TYPE_MOVES],
  },
  {
    kind: 'type',
    variant: 'range',
    parent: SCHEMA,
    given: {
      ...NAMED,
      name: 'numbers',
      subtype: 'integer',
      difference: 'pg_catalog.int4range_subdiff',
      ...(major < 14 ? {} : { multirange: 'numberses' }),
    },
    edits: [],
  },
  {
    kind: 'type',
    variant: 'base',
    parent: SCHEMA,
    given: {
      ...NAMED,
      name: 'raw',
      privileges,
      input: 'fx.raw_in',
      output: 'fx.raw_out',
      receive: 'fx.raw_recv',
      modifierInput: 'pg_catalog.varchartypmodin',
      modifierOutput: 'pg_catalog.varchartypmodout',
      length: -1,
      storage: 'EXTENDED',
      alignment: 'double',
      category: 'S',
      preferred: true,
      hasDefault: true,
      default: EVIL_TEXT,
      delimiter: ';',
      collatable: true,
    },
    edits: [
      ...(major < 13
        ? []
        : [{ send: 'fx.raw_send' }, { receive: '' }, { modifierInput: '', modifierOutput: '' }, { storage: 'MAIN' }]),
      ...TYPE_MOVES,
    ],
  },
  {
    kind: 'type',
    variant: 'shell',
    parent: SCHEMA,
    given: { name: EVIL_AGAIN.slice(0, 9) },
    edits: [{ owner: OWNER }],
  },
  {
    kind: 'domain',
    parent: SCHEMA,
    given: {
      ...NAMED,
      name: `${EVIL}domain`,
      privileges,
      baseType: 'character varying(12)',
      collation: 'pg_catalog."C"',
      default: "'it''s'::character varying",
      notNull: true,
      checks: [
        check('1', 'a', "((VALUE)::text <> 'x''y'::text)", { comment: EVIL_TEXT }),
        check('2', EVIL, "((VALUE)::text <> 'b'::text)", { notValid: true }),
      ],
    },
    edits: [
      { default: '' },
      { notNull: false },
      (now) => {
        const [first, second] = rowsOf(now, 'checks');
        return {
          checks: [
            { ...first, name: second?.['name'], comment: '' },
            { ...second, name: first?.['name'], notValid: false, comment: EVIL_TEXT },
            check('n1', EVIL_AGAIN, "((VALUE)::text <> 'c'::text)", { notValid: true, comment: 'new' }),
          ].toSorted(byName),
        };
      },
      (now) => ({
        checks: rowsOf(now, 'checks')
          .slice(1)
          .map((row) => ({ ...row, expression: "((VALUE)::text <> 'd'::text)" })),
      }),
      ...TYPE_MOVES,
    ],
    stays: ['checks'],
  },
];

/** Checks have ids of the server: each step says how the read ones change. */
export const domainCheckTrip = (domain: ObjectRef): Trip => ({
  kind: 'constraint',
  variant: 'domain-check',
  parent: domain,
  given: { name: EVIL, comment: 'first', expression: '(VALUE > 0)', notValid: true },
  edits: [{ name: EVIL_AGAIN }, { notValid: false }, { comment: '' }],
  stays: ['notValid'],
});
