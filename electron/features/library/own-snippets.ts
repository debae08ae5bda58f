import type { Snippet } from '../../../shared/model/library';

/** Snippets that everybody begins with; they can be changed and removed. Texts of SQL: the same in every language. */
export const OWN_SNIPPETS: readonly Snippet[] = [
  {
    id: 'own-sel',
    prefix: 'sel',
    name: 'SELECT … FROM … WHERE',
    body: 'SELECT ${1:*}\nFROM ${2:table}\nWHERE ${3:condition}\nLIMIT ${4:100};',
  },
  {
    id: 'own-ins',
    prefix: 'ins',
    name: 'INSERT … RETURNING',
    body: 'INSERT INTO ${1:table} (${2:columns})\nVALUES (${3:values})\nRETURNING *;',
  },
  {
    id: 'own-ups',
    prefix: 'ups',
    name: 'INSERT … ON CONFLICT DO UPDATE',
    body: 'INSERT INTO ${1:table} (${2:key}, ${3:column})\nVALUES (${4:values})\nON CONFLICT (${2:key}) DO UPDATE\nSET ${3:column} = EXCLUDED.${3:column};',
  },
  {
    id: 'own-upd',
    prefix: 'upd',
    name: 'UPDATE … WHERE',
    body: 'UPDATE ${1:table}\nSET ${2:column} = ${3:value}\nWHERE ${4:condition};',
  },
  { id: 'own-del', prefix: 'del', name: 'DELETE … WHERE', body: 'DELETE FROM ${1:table}\nWHERE ${2:condition};' },
  {
    id: 'own-cte',
    prefix: 'cte',
    name: 'WITH … SELECT',
    body: 'WITH ${1:name} AS (\n  SELECT ${2:*}\n  FROM ${3:table}\n)\nSELECT *\nFROM ${1:name};',
  },
  {
    id: 'own-rec',
    prefix: 'rec',
    name: 'WITH RECURSIVE (tree)',
    body:
      'WITH RECURSIVE tree AS (\n  SELECT ${1:id}, ${2:parent_id}, 0 AS depth\n  FROM ${3:table}\n  WHERE ${2:parent_id} IS NULL\n' +
      '  UNION ALL\n  SELECT child.${1:id}, child.${2:parent_id}, tree.depth + 1\n  FROM ${3:table} AS child\n' +
      '  JOIN tree ON child.${2:parent_id} = tree.${1:id}\n)\nSELECT *\nFROM tree;',
  },
  {
    id: 'own-top',
    prefix: 'top',
    name: 'First rows of every group',
    body:
      'SELECT *\nFROM (\n  SELECT *, row_number() OVER (PARTITION BY ${1:group} ORDER BY ${2:value} DESC) AS place\n' +
      '  FROM ${3:table}\n) AS ranked\nWHERE place <= ${4:3};',
  },
  {
    id: 'own-tab',
    prefix: 'tab',
    name: 'CREATE TABLE',
    body: 'CREATE TABLE ${1:name} (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  ${2:column} ${3:text} NOT NULL\n);',
  },
  {
    id: 'own-idx',
    prefix: 'idx',
    name: 'CREATE INDEX CONCURRENTLY',
    body: 'CREATE INDEX CONCURRENTLY ${1:name} ON ${2:table} (${3:column});',
  },
  {
    id: 'own-fn',
    prefix: 'fn',
    name: 'CREATE FUNCTION (PL/pgSQL)',
    body:
      'CREATE OR REPLACE FUNCTION ${1:name}(${2:argument} ${3:integer})\nRETURNS ${4:void}\nLANGUAGE plpgsql\n' +
      'AS \\$function\\$\nBEGIN\n  ${5:NULL;}\nEND;\n\\$function\\$;',
  },
  { id: 'own-tx', prefix: 'tx', name: 'BEGIN … COMMIT', body: 'BEGIN;\n${1}\nCOMMIT;' },
];
