import type { Readable } from 'node:stream';
import { AppError } from '../../../shared/errors';
import { classifyMeta, newFacts, readComment, readStatement } from '../../../shared/model/dump-text';
import { type CopyStart, countLines, leadingBlank } from '../../../shared/model/script-bytes';
import { ScriptScanner, type ScriptPiece } from '../../../shared/model/script-scanner';
import { judgeStatement, type StatementChoice } from '../../../shared/model/statement-rules';
import { HEAD_BYTES, statementText } from './scan-script';

/** What takes a script: psql, or our own connection where no psql is fit. */
export interface ScriptEngine {
  /** `bytes` is the statement with what stands before it; `copy` is not null when COPY data follows. */
  statement(bytes: Uint8Array, line: number, copy: CopyStart | null): Promise<void>;
  copyData(bytes: Uint8Array): Promise<void>;
  /** The `\.` line. */
  copyEnd(bytes: Uint8Array): Promise<void>;
  /** A psql command that the person allowed, or one that only prints. */
  command(bytes: Uint8Array, line: number): Promise<void>;
  /** Text that was left out: keeps line numbers right. */
  blank(lines: number): Promise<void>;
  /** It takes no more: it stopped at an error or is gone. */
  readonly ended: boolean;
}

export interface FeedOptions {
  readonly choice: StatementChoice;
  readonly allowUnsafe: boolean;
  readonly signal: AbortSignal;
  /** Told when a statement was left out or rewritten; `wanted` is the person's own choice. */
  readonly onAdapted: (reason: string, wanted: boolean, line: number, statement: string) => void;
  /** Called between chunks: the table whose rows pass and the bytes of script taken so far. */
  readonly onProgress: (table: string, taken: number) => void;
}

export interface FeedResult {
  /** Rows in COPY blocks by table as the script names it; null where lines are not rows. */
  readonly rows: ReadonlyMap<string, number | null>;
  readonly statements: number;
}

/** The script ended in the middle of a statement or of data. */
export class CutOff extends AppError {
  constructor(line: number) {
    super({
      code: 'file',
      message: `The dump is cut off: it ends at line ${line} in the middle of a statement, of data or before pg_dump's last line`,
      hint: 'Copy or download the file again, or make the dump anew.',
    });
  }
}

/** Reads a script from `stream`, adapts it to the target and passes it on, piece by piece. Rejects with the stream's or engine's error. */
export async function feedScript(stream: Readable, engine: ScriptEngine, options: FeedOptions): Promise<FeedResult> {
  const scanner = new ScriptScanner();
  const facts = newFacts();
  const rows = new Map<string, number | null>();
  let skippingCopy = false;
  let copyTable = '';

  const statement = async (piece: Extract<ScriptPiece, { kind: 'statement' }>): Promise<void> => {
    const { bytes, copy, line } = piece;
    const from = leadingBlank(bytes);
    if (from > 0 && facts.statements < 3) readComment(facts, Buffer.from(bytes.subarray(0, from)).toString('latin1'));
    const text = statementText(bytes, from, scanner.encoding);
    readStatementOnce(text);
    const verdict = judgeStatement(text, options.choice);
    skippingCopy = copy !== null && verdict.do === 'drop';
    copyTable = copy?.table ?? '';
    if (verdict.do === 'drop') {
      options.onAdapted(verdict.reason, verdict.wanted, line, text);
      await engine.blank(countLines(bytes));
      return;
    }
    if (verdict.do === 'rewrite' && text.length < HEAD_BYTES) {
      options.onAdapted(verdict.reason, false, line, text);
      await engine.statement(
        Buffer.concat([bytes.subarray(0, from), rewritten(bytes.subarray(from), verdict.text)]),
        line,
        null,
      );
      return;
    }
    await engine.statement(bytes, line, copy);
  };

  /** Invariant: bytes in whatever encoding stay as they are; one character per byte keeps them. */
  const rewritten = (bytes: Uint8Array, text: string): Buffer => {
    const exact = judgeStatement(Buffer.from(bytes).toString('latin1'), options.choice);
    return exact.do === 'rewrite' ? Buffer.from(exact.text, 'latin1') : Buffer.from(text);
  };

  /** Only the first statements matter here: they count for the frame of the dump. */
  const readStatementOnce = (text: string): void => {
    if (facts.statements < 3) readStatement(facts, text);
  };

  const meta = async (piece: Extract<ScriptPiece, { kind: 'meta' }>): Promise<void> => {
    const text = Buffer.from(piece.bytes).toString('utf8');
    const judged = classifyMeta(text);
    if (judged === 'quiet') return;
    if (judged === 'harmless' || options.allowUnsafe) {
      await engine.command(piece.bytes, piece.line);
      return;
    }
    throw new AppError({
      code: 'denied',
      message: `Line ${piece.line} holds a psql command that acts outside the database: ${text.trim().slice(0, 200)}`,
      hint: 'Allow such commands only for a script that you trust, or take the line out.',
    });
  };

  const take = async (pieces: readonly ScriptPiece[]): Promise<void> => {
    for (const piece of pieces) {
      if (engine.ended) return;
      switch (piece.kind) {
        case 'copy-data':
          if (!skippingCopy) await engine.copyData(piece.bytes);
          else await engine.blank(countLines(piece.bytes));
          break;
        case 'copy-end':
          if (skippingCopy) await engine.blank(1);
          else {
            await engine.copyEnd(piece.bytes);
            const before = rows.get(copyTable);
            rows.set(copyTable, piece.rows === null || before === null ? null : (before ?? 0) + piece.rows);
          }
          skippingCopy = false;
          break;
        case 'statement':
          await statement(piece);
          break;
        case 'fragment':
          readComment(facts, Buffer.from(piece.bytes).toString('latin1'));
          await engine.statement(piece.bytes, piece.line, null);
          break;
        case 'meta':
          await meta(piece);
          break;
      }
    }
  };

  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (options.signal.aborted || engine.ended) break;
    await take(scanner.push(chunk));
    options.onProgress(copyTable, scanner.offset);
  }
  if (options.signal.aborted || engine.ended) return { rows, statements: facts.statements };
  const { pieces, end, rest } = scanner.end();
  readComment(facts, Buffer.from(rest).toString('latin1'));
  if (end !== 'complete' || (facts.startMark && !facts.endMark)) throw new CutOff(scanner.line);
  await take(pieces);
  return { rows, statements: facts.statements };
}
