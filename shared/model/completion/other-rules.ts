import { want, words, type Expected } from './expression';
import { ALTERATIONS, COLUMN_RULES, GRANT_ON, PRIVILEGES, STATEMENTS } from './keywords';

interface Rule {
  readonly after: RegExp;
  readonly give: Expected;
}

/** Statements that are no queries: what was written so far, and what can come next. The first that fits counts. */
export const RULES: readonly Rule[] = [
  { after: /^$/, give: words(...STATEMENTS) },
  { after: /^set( session| local)? role( to)?$|^set( session| local)? session authorization$/, give: want('roles') },
  { after: /^set( session| local)? search_path (to|=)/, give: want('schemas') },
  {
    after:
      /^(set|reset|show)( session| local)?$|^alter (system|database \S+|(role|user) \S+( in database \S+)?) (re)?set$/,
    give: {
      wants: ['settings'],
      keywords: ['ROLE', 'SESSION AUTHORIZATION', 'TIME ZONE', 'TRANSACTION', 'LOCAL', 'SESSION', 'ALL'],
    },
  },
  { after: /^set( session| local)? \S+$|^alter .* set \S+$/, give: words('TO', '=') },
  { after: /^set .*(to|=)$/, give: words('DEFAULT', 'ON', 'OFF') },
  {
    after: /(^| )(owner to|authorization|granted by|reassign owned by|drop owned by|current of role)$/,
    give: want('roles'),
  },
  {
    after: /^(drop|alter|comment on) (role|user|group)( if exists)?( \S+ ,)*$|^reassign owned .* to$/,
    give: want('roles'),
  },
  {
    after:
      /^create (role|user|group|database|schema|extension)( if not exists)?$|^create( \w+){0,3} (table|view|sequence|type|domain|function|procedure)( if not exists)?$/,
    give: want('schemas'),
  },
  {
    after: /^(drop|alter|comment on) schema( if exists)?( \S+ ,)*$|( set| in) schema$|^import foreign schema .* into$/,
    give: want('schemas'),
  },
  {
    after:
      /^(drop|alter|comment on|reindex) database( if exists)?$|(^| )(on|in) database$|^create database .*template( =)?$/,
    give: want('databases'),
  },
  { after: /^(grant|revoke) .* on schema( \S+ ,)*$/, give: want('schemas') },
  { after: /^(grant|revoke) .* on database( \S+ ,)*$/, give: want('databases') },
  {
    after: /^(grant|revoke) .* on (all )?(function|procedure|routine)s?$/,
    give: want('functions', 'procedures', 'schemas'),
  },
  {
    after: /^(grant .* to|revoke .* from)( \S+ ,)*$/,
    give: { wants: ['roles'], keywords: ['PUBLIC', 'CURRENT_USER', 'SESSION_USER'] },
  },
  {
    after: /^(grant|revoke) .* on( table| sequence)?( \S+ ,)*$/,
    give: { wants: ['relations', 'schemas'], keywords: GRANT_ON },
  },
  {
    after: /^(grant|revoke) .* on( table| sequence| schema| database| function| procedure| routine)? \S+( \(\))?$/,
    give: words('TO', 'FROM'),
  },
  {
    after: /^grant .* to \S+$|^revoke .* from \S+$/,
    give: words('WITH GRANT OPTION', 'WITH ADMIN OPTION', 'GRANTED BY', 'CASCADE'),
  },
  { after: /^(grant|revoke)( |$)/, give: { wants: ['roles'], keywords: PRIVILEGES } },
  { after: /^call$/, give: want('procedures', 'schemas') },
  { after: /execute (function|procedure)$/, give: want('functions', 'schemas') },
  { after: /^(drop|alter|comment on) (function|aggregate|routine)( if exists)?$/, give: want('functions', 'schemas') },
  { after: /^(drop|alter|comment on) procedure( if exists)?$/, give: want('procedures', 'schemas') },
  {
    after: /^(drop|alter|comment on) (type|domain)( if exists)?$|^create domain \S+ as$|( of| returns( setof)?)$/,
    give: want('types', 'schemas'),
  },
  {
    after:
      /^(drop|alter|comment on) (foreign |materialized )?(table|view|sequence|index)( if exists)?( only)?( \S+ ,)*$/,
    give: want('relations', 'schemas'),
  },
  {
    after:
      /^(truncate|lock|vacuum|analyze|analyse|cluster|reindex|copy|refresh materialized view|select)( ?\(\))?( table| verbose| full| analyze| freeze| only| concurrently)*( \S+ ,)*$/,
    give: {
      wants: ['relations', 'schemas'],
      keywords: ['TABLE', 'ONLY', 'VERBOSE', 'FULL', 'ANALYZE', 'INDEX', 'SCHEMA', 'DATABASE', 'CONCURRENTLY'],
    },
  },
  {
    after:
      /^create (unique )?index .*on( only)?$|^create .*(trigger|policy|rule|publication) .*(on|to|for table)$|^create statistics .* from$/,
    give: want('relations', 'schemas'),
  },
  {
    after: /references$|(^| )(inherits|like|partition of|attach partition|detach partition|from|include)$/,
    give: want('relations', 'schemas'),
  },
  { after: /^alter (foreign )?table .*(drop|alter|rename) column( if exists)?$/, give: want('columns') },
  {
    after: /^alter (foreign )?table .*add column( if not exists)? \S+$|^alter (foreign )?table .* type$/,
    give: want('types', 'schemas'),
  },
  {
    after: /^alter (foreign )?table .*(add|alter|drop|rename)$/,
    give: {
      wants: ['columns'],
      keywords: ['COLUMN', 'CONSTRAINT', 'TO', 'PRIMARY KEY', 'FOREIGN KEY', 'UNIQUE', 'CHECK'],
    },
  },
  {
    after: /^alter (foreign )?table .*alter( column)? \S+$/,
    give: words(
      'TYPE',
      'SET DEFAULT',
      'DROP DEFAULT',
      'SET NOT NULL',
      'DROP NOT NULL',
      'SET STATISTICS',
      'SET STORAGE',
    ),
  },
  { after: /^alter (foreign )?table .*add column/, give: words(...COLUMN_RULES) },
  { after: /^alter (foreign )?table( if exists)?( only)? \S+$/, give: words(...ALTERATIONS) },
  { after: /^comment on column$/, give: want('relations', 'columns', 'schemas') },
  {
    after: /^comment on$/,
    give: words(
      'TABLE',
      'COLUMN',
      'VIEW',
      'FUNCTION',
      'SCHEMA',
      'DATABASE',
      'ROLE',
      'TYPE',
      'INDEX',
      'SEQUENCE',
      'CONSTRAINT',
      'TRIGGER',
      'EXTENSION',
      'MATERIALIZED VIEW',
      'PROCEDURE',
      'DOMAIN',
    ),
  },
  { after: /^comment on .* \S+$/, give: words('IS') },
  {
    after: /^(create|alter|drop)$/,
    give: words(
      ...STATEMENTS.filter((each) => each.startsWith('CREATE ')).map((each) => each.slice(7)),
      'OR REPLACE',
      'TEMPORARY TABLE',
      'UNLOGGED TABLE',
    ),
  },
  {
    after: /^explain( analyze| verbose)*$|^explain \(\)$/,
    give: words('SELECT', 'ANALYZE', 'VERBOSE', 'INSERT INTO', 'UPDATE', 'DELETE FROM', 'WITH', 'EXECUTE'),
  },
  {
    after: /^create .*view \S+( \(\))? as$|^create .*table \S+( \(\))? as$|^prepare .* as$/,
    give: words('SELECT', 'WITH', 'VALUES', 'TABLE'),
  },
  { after: /^create .*trigger \S+$/, give: words('BEFORE', 'AFTER', 'INSTEAD OF') },
  { after: /^create .*trigger .* (before|after|of|or)$/, give: words('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE') },
  {
    after: /^create .*trigger .* on \S+/,
    give: words('FOR EACH ROW', 'FOR EACH STATEMENT', 'WHEN', 'EXECUTE FUNCTION', 'EXECUTE PROCEDURE', 'REFERENCING'),
  },
  {
    after: /^create .*(function|procedure) .*\(\)/,
    give: words(
      'RETURNS',
      'RETURNS TABLE',
      'RETURNS SETOF',
      'LANGUAGE plpgsql',
      'LANGUAGE sql',
      'AS',
      'IMMUTABLE',
      'STABLE',
      'VOLATILE',
      'STRICT',
      'SECURITY DEFINER',
      'PARALLEL SAFE',
    ),
  },
  {
    after: /^(begin|commit|rollback|start transaction)$/,
    give: words(
      'TRANSACTION',
      'WORK',
      'TO SAVEPOINT',
      'ISOLATION LEVEL SERIALIZABLE',
      'ISOLATION LEVEL REPEATABLE READ',
      'READ ONLY',
      'READ WRITE',
      'AND CHAIN',
    ),
  },
  { after: /^drop /, give: words('CASCADE', 'RESTRICT') },
  { after: /^copy \S+( \(\))?$/, give: words('FROM', 'TO', 'FROM STDIN', 'TO STDOUT') },
  {
    after: /^(create|alter) .*/,
    give: words(
      'USING',
      'WHERE',
      'WITH',
      'INCLUDE',
      'TABLESPACE',
      'PARTITION BY RANGE',
      'PARTITION BY LIST',
      'OWNER TO',
      'RENAME TO',
      'SET SCHEMA',
      'AS',
      'FOR',
      'TO',
      'CHECK',
    ),
  },
];
