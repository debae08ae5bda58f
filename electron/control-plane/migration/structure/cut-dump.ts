import { AppError } from '../../../../shared/errors';
import { leadingBlank } from '../../../../shared/model/script-bytes';
import { ScriptScanner, type ScriptPiece } from '../../../../shared/model/script-scanner';
import { chooseHeader, readHeader, type EntryHeader } from './entry-header';
import type { EntryOrigin, StructureEntry } from './entry';
import { quoteLiteral } from '../../../../shared/model/quote';

/**
 * Cuts a plain dump of pg_dump into its entries. A comment counts only where it stands between statements, as pg_dump's own lexer-proof
 * comments do: what a body, a constant or a name holds is never taken for one.
 */

/** Kinds that pg_dump writes after the data. Source: src/bin/pg_dump/pg_dump.c, SECTION_POST_DATA. */
const POST: ReadonlySet<string> = new Set([
  'ACL',
  'CHECK CONSTRAINT',
  'CONSTRAINT',
  'DEFAULT ACL',
  'EVENT TRIGGER',
  'FK CONSTRAINT',
  'INDEX',
  'INDEX ATTACH',
  'MATERIALIZED VIEW DATA',
  'POLICY',
  'PUBLICATION',
  'PUBLICATION TABLE',
  'PUBLICATION TABLES IN SCHEMA',
  'ROW SECURITY',
  'RULE',
  'STATISTICS',
  'SUBSCRIPTION',
  'SUBSCRIPTION TABLE',
  'TRIGGER',
]);

/** Kinds that the settings of the dump matter for. */
const IN_TABLESPACE: ReadonlySet<string> = new Set(['TABLE', 'MATERIALIZED VIEW', 'INDEX', 'CONSTRAINT']);
const BY_METHOD: ReadonlySet<string> = new Set(['TABLE', 'MATERIALIZED VIEW']);

interface OpenEntry {
  readonly ways: readonly EntryHeader[];
  readonly origin: EntryOrigin;
  readonly tablespace: string;
  readonly method: string;
  readonly withOids: boolean;
  readonly statements: string[];
}

export interface DumpCutter {
  /** Takes the next bytes of the dump, in UTF-8. */
  push(bytes: Uint8Array): void;
  /** Fails with `tool` when the dump was cut off. */
  end(): CutDump;
}

export interface CutDump {
  readonly entries: StructureEntry[];
  /** False: backslashes escape in plain constants of this dump, as the source is set that way. */
  readonly standardStrings: boolean;
  /** Keys of entries with bytes that are no UTF-8, from a database of no encoding; a mark stands in their place. */
  readonly damaged: string[];
}

const NO_ORIGIN: EntryOrigin = { id: 0, catalog: 0, oid: 0, belongsTo: [] };
/** `default_with_oids` is of pg_dump before 12, for sources that still have such tables. */
const SETTING = /^SET default_(tablespace|table_access_method|with_oids) = (.*);$/;
const unquote = (value: string): string =>
  value.startsWith('"')
    ? value.slice(1, -1).replaceAll('""', '"')
    : value.replace(/^'(.*)'$/, '$1').replaceAll("''", "'");

export function createDumpCutter(): DumpCutter {
  const scanner = new ScriptScanner();
  const strict = new TextDecoder('utf-8', { fatal: true });
  const lenient = new TextDecoder();
  const damaged: string[] = [];
  const entries: StructureEntry[] = [];
  const keys = new Map<string, number>();
  let open: OpenEntry | null = null;
  let origin = NO_ORIGIN;
  let tablespace = '';
  let method = '';
  let withOids = false;
  let standardStrings = true;
  let invalid = false;
  let post = false;
  let complete = false;

  const decode = (bytes: Uint8Array): string => {
    try {
      return strict.decode(bytes);
    } catch {
      invalid = true;
      return lenient.decode(bytes);
    }
  };
  const close = (): void => {
    const closing = open;
    const isDamaged = invalid;
    open = null;
    invalid = false;
    if (!closing || closing.statements.length === 0) return;
    const body = closing.statements.join('\n');
    const header = chooseHeader(closing.ways, body);
    if (!header) return;
    post ||= POST.has(header.kind) && header.kind !== 'ACL';
    const section = post || header.kind === 'ACL' ? 'post' : 'pre';
    const plain = `${section} ${header.kind} ${header.schema}.${header.name}`;
    const count = (keys.get(plain) ?? 0) + 1;
    keys.set(plain, count);
    const key = count === 1 ? plain : `${plain} #${count}`;
    if (isDamaged) damaged.push(key);
    entries.push({
      ...header,
      key,
      section,
      sql: withSettings(header.kind, body, closing),
      origin: closing.origin,
    });
  };
  const comments = (text: string): void => {
    for (const line of text.split('\n')) {
      const toc = /^-- TOC entry (\d+) \(class (\d+) OID (\d+)\)$/.exec(line);
      if (toc) origin = { id: Number(toc[1]), catalog: Number(toc[2]), oid: Number(toc[3]), belongsTo: [] };
      const needs = /^-- Dependencies:((?: \d+)+)$/.exec(line)?.[1];
      if (needs !== undefined) origin = { ...origin, belongsTo: needs.trim().split(' ').map(Number) };
      if (line === '-- PostgreSQL database dump complete') complete = true;
      const ways = readHeader(line);
      if (ways.length === 0) continue;
      close();
      open = { ways, origin, tablespace, method, withOids, statements: [] };
      origin = NO_ORIGIN;
    }
  };
  const take = (piece: ScriptPiece): void => {
    // `\restrict` and its end are no statements; a dump of the structure holds no other commands and no data.
    if (piece.kind !== 'statement' && piece.kind !== 'fragment') return;
    const from = leadingBlank(piece.bytes);
    comments(decode(piece.bytes.subarray(0, from)));
    const sql = decode(piece.bytes.subarray(from));
    const setting = sql.length > 1000 ? null : SETTING.exec(sql);
    if (setting?.[1] === 'tablespace') tablespace = unquote(setting[2] ?? '');
    else if (setting?.[1] === 'with_oids') withOids = setting[2] === 'true';
    else if (setting?.[1] === 'table_access_method') method = unquote(setting[2] ?? '');
    else if (open === null) standardStrings &&= sql !== 'SET standard_conforming_strings = off;';
    else if (sql !== '') open.statements.push(sql);
  };
  return {
    push: (bytes) => {
      for (const piece of scanner.push(bytes)) take(piece);
    },
    end: () => {
      const { pieces, end, rest } = scanner.end();
      for (const piece of pieces) take(piece);
      comments(decode(rest));
      close();
      if (end !== 'complete' || !complete)
        throw new AppError({ code: 'tool', message: 'The dump of the structure was cut off', retry: true });
      return { entries, standardStrings, damaged };
    },
  };
}

/**
 * Tablespace and access method of a table are settings in a dump. A tablespace that the target lacks is passed over, as nothing of the
 * content depends on it.
 */
function withSettings(kind: string, body: string, { tablespace, method, withOids }: OpenEntry): string {
  const before: string[] = [];
  const after: string[] = [];
  if (tablespace !== '' && IN_TABLESPACE.has(kind)) {
    before.push(
      `SELECT pg_catalog.set_config('default_tablespace', coalesce((SELECT spcname FROM pg_catalog.pg_tablespace WHERE spcname = ${quoteLiteral(tablespace)}), ''), false);`,
    );
    after.push("SET default_tablespace = '';");
  }
  if (method !== '' && method !== 'heap' && BY_METHOD.has(kind)) {
    before.push(`SET default_table_access_method = ${quoteLiteral(method)};`);
    after.push('SET default_table_access_method = heap;');
  }
  if (withOids && kind === 'TABLE') {
    before.push('SET default_with_oids = true;');
    after.push('SET default_with_oids = false;');
  }
  return [...before, body, ...after].join('\n');
}
