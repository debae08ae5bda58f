import { isCoded, isKeyword, statementWords, type StatementWord } from './statement-words';

/**
 * What a statement does, as far as its text tells: a function or a view may do more.
 * `session`: only the session's own state. `control`: transactions. `change`: rows. `structure`: objects, rights, maintenance.
 * `unknown`: code whose text isn't there (CALL, DO, EXECUTE), or a word that this program doesn't know.
 */
export type StatementEffect = 'read' | 'session' | 'control' | 'change' | 'structure' | 'unknown';

export interface StatementKind {
  /** In capitals, e.g. `UPDATE` or `DROP TABLE`; what changes the most when there are several. */
  readonly verb: string;
  readonly effect: StatementEffect;
  /** An UPDATE or DELETE without a condition of its own, also inside WITH. */
  readonly everyRow: boolean;
  /** A query that gives the same rows inside of another one. */
  readonly standsAlone: boolean;
  readonly explainable: boolean;
  /** Whether the server takes it inside a transaction block. */
  readonly inTransaction: boolean;
}

const EFFECTS: Readonly<Record<string, StatementEffect>> = {
  select: 'read',
  values: 'read',
  table: 'read',
  show: 'read',
  fetch: 'read',
  move: 'read',
  declare: 'read',
  set: 'session',
  reset: 'session',
  listen: 'session',
  unlisten: 'session',
  notify: 'session',
  deallocate: 'session',
  discard: 'session',
  close: 'session',
  lock: 'session',
  begin: 'control',
  start: 'control',
  commit: 'control',
  end: 'control',
  rollback: 'control',
  abort: 'control',
  savepoint: 'control',
  release: 'control',
  insert: 'change',
  update: 'change',
  delete: 'change',
  merge: 'change',
  truncate: 'change',
  create: 'structure',
  alter: 'structure',
  drop: 'structure',
  comment: 'structure',
  grant: 'structure',
  revoke: 'structure',
  security: 'structure',
  reassign: 'structure',
  import: 'structure',
  refresh: 'structure',
  reindex: 'structure',
  cluster: 'structure',
  repack: 'structure',
  vacuum: 'structure',
  analyze: 'structure',
  analyse: 'structure',
  checkpoint: 'structure',
  load: 'structure',
};

/** Words that tell the kind of object in CREATE, ALTER and DROP. */
const OBJECT_WORDS = new Set(
  (
    'or replace temp temporary unlogged global local unique recursive materialized view table index concurrently sequence schema database ' +
    'role user group function procedure routine trigger type domain extension foreign data wrapper server policy rule aggregate operator ' +
    'class family collation conversion cast language publication subscription statistics tablespace event text search configuration ' +
    'dictionary parser template access method transform system default privileges constraint owned mapping large object'
  ).split(' '),
);
const VERBS_WITH_OBJECTS = new Set(['create', 'alter', 'drop', 'refresh', 'reassign', 'import', 'security']);
const CHANGES = new Set(['insert', 'update', 'delete', 'merge']);
const QUERIES = new Set(['select', 'values', 'table']);
const MAIN_VERBS = new Set([...CHANGES, ...QUERIES]);

const keywordAt = (words: readonly StatementWord[], index: number): string => {
  const word = words[index];
  return word?.kind === 'word' ? word.text : '';
};

/** Statements that are data for the most part: their head tells all. */
const HEAD_TELLS = new Set(['insert', 'copy', 'values', 'do', 'create', 'alter', 'comment', 'set']);

/** What one statement is and does, by its words. Text without statement is an unknown one with an empty verb. */
export function statementKind(sql: string, standardConformingStrings = true): StatementKind {
  const head = statementWords(sql, standardConformingStrings, true);
  const first = keywordAt(head, 0);
  const whole = sql.length > 4000 && !HEAD_TELLS.has(first) ? statementWords(sql, standardConformingStrings) : head;
  return kindOf(whole);
}

/** Of words already read. */
export function kindOf(words: readonly StatementWord[]): StatementKind {
  const open = words.findIndex(({ text }) => text !== '(');
  const first = keywordAt(words, open);
  if (first === 'explain') return explainKind(words);
  if (first === 'prepare') return prepareKind(words);
  if (first === 'copy') return copyKind(words);
  if (first === 'with' || QUERIES.has(first) || CHANGES.has(first)) return queryKind(words, Math.max(0, open));
  const effect = EFFECTS[first] ?? 'unknown';
  return {
    verb: verbOf(words, first),
    effect,
    everyRow: false,
    standsAlone: false,
    explainable: first === 'execute' || first === 'declare' || isCreateAs(words, first),
    inTransaction: effect !== 'control' && mayBeInTransaction(words, first),
  };
}

function verbOf(words: readonly StatementWord[], first: string): string {
  const verb = [first];
  if (VERBS_WITH_OBJECTS.has(first)) {
    for (let i = 1; i < 6 && OBJECT_WORDS.has(keywordAt(words, i)); i += 1) verb.push(keywordAt(words, i));
  }
  if (keywordAt(words, 1) === 'prepared') verb.push('prepared');
  return verb
    .filter((word) => word !== 'or' && word !== 'replace')
    .join(' ')
    .toUpperCase();
}

/** A query or a change of rows; `open` is the index of its first word that isn't a parenthesis. */
function queryKind(words: readonly StatementWord[], open: number): StatementKind {
  const main = mainVerb(words, open);
  const verb = keywordAt(words, main);
  const changes = changesIn(words, main);
  const depth = words[main]?.depth ?? 0;
  const into =
    verb === 'select' && words.some((word, index) => index > main && isKeyword(word, 'into') && word.depth <= depth);
  const everyRow = changes.find((index) => lacksCondition(words, index));
  const shown = everyRow ?? (CHANGES.has(verb) ? main : changes[0]);
  const changing = changes.length > 0 || into;
  return {
    verb: into ? 'SELECT INTO' : keywordAt(words, shown ?? main).toUpperCase() || 'WITH',
    effect: changing ? 'change' : verb === '' ? 'unknown' : 'read',
    everyRow: everyRow !== undefined,
    standsAlone: !changing && QUERIES.has(verb) && !words.some((word, index) => actsBeyond(word, words[index + 1])),
    explainable: true,
    inTransaction: true,
  };
}

/** Functions of the server that do something which a rollback does not take back, or that must not be done twice. */
const ACTS =
  /^(?:nextval|setval|set_config|pg_notify|pg_(?:terminate|cancel)_backend|pg_(?:reload_conf|rotate_logfile|switch_wal|switch_xlog|promote|create_restore_point|logical_emit_message)|pg_log_\w+|pg_stat_reset\w*|pg_stat_statements_reset|pg_(?:try_)?advisory_\w+|pg_\w*(?:backup|replication|replay)\w*|pg_logical_slot_get_\w+|pg_file_\w+|lo_\w+|lowrite|dblink\w*)$/;

const actsBeyond = (word: StatementWord, next: StatementWord | undefined): boolean =>
  next?.text === '(' && (isCoded(word) || ((word.kind === 'word' || word.kind === 'name') && ACTS.test(word.text)));

/** Index of the verb after the WITH list. */
function mainVerb(words: readonly StatementWord[], open: number): number {
  if (!isKeyword(words[open], 'with')) return open;
  const depth = words[open]?.depth ?? 0;
  for (let i = open + 1; i < words.length; i += 1) {
    if (words[i]?.depth === depth && words[i - 1]?.text === ')' && MAIN_VERBS.has(keywordAt(words, i))) return i;
    // A query in parentheses after the list.
    if (words[i]?.depth === depth && words[i]?.text === '(' && words[i - 1]?.text === ')') {
      const inner = words.findIndex((word, at) => at > i && word.text !== '(');
      return mainVerb(words, inner);
    }
  }
  return -1;
}

/** Indexes of the verbs that change rows: of the statement itself and of its WITH queries. */
function changesIn(words: readonly StatementWord[], main: number): number[] {
  return words.flatMap((word, index) => {
    if (word.kind !== 'word' || !CHANGES.has(word.text)) return [];
    const inWith =
      words[index - 1]?.text === '(' &&
      (isKeyword(words[index - 2], 'as') || isKeyword(words[index - 2], 'materialized'));
    return index === main || inWith || afterInnerWith(words, index) ? [index] : [];
  });
}

/** `WITH a AS (WITH b AS (…) DELETE FROM t)`: a verb after the list of a WITH that is inside of parentheses. */
function afterInnerWith(words: readonly StatementWord[], index: number): boolean {
  if (words[index - 1]?.text !== ')') return false;
  const depth = words[index]?.depth ?? 0;
  for (let i = index - 1; i >= 0 && (words[i]?.depth ?? 0) >= depth; i -= 1) {
    if (words[i]?.depth === depth && isKeyword(words[i], 'with')) return words[i - 1]?.text === '(' || i === 0;
  }
  return false;
}

/** Whether an UPDATE or DELETE has no WHERE at its own level. */
function lacksCondition(words: readonly StatementWord[], index: number): boolean {
  const verb = keywordAt(words, index);
  if (verb !== 'update' && verb !== 'delete') return false;
  const depth = words[index]?.depth ?? 0;
  for (let i = index + 1; i < words.length && (words[i]?.depth ?? 0) >= depth; i += 1) {
    if (words[i]?.depth === depth && isKeyword(words[i], 'where')) return false;
  }
  return true;
}

/** The statement inside of EXPLAIN or PREPARE: its kind when it runs, else a read of the plan. */
function explainKind(words: readonly StatementWord[]): StatementKind {
  let at = 1;
  let analyze = false;
  if (words[1]?.text === '(') {
    for (at = 2; at < words.length && (words[at]?.depth ?? 0) > 0; at += 1) {
      // A quoted name is the option too.
      const option = words[at]?.text.toLowerCase() ?? '';
      if (option !== 'analyze' && option !== 'analyse' && !isCoded(words[at])) continue;
      const value = (words[at + 1]?.text ?? '').toLowerCase().replaceAll("'", '');
      analyze ||= !['off', 'false', '0', 'no', 'f', 'n'].includes(value);
    }
    at += 1;
  } else {
    for (; ['analyze', 'analyse', 'verbose'].includes(keywordAt(words, at)); at += 1) {
      analyze ||= keywordAt(words, at) !== 'verbose';
    }
  }
  const inner = kindOf(words.slice(at));
  return {
    ...inner,
    ...(analyze ? { verb: `EXPLAIN ANALYZE ${inner.verb}` } : { verb: 'EXPLAIN', effect: 'read', everyRow: false }),
    standsAlone: false,
    explainable: false,
    inTransaction: true,
  };
}

function prepareKind(words: readonly StatementWord[]): StatementKind {
  const transaction = keywordAt(words, 1) === 'transaction';
  return {
    verb: transaction ? 'PREPARE TRANSACTION' : 'PREPARE',
    effect: transaction ? 'control' : 'session',
    everyRow: false,
    standsAlone: false,
    explainable: false,
    inTransaction: !transaction,
  };
}

/** COPY writes when it reads from a file or program, when it starts a program, and when its query changes rows. */
function copyKind(words: readonly StatementWord[]): StatementKind {
  const top = words.filter(({ depth }) => depth === 0).map((_word, index, all) => keywordAt(all, index));
  const close = words.findIndex(({ text, depth }) => depth === 0 && text === ')');
  const query = words[1]?.text === '(' ? kindOf(words.slice(2, close)) : null;
  const outside = query ? [] : top;
  const from = outside.includes('from') && !(outside.includes('to') && outside.indexOf('to') < outside.indexOf('from'));
  const program = top.includes('program');
  const changing = from || program || query?.effect === 'change';
  return {
    verb: from ? 'COPY FROM' : program ? 'COPY TO PROGRAM' : 'COPY TO',
    effect: changing ? 'change' : 'read',
    everyRow: query?.everyRow ?? false,
    standsAlone: false,
    explainable: false,
    inTransaction: true,
  };
}

/** CREATE TABLE … AS and CREATE MATERIALIZED VIEW … AS. */
function isCreateAs(words: readonly StatementWord[], first: string): boolean {
  if (first !== 'create') return false;
  const kind = verbOf(words, first);
  if (!kind.endsWith('TABLE') && kind !== 'CREATE MATERIALIZED VIEW') return false;
  if (kind.includes('FOREIGN')) return false;
  return words.some((word, index) => {
    if (word.depth !== 0 || !isKeyword(word, 'as')) return false;
    const next = keywordAt(words, index + 1);
    return words[index + 1]?.text === '(' || next === 'with' || next === 'execute' || QUERIES.has(next);
  });
}

/** Statements that the server refuses inside a transaction block. Source: the reference pages of the commands. */
function mayBeInTransaction(words: readonly StatementWord[], first: string): boolean {
  const top = words.slice(0, 12).map((_word, index) => keywordAt(words, index));
  const second = top[1] ?? '';
  switch (first) {
    case 'vacuum':
    case 'repack':
      return false;
    case 'cluster':
      return words.some((word, index) => index > 0 && word.depth === 0 && isName(word));
    case 'create':
      return !['database', 'tablespace', 'subscription'].includes(second) && !concurrentIndex(top);
    case 'drop':
      return !['database', 'tablespace', 'subscription'].includes(second) && !concurrentIndex(top);
    case 'alter':
      if (second === 'system') return false;
      if (second === 'database') return !top.includes('tablespace');
      return !words.some((word, index) => isKeyword(word, 'concurrently') && isPartitionName(words, index));
    case 'reindex':
      return !top.some((word) => ['database', 'system', 'schema', 'concurrently'].includes(word));
    case 'discard':
      return second !== 'all';
    default:
      return true;
  }
}

const isName = (word: StatementWord): boolean =>
  word.kind === 'name' || (word.kind === 'word' && word.text !== 'verbose' && word.text !== 'using');

const concurrentIndex = (top: readonly string[]): boolean => {
  const index = top.indexOf('index');
  return index > 0 && index < 3 && top[index + 1] === 'concurrently';
};

/** `ALTER TABLE … DETACH PARTITION name CONCURRENTLY`. */
function isPartitionName(words: readonly StatementWord[], index: number): boolean {
  for (let i = index - 1; i > Math.max(0, index - 6); i -= 1) if (isKeyword(words[i], 'partition')) return true;
  return false;
}
