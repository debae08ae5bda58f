import { spawn } from 'node:child_process';
import type { TestServer } from '../../support/postgres';
import { tablesOf } from './mixed-database';

/** Runs a line of shell and fails with what it said. */
export function shell(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-o', 'pipefail', '-c', line], { stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (bytes: Buffer) => (words = (words + bytes.toString()).slice(-4000)));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${line}\n${words}`))));
  });
}

/** Works through a list, so many at a time. */
async function atOnce<T>(list: readonly T[], jobs: number, work: (each: T) => Promise<void>): Promise<void> {
  const waiting = [...list];
  const one = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: jobs }, one));
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * The same COPYs, index builds and foreign keys as a person would issue them with psql, so many at a time: large tables in the same parts,
 * keys by unique indexes, everything of one kind before the next.
 */
export async function migrateByHand(
  source: TestServer,
  target: TestServer,
  database: string,
  options: { readonly jobs: number; readonly splitAbove: number },
): Promise<void> {
  const [from, to] = [source.uri(database), target.uri(database)];
  await target.createDatabase(database);
  await shell(`pg_dump --section=pre-data ${from} | psql -X -q -v ON_ERROR_STOP=1 ${to}`);
  const parts = (await tablesOf(source, database)).flatMap(({ name, bytes }) => {
    const count = Math.ceil(bytes / options.splitAbove);
    const pages = Math.ceil(bytes / 8192 / count);
    return Array.from({ length: count }, (_none, index) => {
      const range = `WHERE ctid >= '(${index * pages},0)'${index === count - 1 ? '' : ` AND ctid < '(${(index + 1) * pages},0)'`}`;
      return { name, read: `COPY (SELECT * FROM ${name} ${count === 1 ? '' : range}) TO STDOUT` };
    });
  });
  await atOnce(parts, options.jobs, ({ name, read }) =>
    shell(
      `psql -X -q -c ${quoted(read)} ${from} | psql -X -q -c 'SET synchronous_commit = off' -c 'COPY ${name} FROM STDIN' ${to}`,
    ),
  );
  const statements = async (sql: string): Promise<string[]> =>
    (await source.sql(sql, database)).map((row) => String(row['s']));
  const run = (list: readonly string[]): Promise<void> =>
    atOnce(list, options.jobs, (each) =>
      shell(`PGOPTIONS='-c maintenance_work_mem=256MB' psql -X -q -v ON_ERROR_STOP=1 -c ${quoted(each)} ${to}`),
    );
  await run(
    await statements(
      `SELECT pg_get_indexdef(indexrelid) AS s FROM pg_index WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
       ORDER BY pg_relation_size(indrelid) DESC`,
    ),
  );
  await run(
    await statements(
      `SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s USING INDEX %I', conrelid::regclass, conname, CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, conname) AS s
       FROM pg_constraint WHERE contype IN ('p', 'u') AND connamespace = 'public'::regnamespace`,
    ),
  );
  await run(
    await statements(
      `SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS s
       FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`,
    ),
  );
  await shell(`psql -X -q -c ANALYZE ${to}`);
}
