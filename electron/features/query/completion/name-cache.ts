import type { PgSession } from '../../../adapters/postgres/session';
import type { ColumnName, DatabaseNames, RelationDetail } from '../../../../shared/model/completion/names';
import { nameTable, type NameTable } from '../../../../shared/model/completion/name-table';
import { type DatabaseRead, readDetails, readDigest, readNames, readResults } from './names-sql';
import { type NameLookup, searchPathOf } from './search-path';

/** Milliseconds after which names are read anew, in the background. */
const FRESH_MS = 60_000;
/** Milliseconds after a failed reading until the next try. */
const RETRY_MS = 10_000;
/** Relations whose columns are kept: the longest unused go first. */
const MOST_DETAILS = 2000;

const NOTHING: DatabaseRead = {
  digest: '',
  searchPath: '',
  login: '',
  loginPaths: [],
  schemas: [],
  relations: [],
  functions: [],
  types: [],
  roles: [],
  databases: [],
  settings: [],
  triggers: [],
};

interface Kept<Value> {
  readonly value: Value;
  readonly at: number;
}

/** What the server begins with when nobody has set anything. */
const FIRST_PATH = '"$user", public';

/** `search_path` that a session of a user begins with. Of others than who reads the names, what stands in the server's files is not known. */
function loginPath(read: DatabaseRead, login: string): string {
  if (login === read.login) return read.searchPath;
  const of = (user: string): string | undefined => read.loginPaths.find((each) => each.user === user)?.setting;
  return of(login) ?? of('') ?? FIRST_PATH;
}

/** Runs work on a session of the database; it is not waited for by whoever completes. */
export type Work = <Result>(work: (session: PgSession, signal: AbortSignal) => Promise<Result>) => Promise<Result>;

/** The names of one database as they were read last. Reading happens in the background: what is known can be had at once. */
export class NameCache {
  private read: DatabaseRead = NOTHING;
  private path: readonly string[] = [];
  private table: NameTable = nameTable(NOTHING, () => this.path);
  private readAt = 0;
  private failedAt = -Infinity;
  private reading: Promise<void> | null = null;
  private filling: Promise<void> | null = null;
  private readonly details = new Map<number, Kept<RelationDetail>>();
  private readonly results = new Map<number, Kept<readonly ColumnName[]>>();
  private readonly wishes = { details: new Set<number>(), results: new Set<number>() };

  constructor(
    private readonly work: Work,
    private readonly report: (error: unknown) => void,
  ) {}

  /** Whether something that was asked for is still being read. */
  get loading(): boolean {
    return this.readAt === 0 ? this.reading !== null : this.filling !== null;
  }

  /** Something was created or changed: the next one who asks gets new names. */
  outdate(): void {
    if (this.readAt > 0) this.readAt = 1;
    for (const [oid, kept] of this.details) this.details.set(oid, { ...kept, at: 0 });
    this.results.clear();
  }

  /** The names as they are known now to a session, until the next call; reads them again when they are old. */
  names(lookup: NameLookup): DatabaseNames {
    const now = Date.now();
    if (now - this.readAt > FRESH_MS && now - this.failedAt >= RETRY_MS) this.refresh();
    const { read, table } = this;
    this.path = searchPathOf(lookup.setting ?? loginPath(read, lookup.login), lookup.user, read.schemas);
    return {
      ...table,
      schemas: read.schemas,
      path: this.path,
      roles: read.roles,
      databases: read.databases,
      settings: read.settings,
      detail: (oid) => this.known(this.details, this.wishes.details, oid),
      resultColumns: (oid) => this.known(this.results, this.wishes.results, oid),
    };
  }

  /** Resolves when what was wished for is here, or when reading it failed. */
  async settled(): Promise<void> {
    await this.reading;
    this.fill();
    await this.filling;
  }

  private known<Value>(kept: Map<number, Kept<Value>>, wishes: Set<number>, oid: number): Value | null {
    const found = kept.get(oid);
    if (!found || Date.now() - found.at > FRESH_MS) wishes.add(oid);
    return found?.value ?? null;
  }

  /** Reads the details that were wished for. True when there is something to wait for. */
  fill(): boolean {
    if (this.filling) return true;
    const details = [...this.wishes.details];
    const results = [...this.wishes.results];
    this.wishes.details.clear();
    this.wishes.results.clear();
    if (details.length + results.length === 0 || Date.now() - this.failedAt < RETRY_MS) return false;
    this.filling = this.work(async (session, signal) => {
      const at = Date.now();
      const columns =
        details.length === 0 ? new Map<number, RelationDetail>() : await readDetails(session, details, signal);
      for (const [oid, value] of columns) {
        // Put at the end: the map's order is that of their last reading.
        this.details.delete(oid);
        this.details.set(oid, { value, at });
      }
      const given =
        results.length === 0 ? new Map<number, ColumnName[]>() : await readResults(session, results, signal);
      for (const [oid, value] of given) this.results.set(oid, { value, at });
      for (const oid of this.details.keys()) {
        if (this.details.size <= MOST_DETAILS) break;
        this.details.delete(oid);
      }
    })
      .catch((error: unknown) => this.failed(error))
      .finally(() => {
        this.filling = null;
      });
    return true;
  }

  private failed(error: unknown): void {
    this.failedAt = Date.now();
    this.report(error);
  }

  private refresh(): void {
    this.reading ??= this.work(async (session, signal) => {
      const at = Date.now();
      const same = this.readAt > 0 && (await readDigest(session, signal)) === this.read.digest;
      if (!same) {
        this.read = await readNames(session, signal);
        this.table = nameTable(this.read, () => this.path);
      }
      this.readAt = at;
    })
      .catch((error: unknown) => this.failed(error))
      .finally(() => {
        this.reading = null;
      });
  }
}
