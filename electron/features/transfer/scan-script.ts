import type { Readable } from 'node:stream';
import { throwIfAborted } from '../../../shared/errors';
import { classifyMeta, newFacts, readComment, readStatement, type DumpFacts } from '../../../shared/model/dump-text';
import { decodeScript, leadingBlank } from '../../../shared/model/script-bytes';
import { ScriptScanner, type ScriptEnd } from '../../../shared/model/script-scanner';

/** What reading a script (or its first part) found. */
export interface ScriptScan {
  readonly facts: DumpFacts;
  readonly unsafeLines: readonly { readonly line: number; readonly text: string }[];
  /** Whether the bytes outside COPY data and in it are valid UTF-8. */
  readonly utf8: boolean;
  readonly end: ScriptEnd;
  readonly scannedAll: boolean;
}

/** Bytes of a statement that are looked at. */
export const HEAD_BYTES = 20_000;
const MAX_UNSAFE = 200;

/** Text of a statement without the comments before it; of long ones only the beginning. */
export function statementText(bytes: Uint8Array, from = leadingBlank(bytes), encoding = ''): string {
  return decodeScript(bytes.subarray(from, from + HEAD_BYTES), encoding);
}

/** Whether a stream of bytes is valid UTF-8, chunk by chunk. */
function utf8Judge(): (chunk: Uint8Array) => boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let valid = true;
  return (chunk) => {
    if (!valid) return false;
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      valid = false;
    }
    return valid;
  };
}

/**
 * Reads a script for its facts without running it; stops after `limitBytes`. Memory stays bounded by the longest statement. Rejects with
 * the stream's error.
 */
export async function scanScript(stream: Readable, limitBytes: number, signal: AbortSignal): Promise<ScriptScan> {
  const scanner = new ScriptScanner();
  const facts = newFacts();
  const unsafeLines: { line: number; text: string }[] = [];
  const isUtf8 = utf8Judge();
  let utf8 = true;
  let scannedAll = true;
  const take = (pieces: ReturnType<ScriptScanner['push']>): void => {
    for (const piece of pieces) {
      if (piece.kind === 'statement' || piece.kind === 'fragment') {
        const from = leadingBlank(piece.bytes);
        if (from > 0)
          readComment(facts, Buffer.from(piece.bytes.subarray(0, Math.min(from, HEAD_BYTES))).toString('latin1'));
        if (from < piece.bytes.length) readStatement(facts, statementText(piece.bytes, from, facts.encoding));
      } else if (piece.kind === 'meta') {
        const text = Buffer.from(piece.bytes).toString('utf8');
        const judged = classifyMeta(text);
        if (judged === 'connect') facts.connects.push(text.trim());
        if (judged === 'unsafe' && unsafeLines.length < MAX_UNSAFE)
          unsafeLines.push({ line: piece.line, text: text.trim().slice(0, 500) });
      }
    }
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      throwIfAborted(signal);
      utf8 = isUtf8(chunk);
      take(scanner.push(chunk));
      if (scanner.offset >= limitBytes) {
        scannedAll = false;
        break;
      }
    }
  } finally {
    stream.destroy();
  }
  const { pieces, end, rest } = scanner.end();
  if (scannedAll) {
    take(pieces);
    readComment(facts, Buffer.from(rest).toString('latin1'));
  }
  return { facts, unsafeLines, utf8, end: scannedAll ? end : 'complete', scannedAll };
}
