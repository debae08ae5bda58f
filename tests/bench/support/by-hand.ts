import { spawn } from 'node:child_process';
import { copyRows } from '../../../electron/adapters/postgres/copy-pipe';
import { openCopySession } from '../../../electron/adapters/postgres/copy-session';
import { openSession } from '../../../electron/adapters/postgres/session';
import type { ConnectionProfile } from '../../../electron/ports';
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

/** Works through a list with one worker for each of the sessions, and ends the sessions. */
async function workThrough<T, S extends { end(): Promise<void> }>(
  list: readonly T[],
  sessions: readonly S[],
  work: (session: S, each: T) => Promise<unknown>,
): Promise<void> {
  const waiting = [...list];
  const through = async (session: S): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(session, next);
    await session.end();
  };
  await Promise.all(sessions.map(through));
}

const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make));

/** A session at each end. */
async function openPair(from: ConnectionProfile, to: ConnectionProfile) {
  const [source, target] = await Promise.all([openCopySession(from), openCopySession(to)]);
  return { source, target, end: () => Promise.all([source.end(), target.end()]).then(() => undefined) };
}

/**
 * The same COPYs, index builds and foreign keys as a person would issue them over sessions that stay open, so many at a time: large tables in
 * the same parts, keys by unique indexes, everything of one kind before the next. Nothing is planned, told or remembered.
 */
export async function migrateByHand(
  source: TestServer,
  target: TestServer,
  database: string,
  options: { readonly jobs: number; readonly splitAbove: number },
): Promise<void> {
  const [from, to] = [source.profile(database), target.profile(database)];
  await target.createDatabase(database);
  await shell(
    `pg_dump --section=pre-data ${source.uri(database)} | psql -X -q -v ON_ERROR_STOP=1 ${target.uri(database)}`,
  );
  const parts = (await tablesOf(source, database)).flatMap(({ name, bytes }) => {
    const count = Math.max(1, Math.ceil(bytes / options.splitAbove));
    const pages = Math.ceil(bytes / 8192 / count);
    return Array.from({ length: count }, (_none, index) => {
      const end = index === count - 1 ? '' : ` AND ctid < '(${(index + 1) * pages},0)'`;
      const range = count === 1 ? '' : ` WHERE ctid >= '(${index * pages},0)'${end}`;
      return { read: `COPY (SELECT * FROM ${name}${range}) TO STDOUT`, write: `COPY ${name} FROM STDIN` };
    });
  });
  await workThrough(parts, await times(options.jobs, () => openPair(from, to)), async (pair, { read, write }) => {
    await pair.target.run('SET synchronous_commit = off');
    await copyRows({ source: pair.source, read, target: pair.target, write, onBytes: () => undefined });
  });
  const statements = async (sql: string): Promise<string[]> =>
    (await source.sql(sql, database)).map((row) => String(row['s']));
  const tuned = { ...to, options: '-c maintenance_work_mem=256MB' };
  const run = async (list: readonly string[]): Promise<void> =>
    workThrough(list, await times(options.jobs, () => openSession(tuned)), (session, each) => session.query(each));
  const ours = "relnamespace = 'public'::regnamespace";
  await run(
    await statements(
      `SELECT pg_get_indexdef(indexrelid) AS s FROM pg_index WHERE indrelid IN (SELECT oid FROM pg_class WHERE ${ours})
       ORDER BY pg_relation_size(indrelid) DESC`,
    ),
  );
  await run(
    await statements(
      `SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s USING INDEX %I', conrelid::regclass, conname,
         CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, conname) AS s
       FROM pg_constraint WHERE contype IN ('p', 'u') AND connamespace = 'public'::regnamespace`,
    ),
  );
  await run(
    await statements(
      `SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS s
       FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY pg_relation_size(conrelid) DESC`,
    ),
  );
  await run(
    await statements(`SELECT format('ANALYZE %s', oid::regclass) AS s FROM pg_class WHERE relkind = 'r' AND ${ours}`),
  );
}
