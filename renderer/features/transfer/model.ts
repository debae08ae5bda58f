import type { ImportPlan } from '../../../shared/contract/transfer';
import type { DumpPreview, Finding, FindingLevel, ImportReport, ReportRow } from '../../../shared/model/import';
import { isOver, type TaskView } from '../../../shared/model/task';

/** What the wizard holds until it runs. Pure: views change it through `Draft → Draft`. */
export interface Draft {
  readonly from: 'file' | 'database';
  readonly file: { readonly token: string; readonly name: string } | null;
  readonly preview: DumpPreview | null;
  readonly sourceServer: string;
  readonly sourceDatabase: string;
  /** Whether only chosen schemas and tables are taken. */
  readonly chosenOnly: boolean;
  readonly targetServer: string;
  readonly create: boolean;
  /** An existing database. */
  readonly targetDatabase: string;
  /** Name of a database to be made; null until a person typed one: then the suggestion holds. */
  readonly newName: string | null;
  readonly encoding: string;
  readonly options: ImportPlan['options'];
}

export const STEPS = ['source', 'target', 'options', 'run', 'result'] as const;
export type Step = (typeof STEPS)[number];
export type StepState = 'done' | 'current' | 'open' | 'locked';

export const DEFAULT_OPTIONS: ImportPlan['options'] = {
  content: 'all',
  schemas: [],
  tables: [],
  noOwner: true,
  noPrivileges: true,
  clean: false,
  singleTransaction: false,
  stopOnError: false,
  jobs: 1,
  analyze: true,
  allowUnsafeCommands: false,
};

export const newDraft = (serverId: string, database: string): Draft => ({
  from: 'file',
  file: null,
  preview: null,
  sourceServer: '',
  sourceDatabase: '',
  chosenOnly: false,
  targetServer: serverId,
  create: database === '',
  targetDatabase: database,
  newName: null,
  encoding: '',
  options: DEFAULT_OPTIONS,
});

/** A draft that would do an import again. The file of the earlier one must be picked anew when its token is gone. */
export function draftOf(plan: ImportPlan): Draft {
  const { source, target, options } = plan;
  return {
    ...newDraft(target.serverId, target.database),
    from: source.kind,
    sourceServer: source.kind === 'database' ? source.serverId : '',
    sourceDatabase: source.kind === 'database' ? source.database : '',
    chosenOnly: options.schemas.length > 0 || options.tables.length > 0,
    create: target.create,
    newName: target.create ? target.database : null,
    encoding: target.encoding,
    options,
  };
}

/** `Shop Dump (2).sql.gz` → `shop_dump_2`; a database keeps its name. */
export function suggestName(draft: Draft, taken: readonly string[]): string {
  const base =
    draft.from === 'database'
      ? draft.sourceDatabase
      : (draft.file?.name ?? '')
          .toLowerCase()
          .replace(/(\.(gz|sql|dump|custom|tar|backup|pgdump|txt))+$/, '')
          .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
          .replaceAll(/^_+|_+$/g, '')
          .replace(/^(\d)/, 'db_$1')
          .slice(0, 50);
  const name = base === '' ? 'imported' : base;
  if (!taken.includes(name)) return name;
  for (let n = 2; ; n += 1) if (!taken.includes(`${name}_${n}`)) return `${name}_${n}`;
}

export const sourceReady = (draft: Draft): boolean =>
  draft.from === 'file'
    ? draft.file !== null && draft.preview !== null && draft.preview.problem === ''
    : draft.sourceServer !== '' &&
      draft.sourceDatabase !== '' &&
      (!draft.chosenOnly || draft.options.schemas.length + draft.options.tables.length > 0);

/** The plan as it stands; null while something is missing. */
export function planOf(draft: Draft, suggestion: string): ImportPlan | null {
  const database = draft.create ? (draft.newName ?? suggestion).trim() : draft.targetDatabase;
  if (!sourceReady(draft) || draft.targetServer === '' || database === '') return null;
  const takesAll = !draft.chosenOnly;
  return {
    source:
      draft.from === 'file'
        ? { kind: 'file', fileToken: draft.file?.token ?? '' }
        : { kind: 'database', serverId: draft.sourceServer, database: draft.sourceDatabase },
    target: {
      serverId: draft.targetServer,
      database,
      create: draft.create,
      encoding: draft.create ? draft.encoding : '',
    },
    options: {
      ...draft.options,
      schemas: takesAll ? [] : draft.options.schemas,
      tables: takesAll ? [] : draft.options.tables,
      clean: draft.options.clean && !draft.create,
      jobs: mayUseJobs(draft) ? draft.options.jobs : 1,
    },
  };
}

/** Several sessions restore only an archive that can be read at any place. */
export const mayUseJobs = (draft: Draft): boolean =>
  draft.from === 'file' &&
  draft.preview?.kind === 'custom' &&
  draft.preview.compression === 'none' &&
  !draft.options.singleTransaction;

/** Whether schemas can be chosen: of databases and archives, which know what belongs to what. */
export const mayChooseSchemas = (draft: Draft): boolean =>
  draft.from === 'file' &&
  (draft.preview?.kind === 'custom' || draft.preview?.kind === 'tar') &&
  draft.preview.schemas.length > 1;

const ORDER: Readonly<Record<FindingLevel, number>> = { blocking: 0, warning: 1, ok: 2 };
export const byWeight = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => ORDER[a.level] - ORDER[b.level]);
export const isBlocked = (findings: readonly Finding[]): boolean => findings.some(({ level }) => level === 'blocking');

/** The state of each step in the list at the left. */
export function stepStates(
  step: Step,
  ready: boolean,
  checked: boolean,
  task: TaskView | null,
): Readonly<Record<Step, StepState>> {
  const over = task !== null && isOver(task.state);
  const running = task !== null;
  const state = (own: Step, done: boolean, reachable: boolean): StepState =>
    step === own ? 'current' : done ? 'done' : reachable ? 'open' : 'locked';
  return {
    source: running && step !== 'source' ? 'done' : state('source', ready, true),
    target: running ? 'done' : state('target', ready && checked, ready),
    options: running ? 'done' : state('options', false, ready && checked),
    run: state('run', over, running),
    result: state('result', false, over),
  };
}

export const differs = (row: ReportRow): boolean => row.sourceRows !== null && row.sourceRows !== row.targetRows;

/** Tables with a difference first, then by size. */
export const byInterest = (rows: readonly ReportRow[]): ReportRow[] =>
  rows.toSorted(
    (a, b) =>
      Number(differs(b)) - Number(differs(a)) ||
      (b.targetRows ?? -1) - (a.targetRows ?? -1) ||
      `${a.schema}.${a.name}`.localeCompare(`${b.schema}.${b.name}`),
  );

/** Sums for the sentence above the result. */
export function totals(report: ImportReport): { tables: number; rows: number; differing: number } {
  return {
    tables: report.tables.filter(({ targetRows }) => targetRows !== null).length,
    rows: report.tables.reduce((sum, { targetRows }) => sum + (targetRows ?? 0), 0),
    differing: report.tables.filter(differs).length,
  };
}
