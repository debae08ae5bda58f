import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  finding,
  type Finding,
  type MigrationProgress,
  type ObjectOutcome,
  type TableProgress,
} from '../../../shared/model/migration';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import type { Logger } from '../../log';
import type { Page } from './job-service';
import { migrationProgress, objectOutcome, tableProgress } from '../../../shared/model/migration-shapes';

const RESULTS_FILE = 'results.json';
const FINDINGS_FILE = 'findings.json';
const VERSION = 1;
/** At most so often what a worker tells is put on disk. */
const WRITE_EVERY_MS = 3_000;
/** Of the time: results of very many tables take their time to be written. */
const WRITE_SHARE = 0.05;

const results = z.object({
  version: z.literal(VERSION),
  progress: migrationProgress.nullable(),
  tables: z.array(tableProgress),
  objects: z.array(objectOutcome),
});
const found = z.object({ version: z.literal(VERSION), findings: z.array(finding) });

/** What the workers of a task have told last, kept so that it is shown after the daemon was started again. */
export interface JobResults {
  readonly findings: readonly Finding[];
  readonly progress: MigrationProgress | null;
  setProgress(progress: MigrationProgress): void;
  addTables(tables: readonly TableProgress[]): void;
  addObjects(objects: readonly ObjectOutcome[]): void;
  /** What failed is tried again: what does not exist any more would be told by nobody. What was skipped may not be told again. */
  clearFailures(): void;
  clearFindings(): void;
  addFindings(findings: readonly Finding[]): void;
  tables(wanted: { search: string; state: string; offset: number; limit: number }): Page<TableProgress>;
  objects(wanted: { search: string; outcome: string; offset: number; limit: number }): Page<ObjectOutcome>;
  allTables(): TableProgress[];
  allObjects(): ObjectOutcome[];
  /** On disk when it resolves. */
  flush(): Promise<void>;
  /** Writes nothing any more. */
  drop(): void;
}

const keyOf = (...parts: readonly string[]): string => parts.join('\u0000');

function readOr<T>(file: string, schema: z.ZodType<T>, instead: T, log: Logger): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return instead;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    log.write('warn', 'what a task has told cannot be read and begins anew', { file, reason: String(error) });
    return instead;
  }
}

const page = <T>(rows: readonly T[], offset: number, limit: number): Page<T> => ({
  total: rows.length,
  rows: rows.slice(offset, offset + limit),
});

/** Opens what a task has told so far. */
export function openJobResults(folder: string, log: Logger): JobResults {
  const resultsFile = join(folder, RESULTS_FILE);
  const findingsFile = join(folder, FINDINGS_FILE);
  const kept = readOr(resultsFile, results, { version: VERSION, progress: null, tables: [], objects: [] }, log);
  let findings: readonly Finding[] = readOr(findingsFile, found, { version: VERSION, findings: [] }, log).findings;
  let progress = kept.progress;
  const tables = new Map(kept.tables.map((each) => [keyOf(each.database, each.schema, each.name), each]));
  const objects = new Map(kept.objects.map((each) => [keyOf(each.database, each.key), each]));
  let changed = false;
  let findingsChanged = false;
  let dropped = false;
  let timer: NodeJS.Timeout | null = null;
  let nextAt = 0;
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    const begun = performance.now();
    if (changed) {
      changed = false;
      const value = { version: VERSION, progress, tables: [...tables.values()], objects: [...objects.values()] };
      await writeFileAtomically(resultsFile, JSON.stringify(value));
    }
    if (findingsChanged) {
      findingsChanged = false;
      await writeFileAtomically(findingsFile, JSON.stringify({ version: VERSION, findings }));
    }
    nextAt = Date.now() + Math.max(WRITE_EVERY_MS, (performance.now() - begun) / WRITE_SHARE);
  };
  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (dropped) return writing;
    writing = writing.then(write).catch((error: unknown) => {
      log.write('warn', 'what a task has told could not be kept', { folder, reason: String(error) });
    });
    return writing;
  };
  const later = (): void => {
    if (timer || dropped) return;
    timer = setTimeout(() => void flush(), Math.max(0, nextAt - Date.now()));
    timer.unref();
  };
  const touch = (): void => {
    changed = true;
    later();
  };
  const touchFindings = (): void => {
    findingsChanged = true;
    later();
  };

  return {
    get findings() {
      return findings;
    },
    get progress() {
      return progress;
    },
    setProgress(next) {
      progress = next;
      touch();
    },
    addTables(next) {
      for (const each of next) tables.set(keyOf(each.database, each.schema, each.name), each);
      touch();
    },
    addObjects(next) {
      for (const each of next) objects.set(keyOf(each.database, each.key), each);
      touch();
    },
    clearFailures() {
      for (const [key, { state }] of tables) if (state === 'failed') tables.delete(key);
      for (const [key, { outcome }] of objects) if (outcome === 'failed') objects.delete(key);
      touch();
    },
    clearFindings() {
      findings = [];
      touchFindings();
    },
    addFindings(next) {
      findings = [...findings, ...next];
      touchFindings();
    },
    tables({ search, state, offset, limit }) {
      const words = search.toLowerCase();
      const fits = (each: TableProgress): boolean =>
        (state === '' || each.state === state) &&
        (words === '' || `${each.database}.${each.schema}.${each.name}`.toLowerCase().includes(words));
      return page([...tables.values()].filter(fits), offset, limit);
    },
    objects({ search, outcome, offset, limit }) {
      const words = search.toLowerCase();
      const fits = (each: ObjectOutcome): boolean =>
        (outcome === '' || each.outcome === outcome) &&
        (words === '' ||
          `${each.kind} ${each.database}.${each.schema}.${each.name} ${each.reason}`.toLowerCase().includes(words));
      return page([...objects.values()].filter(fits), offset, limit);
    },
    allTables: () => [...tables.values()],
    allObjects: () => [...objects.values()],
    flush,
    drop() {
      dropped = true;
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
