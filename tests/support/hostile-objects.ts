import { quoteIdent, quoteLiteral } from '../../shared/model/quote';

/** What somebody may call a thing to harm who looks at it, by what is tried. PostgreSQL keeps 63 bytes of a name. */
export const ATTACKS: Readonly<Record<string, string>> = {
  'statement in a quoted name': '"; DROP TABLE victim; --',
  'statement in a literal': "'); DROP TABLE victim; --",
  'end of a dollar quote': '$$; DROP TABLE victim; $body$',
  'backslash before the quote': "\\'; DROP TABLE victim; --",
  'psql command': '\n\\! touch pwned\n',
  'comment around what follows': '/* */ -- DROP TABLE victim',
  'script element': '<script>document.title="pwned"</script>',
  'image with a handler': '<img src=x onerror=document.title="pwned">',
  'link with a script': '[x](javascript:document.title="pwned")',
  'terminal codes': '\u001b[31mred\u001b[0m\u001b]0;pwned\u0007',
  'letters that run backwards': 'safe\u202Eelbat\u2066',
  'template of a translation': '{{name}} $t(app.title) {0} %s',
  'key of every object': '__proto__',
  'longest name': '長'.repeat(21),
};

/** Characters of the comment of every hostile object. */
export const HUGE = 1_000_000;

/**
 * Statements that make a table, a view, a function, a type, a sequence, an index, a check and a policy of each name in the schema of the same name,
 * with definitions and comments that try the same, and the table `public.victim` that nothing may touch.
 */
export function hostileSql(): string {
  const parts = Object.values(ATTACKS).map((name) => {
    const id = quoteIdent(name);
    const text = quoteLiteral(name);
    return `
CREATE SCHEMA ${id};
CREATE TABLE ${id}.${id} (${id} text DEFAULT ${text}, other int, CONSTRAINT ${id} CHECK (${id} <> ${text}));
CREATE INDEX ${quoteIdent(`${name.slice(0, 15)}.i`)} ON ${id}.${id} (${id}) WHERE ${id} <> ${text};
ALTER TABLE ${id}.${id} ENABLE ROW LEVEL SECURITY;
CREATE POLICY ${id} ON ${id}.${id} USING (${id} <> ${text});
CREATE VIEW ${id}.${quoteIdent(`${name.slice(0, 15)}.v`)} AS SELECT ${id}, ${text}::text AS said FROM ${id}.${id};
CREATE FUNCTION ${id}.${id}(${id} text DEFAULT ${text}) RETURNS text LANGUAGE plpgsql AS ${quoteLiteral(`BEGIN RETURN ${text}; END`)};
CREATE TYPE ${id}.${quoteIdent(`${name.slice(0, 15)}.t`)} AS ENUM (${text}, 'other');
CREATE SEQUENCE ${id}.${quoteIdent(`${name.slice(0, 15)}.s`)};
CREATE TRIGGER ${id} BEFORE UPDATE ON ${id}.${id} FOR EACH ROW EXECUTE PROCEDURE public.nothing(${text});
COMMENT ON TABLE ${id}.${id} IS ${text};
COMMENT ON COLUMN ${id}.${id}.${id} IS ${text};
COMMENT ON SCHEMA ${id} IS ${quoteLiteral(name + 'x'.repeat(HUGE))};`;
  });
  return `CREATE TABLE public.victim (id int); INSERT INTO public.victim VALUES (1);
CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
${parts.join('\n')}`;
}
